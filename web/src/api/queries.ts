// What pages ask of the API beside the stream, and which events put it out of date.

import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { Ready } from '../../../src/api/schemas/health.ts'
import type { DecisionView, Explanation, FillView, OrderView, TradeView } from '../../../src/api/schemas/market.ts'
import type { InChargeView, ReleaseDetail, ReleaseView, SlotEventView } from '../../../src/api/schemas/releases.ts'
import type { TrainingDetail, TrainingView } from '../../../src/api/schemas/trainings.ts'
import type { RunTopic } from '../../../src/loop/run-event.ts'
import { get } from './request.ts'

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }

const PAGE_SIZE = 50

type Listing = { readonly run: string; readonly cursor?: string | undefined; readonly limit?: number }

/** How a page of a list is asked for. */
export type Listed<T> = {
  readonly queryKey: readonly unknown[]
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Page<T>>
}

/** What a list may be narrowed to, by the name that the API has for it. */
export type ListFilter = Readonly<Partial<Record<'outcome' | 'role' | 'exitReason', string | undefined>>>

const listed = <T>(name: string, { limit = PAGE_SIZE, ...rest }: Listing & ListFilter): Listed<T> => ({
  queryKey: [name, { ...rest, limit }],
  queryFn: ({ signal }) => get<Page<T>>(`/api/${name}`, { ...rest, limit }, signal),
})

export const decisionsQuery = (listing: Listing & ListFilter) => listed<DecisionView>('decisions', listing)
export const tradesQuery = (listing: Listing & ListFilter) => listed<TradeView>('trades', listing)
export const ordersQuery = (listing: Listing & ListFilter) => listed<OrderView>('orders', listing)
export const fillsQuery = (listing: Listing & ListFilter) => listed<FillView>('fills', listing)

export const explanationQuery = (run: string, seq: number) =>
  queryOptions({
    queryKey: ['explanation', run, seq],
    queryFn: ({ signal }) => get<Explanation>(`/api/decisions/${seq}/explain`, { run }, signal),
    staleTime: 5000,
  })

export const releasesQuery = (run: string | undefined) =>
  queryOptions({
    queryKey: ['releases', run],
    queryFn: async ({ signal }) =>
      (await get<{ items: readonly ReleaseView[] }>('/api/releases', { run }, signal)).items,
  })

export const releaseQuery = (digest: string) =>
  queryOptions({
    queryKey: ['release', digest],
    queryFn: ({ signal }) => get<ReleaseDetail>(`/api/releases/${encodeURIComponent(digest)}`, {}, signal),
  })

export const timelineQuery = () =>
  queryOptions({
    queryKey: ['timeline'],
    queryFn: ({ signal }) =>
      get<{ verified: boolean; items: readonly SlotEventView[] }>('/api/models/timeline', {}, signal),
  })

export const inChargeQuery = (at: number) =>
  queryOptions({
    queryKey: ['inCharge', at],
    queryFn: ({ signal }) => get<InChargeView>('/api/models/history', { at }, signal),
  })

export const trainingsQuery = (run: string | undefined) =>
  queryOptions({
    queryKey: ['trainings', run],
    queryFn: async ({ signal }) =>
      (await get<{ items: readonly TrainingView[] }>('/api/trainings', { run }, signal)).items,
  })

export const trainingQuery = (id: string) =>
  queryOptions({
    queryKey: ['training', id],
    queryFn: ({ signal }) => get<TrainingDetail>(`/api/trainings/${encodeURIComponent(id)}`, {}, signal),
  })

/** What works less well than it should, or not at all: asked for again by itself. */
export const readyQuery = () =>
  queryOptions({
    queryKey: ['ready'],
    queryFn: async ({ signal }) => (await get<Ready>('/readyz', {}, signal, [503])).components,
    refetchInterval: 15_000,
  })

const STALE_BY: Readonly<Partial<Record<RunTopic, readonly string[]>>> = {
  bar: ['decisions', 'orders'],
  fill: ['fills', 'orders'],
  trade: ['trades', 'explanation'],
  training: ['trainings', 'training'],
  published: ['trainings', 'releases'],
  judged: ['trainings', 'releases', 'release', 'inCharge'],
  swap: ['timeline', 'releases', 'release', 'inCharge'],
  control: ['timeline', 'releases', 'release'],
  sync: ['ready'],
}

/** Marks what these events put out of date; only what is on screen is asked for again. */
export async function invalidateBy(client: QueryClient, topics: Iterable<RunTopic>): Promise<void> {
  const keys = new Set([...topics].flatMap(topic => STALE_BY[topic] ?? []))
  await Promise.all([...keys].map(key => client.invalidateQueries({ queryKey: [key] })))
}
