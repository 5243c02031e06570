// Small questions with one answer each, all told by views of other routes: for programs that want no more.

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import type { Views } from '../../loop/views/index.ts'
import { type Api, answers, refusals, runName } from '../api.ts'
import {
  accountSchema,
  configurationSchema,
  dataSetSchema,
  instrumentSchema,
  leaderSchema,
  lineageSchema,
  modelDetailSchema,
  modelSchema,
  positionSchema,
  riskSchema,
} from '../schemas/reading.ts'

const named = z.strictObject({ id: z.string().min(1).max(128) })
const ofRun = z.strictObject({ run: runName.optional() })
const itemsOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })

/** The models that decide now: the roles of the release in charge of each slot. */
async function modelsInCharge(views: Views) {
  const { slots } = await views.status()
  const found = []
  for (const { slot, digest } of slots) {
    if (digest === null) continue
    const { roles, releaseId, label, card } = await views.release(digest)
    for (const role of roles) {
      const { baseline, file } = role
      found.push({ id: role.role, slot, releaseId, label, digest, baseline, file, role, card })
    }
  }
  return found
}

async function modelNamed(views: Views, id: string) {
  const model = (await modelsInCharge(views)).find(one => one.id === id)
  if (model !== undefined) return model
  throw new Fault('MODEL_UNKNOWN', `no model ${id} is in charge`, { fix: 'list them: GET /api/models' })
}

export function readingRoutes(api: Api, views: Views): void {
  api.get('/api/account', { schema: { summary: 'The account', response: answers(accountSchema) } }, async () => {
    const { run, account } = await views.status()
    return { runId: run?.runId ?? null, account }
  })
  api.get(
    '/api/positions',
    { schema: { summary: 'What is open now', querystring: ofRun, response: answers(itemsOf(positionSchema)) } },
    async ({ query: { run } }) => ({ items: await views.positions(run) }),
  )
  api.get(
    '/api/risk',
    { schema: { summary: 'The state of risk, and its limits', response: answers(riskSchema) } },
    async () => {
      const { risk, killed, live, account } = await views.status()
      const { drawdown = null, openRisk = null } = account ?? {}
      const entriesPaused = live?.entriesPaused ?? null
      return { risk, killed, entriesPaused, drawdown, openRisk, limits: await views.limits() }
    },
  )
  api.get(
    '/api/models',
    { schema: { summary: 'The models in charge, one a role', response: answers(itemsOf(modelSchema)) } },
    async () => ({ items: await modelsInCharge(views) }),
  )
  api.get(
    '/api/models/:id',
    { schema: { summary: 'One model in charge, by its role', params: named, response: answers(modelDetailSchema) } },
    ({ params: { id } }) => modelNamed(views, id),
  )
  const card = { description: 'Markdown', content: { 'text/markdown': { schema: z.string() } } }
  api.get(
    '/api/models/:id/card',
    {
      schema: {
        summary: 'The card of the release that the model is of',
        params: named,
        response: { 200: card, default: refusals },
      },
    },
    async ({ params: { id } }, reply) => {
      const { card: text } = await modelNamed(views, id)
      void reply.type('text/markdown; charset=utf-8')
      return text
    },
  )
  api.get(
    '/api/leaderboard',
    {
      schema: {
        summary: 'Releases by the log loss of their holdout, with intervals, baselines, trials and age',
        querystring: ofRun,
        response: answers(itemsOf(leaderSchema)),
      },
    },
    async ({ query: { run } }) => ({ items: await views.leaderboard(run) }),
  )
  api.get(
    '/api/lineage/:id',
    { schema: { summary: 'Where a release comes from', params: named, response: answers(lineageSchema) } },
    async ({ params: { id } }) => {
      const { digest, label, signature, lineage } = await views.release(id)
      return { digest, label, signatureValid: signature.valid, lineage }
    },
  )
  api.get(
    '/api/instruments',
    { schema: { summary: 'Instruments that are known', response: answers(itemsOf(instrumentSchema)) } },
    async () => ({ items: await views.instruments() }),
  )
  api.get(
    '/api/datasets',
    { schema: { summary: 'Imported series', response: answers(itemsOf(dataSetSchema)) } },
    async () => ({ items: await views.dataSets() }),
  )
  api.get(
    '/api/config',
    {
      schema: {
        summary: 'What the newest run was configured with; secrets are never part of it',
        response: answers(configurationSchema),
      },
    },
    async () => {
      const found = await views.configuration()
      if (found === null) throw new Fault('RUN_UNKNOWN', 'nothing was run yet', { fix: 'start one: ratchet up' })
      return found
    },
  )
}
