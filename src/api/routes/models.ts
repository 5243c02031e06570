// Runs, releases, who was in charge when, and trainings.

import { z } from 'zod'
import type { Views } from '../../loop/views/index.ts'
import { type Api, answers, instantText, runName } from '../api.ts'
import { drillsSchema } from '../schemas/drills.ts'
import { parameterChangesSchema, parameterQuery } from '../schemas/parameters.ts'
import { inChargeSchema, releaseDetailSchema, releasesSchema, timelineSchema } from '../schemas/releases.ts'
import { alertsSchema, runSchema, statusSchema } from '../schemas/status.ts'
import { trainingDetailSchema, trainingsSchema } from '../schemas/trainings.ts'

const ofRun = z.strictObject({ run: runName.optional() })
const name = z.string().min(1).max(128)

export function modelRoutes(api: Api, views: Views): void {
  api.get(
    '/api/status',
    { schema: { summary: 'What runs, how far it is, who is in charge', response: answers(statusSchema) } },
    () => views.status(),
  )
  api.get(
    '/api/runs',
    { schema: { summary: 'All runs, newest first', response: answers(z.object({ items: z.array(runSchema) })) } },
    async () => ({ items: await views.runs() }),
  )
  api.get(
    '/api/alerts',
    {
      schema: {
        summary: 'Drills, halts, commands, beginning and end of a run, newest first',
        querystring: ofRun,
        response: answers(alertsSchema),
      },
    },
    ({ query: { run } }) => views.alerts(run),
  )
  api.get(
    '/api/drills',
    {
      schema: {
        summary: 'The last rehearsal of all faults and the last look at what is kept, with their age',
        response: answers(drillsSchema),
      },
    },
    () => views.drills(),
  )
  api.get(
    '/api/releases',
    { schema: { summary: 'Releases, oldest first', querystring: ofRun, response: answers(releasesSchema) } },
    ({ query: { run } }) => views.releases(run),
  )
  api.get(
    '/api/releases/:name',
    {
      config: { etag: true },
      schema: {
        summary: 'One release by label, version, id or the beginning of its digest',
        params: z.strictObject({ name }),
        response: answers(releaseDetailSchema),
      },
    },
    ({ params }) => views.release(params.name),
  )
  api.get(
    '/api/models/history',
    {
      schema: {
        summary: 'What was in charge at a time of the run',
        querystring: z.strictObject({ at: instantText }),
        response: answers(inChargeSchema),
      },
    },
    ({ query: { at } }) => views.inCharge(at),
  )
  api.get(
    '/api/models/timeline',
    {
      schema: {
        summary: 'The chained history, since the slot was emptied last or whole',
        querystring: z.strictObject({ all: z.enum(['true', 'false']).default('false') }),
        response: answers(timelineSchema),
      },
    },
    ({ query: { all } }) => views.timeline(all === 'true'),
  )
  api.get(
    '/api/parameters/changes',
    {
      schema: {
        summary: 'Changes of strategy parameters: the newest, of a strategy, or inside a window of time',
        querystring: parameterQuery,
        response: answers(parameterChangesSchema),
      },
    },
    ({ query }) => views.parameters(query),
  )
  api.get(
    '/api/trainings',
    { schema: { summary: 'Trainings of a run, oldest first', querystring: ofRun, response: answers(trainingsSchema) } },
    ({ query: { run } }) => views.trainings(run),
  )
  api.get(
    '/api/trainings/:id',
    {
      config: { etag: true },
      schema: {
        summary: 'One training with its curves',
        params: z.strictObject({ id: name }),
        response: answers(trainingDetailSchema),
      },
    },
    ({ params: { id } }) => views.training(id),
  )
}
