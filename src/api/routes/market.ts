// Bars, equity, decisions, orders, fills and trades of a run.

import { z } from 'zod'
import type { Views } from '../../loop/views/index.ts'
import { type Api, answers, countText, instantText, pageQuery, runName } from '../api.ts'
import {
  barsSchema,
  decisionSchema,
  equitySchema,
  explanationSchema,
  fillSchema,
  orderSchema,
  tradeSchema,
} from '../schemas/market.ts'
import { listRoutes } from './lists.ts'

const BARS_MOST = 50_000
const POINTS_MOST = 10_000

const barsQuery = z.strictObject({
  run: runName.optional(),
  from: instantText.optional(),
  to: instantText.optional(),
  limit: countText.pipe(z.int().min(1).max(BARS_MOST)).default(2000),
})
const equityQuery = z.strictObject({
  run: runName.optional(),
  points: countText.pipe(z.int().min(2).max(POINTS_MOST)).default(1000),
})
const decisionsQuery = pageQuery.extend({ outcome: decisionSchema.shape.outcome.optional() })

const roleQuery = pageQuery.extend({ role: orderSchema.shape.role.optional() })
const tradesQuery = pageQuery.extend({ exitReason: tradeSchema.shape.exitReason.optional() })

export function marketRoutes(api: Api, views: Views): void {
  const list = listRoutes(api)
  api.get(
    '/api/bars',
    { schema: { summary: 'Bars that the run has passed', querystring: barsQuery, response: answers(barsSchema) } },
    ({ query }) => views.bars(query),
  )
  api.get(
    '/api/equity',
    {
      schema: {
        summary: 'Equity, thinned to about so many points',
        querystring: equityQuery,
        response: answers(equitySchema),
      },
    },
    ({ query: { run, points } }) => views.equity(run, points),
  )
  list(
    { url: '/api/decisions', summary: 'Decisions, page by page', query: decisionsQuery, item: decisionSchema },
    query => views.decisions(query),
  )
  api.get(
    '/api/decisions/:seq/explain',
    {
      config: { etag: true },
      schema: {
        summary: 'Why: everything that led to a decision and what came of it',
        params: z.strictObject({ seq: countText }),
        querystring: z.strictObject({ run: runName.optional() }),
        response: answers(explanationSchema),
      },
    },
    ({ params: { seq }, query: { run } }) => views.explain(seq, run),
  )
  list({ url: '/api/orders', summary: 'Orders, page by page', query: roleQuery, item: orderSchema }, query =>
    views.orders(query),
  )
  list({ url: '/api/fills', summary: 'Fills, page by page', query: roleQuery, item: fillSchema }, query =>
    views.fills(query),
  )
  list({ url: '/api/trades', summary: 'Closed trades, page by page', query: tradesQuery, item: tradeSchema }, query =>
    views.trades(query),
  )
}
