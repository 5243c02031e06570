// Lists: page by page, sorted by what their query allows, and as CSV for those who ask (API-03).

import { z } from 'zod'
import { type Api, refusals } from '../api.ts'
import { csvOf, wantsCsv } from '../csv.ts'
import { pageOf } from '../schemas/common.ts'

type Row = Readonly<Record<string, unknown>>
type Listed = { readonly items: readonly Row[]; readonly next: string | null }

type Listing<Q extends z.ZodType> = {
  readonly url: string
  readonly summary: string
  readonly query: Q
  /** Its keys are the columns of the CSV, so that an empty list has its header too. */
  readonly item: z.ZodObject
  /** The page where it says more than its items. */
  readonly page?: z.ZodType
  /** A row of the CSV where it is not the item itself; with `columns` beyond those of the item. */
  readonly csv?: { readonly columns: readonly string[]; readonly row: (item: Row) => Row }
}

export type AddList = <Q extends z.ZodType>(listing: Listing<Q>, view: (query: z.output<Q>) => Promise<Listed>) => void

export const listRoutes =
  (api: Api): AddList =>
  ({ url, summary, query, item, page = pageOf(item), csv }, view) => {
    const response = {
      200: {
        description: 'a page; as CSV the next cursor is in the header x-next-cursor',
        content: { 'application/json': { schema: page }, 'text/csv': { schema: z.string() } },
      },
      default: refusals,
    }
    api.get(url, { schema: { summary, querystring: query, response } }, async (request, reply) => {
      const found = await view(request.query as z.output<typeof query>)
      if (!wantsCsv(request.headers.accept)) return found
      void reply.type('text/csv; charset=utf-8')
      if (found.next !== null) void reply.header('x-next-cursor', found.next)
      const columns = [...Object.keys(item.shape), ...(csv?.columns ?? [])]
      return csvOf(columns, csv === undefined ? found.items : found.items.map(csv.row))
    })
  }
