// Runs, releases, who was in charge when, and trainings.

import { z } from 'zod'
import { TIMELINE_SORTS } from '../../loop/views/history-views.ts'
import type { Views } from '../../loop/views/index.ts'
import { RELEASE_SORTS } from '../../loop/views/release-views.ts'
import { RUN_SORTS } from '../../loop/views/run-view.ts'
import { TRAINING_SORTS } from '../../loop/views/training-views.ts'
import { type Api, answers, instantText, listQuery, runName } from '../api.ts'
import { drillsSchema } from '../schemas/drills.ts'
import { parameterChangesSchema, parameterQuery } from '../schemas/parameters.ts'
import {
  inChargeSchema,
  releaseDetailSchema,
  releaseSchema,
  slotEventSchema,
  timelineSchema,
} from '../schemas/releases.ts'
import { alertSchema, runSchema, statusSchema } from '../schemas/status.ts'
import { trainingDetailSchema, trainingSchema, trainingsSchema } from '../schemas/trainings.ts'
import { listRoutes } from './lists.ts'

const ofRun = z.strictObject({ run: runName.optional() })
const name = z.string().min(1).max(128)

export function modelRoutes(api: Api, views: Views): void {
  const list = listRoutes(api)
  api.get(
    '/api/status',
    { schema: { summary: 'What runs, how far it is, who is in charge', response: answers(statusSchema) } },
    () => views.status(),
  )
  list({ url: '/api/runs', summary: 'Runs, page by page', query: listQuery(RUN_SORTS), item: runSchema }, query =>
    views.runs(query),
  )
  list(
    {
      url: '/api/alerts',
      summary: 'Drills, halts, commands, trouble with sources, beginning and end of a run; newest first',
      query: listQuery(['seq']).omit({ order: true }).extend(ofRun.shape),
      item: alertSchema,
      csv: {
        columns: ['body'],
        row: ({ seq, runId, at, topic, ...body }) => ({ seq, runId, at, topic, body }),
      },
    },
    query => views.alerts(query),
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
  list(
    {
      url: '/api/releases',
      summary: 'Releases, page by page',
      query: listQuery(RELEASE_SORTS, 'oldest').extend(ofRun.shape),
      item: releaseSchema,
    },
    query => views.releases(query),
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
  list(
    {
      url: '/api/models/timeline',
      summary: 'The chained history, since the slot was emptied last or whole',
      query: listQuery(TIMELINE_SORTS, 'oldest').extend({ all: z.enum(['true', 'false']).default('false') }),
      item: slotEventSchema,
      page: timelineSchema,
    },
    query => views.timeline({ ...query, all: query.all === 'true' }),
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
  list(
    {
      url: '/api/trainings',
      summary: 'Trainings of a run, page by page',
      query: listQuery(TRAINING_SORTS, 'oldest').extend(ofRun.shape),
      item: trainingSchema,
      page: trainingsSchema,
    },
    query => views.trainings(query),
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
