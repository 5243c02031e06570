// Bars, equity, decisions, orders, fills and trades of a run.

import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Views } from '../../loop/views/index.ts'
import { type Api, answers, countText, instantText, pageQuery, refusals, runName } from '../api.ts'
import { type Cell, csvOf, wantsCsv } from '../csv.ts'
import {
  barsSchema,
  decisionSchema,
  decisionsSchema,
  equitySchema,
  explanationSchema,
  fillSchema,
  fillsSchema,
  orderSchema,
  ordersSchema,
  tradeSchema,
  tradesSchema,
} from '../schemas/market.ts'

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

const listOr = <T extends z.ZodType>(schema: T) => ({
  200: {
    description: 'a page; as CSV the next cursor is in the header x-next-cursor',
    content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } },
  },
  default: refusals,
})

type Listed = { readonly items: readonly Readonly<Record<string, Cell>>[]; readonly next: string | null }

function asCsv(reply: FastifyReply, schema: z.ZodObject, { items, next }: Listed): string {
  void reply.type('text/csv; charset=utf-8')
  if (next !== null) void reply.header('x-next-cursor', next)
  return csvOf(Object.keys(schema.shape), items)
}

export function marketRoutes(api: Api, views: Views): void {
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
  api.get(
    '/api/decisions',
    { schema: { summary: 'Decisions, page by page', querystring: decisionsQuery, response: listOr(decisionsSchema) } },
    async ({ query, headers }, reply) => {
      const page = await views.decisions(query)
      return wantsCsv(headers.accept) ? asCsv(reply, decisionSchema, page) : page
    },
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
  api.get(
    '/api/orders',
    { schema: { summary: 'Orders, page by page', querystring: roleQuery, response: listOr(ordersSchema) } },
    async ({ query, headers }, reply) => {
      const page = await views.orders(query)
      return wantsCsv(headers.accept) ? asCsv(reply, orderSchema, page) : page
    },
  )
  api.get(
    '/api/fills',
    { schema: { summary: 'Fills, page by page', querystring: roleQuery, response: listOr(fillsSchema) } },
    async ({ query, headers }, reply) => {
      const page = await views.fills(query)
      return wantsCsv(headers.accept) ? asCsv(reply, fillSchema, page) : page
    },
  )
  api.get(
    '/api/trades',
    { schema: { summary: 'Closed trades, page by page', querystring: tradesQuery, response: listOr(tradesSchema) } },
    async ({ query, headers }, reply) => {
      const page = await views.trades(query)
      return wantsCsv(headers.accept) ? asCsv(reply, tradeSchema, page) : page
    },
  )
}
