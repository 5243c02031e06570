// What pages ask of the API beside the stream, and which events put it out of date.

import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { Answers } from '../../../src/api/schemas/answers.ts'
import type { RunTopic } from '../../../src/loop/run-event.ts'
import { get, type Path, type Query } from './request.ts'

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }

const PAGE_SIZE = 50
const LARGEST_PAGE = 500

/** Lists that come page by page. */
type ListPath = { [P in Path]: Answers[P] extends Page<unknown> ? P : never }[Path]

/** A list that is shown whole, page after page. */
async function whole<P extends ListPath>(path: P, query: Query, signal: AbortSignal): Promise<Answers[P]> {
  const first = await get(path, { ...query, limit: LARGEST_PAGE }, signal)
  const items: unknown[] = [...first.items]
  for (let cursor = first.next; cursor !== null; ) {
    const page: Page<unknown> = await get(path, { ...query, limit: LARGEST_PAGE, cursor }, signal)
    items.push(...page.items)
    cursor = page.next
  }
  return { ...first, items, next: null }
}

type Listing = {
  readonly run: string
  readonly to?: number | undefined
  readonly cursor?: string | undefined
  readonly limit?: number
}

/** How a page of a list is asked for. */
export type Listed<T> = {
  readonly queryKey: readonly unknown[]
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Page<T>>
}

/** What a list may be narrowed to, by the name that the API has for it. */
export type ListFilter = Readonly<Partial<Record<'outcome' | 'role' | 'exitReason', string | undefined>>>

const listed = <N extends 'decisions' | 'trades' | 'orders' | 'fills'>(
  name: N,
  { limit = PAGE_SIZE, ...rest }: Listing & ListFilter,
) => ({
  queryKey: [name, { ...rest, limit }],
  queryFn: ({ signal }: { readonly signal: AbortSignal }): Promise<Answers[`/api/${N}`]> =>
    get(`/api/${name}`, { ...rest, limit }, signal),
})

export const decisionsQuery = (listing: Listing & ListFilter) => listed('decisions', listing)
export const tradesQuery = (listing: Listing & ListFilter) => listed('trades', listing)
export const ordersQuery = (listing: Listing & ListFilter) => listed('orders', listing)
export const fillsQuery = (listing: Listing & ListFilter) => listed('fills', listing)

type Span = { readonly from: number | undefined; readonly to?: number | undefined }

/** Fills and closed trades of a span, whole: the marks of a chart. What comes later comes as events. */
export const marksQuery = (run: string, { from, to }: Span) =>
  queryOptions({
    queryKey: ['marks', run, from, to],
    queryFn: async ({ signal }) => ({
      fills: (await whole('/api/fills', { run, from, to }, signal)).items,
      trades: (await whole('/api/trades', { run, from, to }, signal)).items,
    }),
    staleTime: 60_000,
  })

/** The newest of the bars up to a time. */
export const barsQuery = (run: string, to: number, limit: number) =>
  queryOptions({
    queryKey: ['bars', run, to],
    queryFn: async ({ signal }) => (await get('/api/bars', { run, to, limit }, signal)).items,
    staleTime: 60_000,
  })

export const explanationQuery = (run: string, seq: number) =>
  queryOptions({
    queryKey: ['explanation', run, seq],
    queryFn: ({ signal }) => get('/api/decisions/:seq/explain', { seq, run }, signal),
    staleTime: 5000,
  })

export const releasesQuery = (run: string | undefined) =>
  queryOptions({
    queryKey: ['releases', run],
    queryFn: async ({ signal }) => (await whole('/api/releases', { run }, signal)).items,
  })

export const releaseQuery = (digest: string) =>
  queryOptions({
    queryKey: ['release', digest],
    queryFn: ({ signal }) => get('/api/releases/:name', { name: digest }, signal),
  })

export const timelineQuery = () =>
  queryOptions({
    queryKey: ['timeline'],
    queryFn: ({ signal }) => whole('/api/models/timeline', {}, signal),
  })

export const leaderboardQuery = (run: string | undefined) =>
  queryOptions({
    queryKey: ['leaderboard', run],
    queryFn: async ({ signal }) => (await get('/api/leaderboard', { run }, signal)).items,
  })

export const positionsQuery = (run: string) =>
  queryOptions({
    queryKey: ['positions', run],
    queryFn: async ({ signal }) => (await get('/api/positions', { run }, signal)).items,
  })

export const drillsQuery = () =>
  queryOptions({ queryKey: ['drills'], queryFn: ({ signal }) => get('/api/drills', {}, signal) })

/** What a resumption would end: never an old answer. */
export const resumeQuery = () =>
  queryOptions({
    queryKey: ['resume'],
    queryFn: ({ signal }) => get('/api/trading/resume', {}, signal),
    staleTime: 0,
    gcTime: 0,
  })

export const inChargeQuery = (at: number) =>
  queryOptions({
    queryKey: ['inCharge', at],
    queryFn: ({ signal }) => get('/api/models/history', { at }, signal),
  })

export const trainingsQuery = (run: string | undefined) =>
  queryOptions({
    queryKey: ['trainings', run],
    queryFn: async ({ signal }) => (await whole('/api/trainings', { run }, signal)).items,
  })

export const trainingQuery = (id: string) =>
  queryOptions({
    queryKey: ['training', id],
    queryFn: ({ signal }) => get('/api/trainings/:id', { id }, signal),
  })

/** What works less well than it should, or not at all: asked for again by itself. */
export const readyQuery = () =>
  queryOptions({
    queryKey: ['ready'],
    queryFn: async ({ signal }) => (await get('/readyz', {}, signal, [503])).components,
    refetchInterval: 15_000,
  })

const STALE_BY: Readonly<Partial<Record<RunTopic, readonly string[]>>> = {
  bar: ['decisions', 'orders'],
  fill: ['fills', 'orders', 'positions'],
  trade: ['trades', 'explanation'],
  training: ['trainings', 'training'],
  published: ['trainings', 'releases'],
  judged: ['trainings', 'releases', 'release', 'inCharge', 'leaderboard', 'timeline'],
  swap: ['timeline', 'releases', 'release', 'inCharge'],
  control: ['timeline', 'releases', 'release'],
  sync: ['ready'],
}

/** Marks what these events put out of date; only what is on screen is asked for again. */
export async function invalidateBy(client: QueryClient, topics: Iterable<RunTopic>): Promise<void> {
  const keys = new Set([...topics].flatMap(topic => STALE_BY[topic] ?? []))
  await Promise.all([...keys].map(key => client.invalidateQueries({ queryKey: [key] })))
}
