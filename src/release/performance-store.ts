// `config/performance-store.json`: what is known of how models did, by release, role and source, and which of them did best (REL-57).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import type { Outcome } from '../base/fault.ts'
import { readRegistryFile } from './registry-image.ts'
import { countSchema, fitSchema, namedSchema } from './schema.ts'

const figure = z.number().nullable()

const entrySchema = z.strictObject({
  releaseId: z.string().min(1),
  role: z.string().min(1),
  /** Share of answers, or of trades, that were right. */
  accuracy: figure,
  profitFactor: figure,
  /** Of single trades in R, never annualised. */
  sharpeRatio: figure,
  sortino: figure,
  /** Mean of the worst 5 % of trades, in R. */
  cvar95: figure,
  /** In R. */
  maxDrawdown: figure,
  totalTrades: countSchema,
  brier: figure,
  /** RFC 3339, UTC. */
  lastEvaluated: z.string().min(1),
  source: z.enum(['backtest', 'shadow', 'canary', 'live']),
  /** Metric name -> value: risk and strategy measures of whoever runs it. */
  custom: namedSchema(z.string(), figure),
})

/** Null where a figure was not measured or the sample is too thin for it. */
export type PerformanceEntry = z.infer<typeof entrySchema>

const storeSchema = z.strictObject({
  schema: z.literal('ratchet.performance/1'),
  updatedAt: z.string(),
  entries: z.array(entrySchema),
})
export type PerformanceStore = z.infer<typeof storeSchema>

/** The custom metric that the ranking goes by: the chance that the Sharpe ratio is more than the luck of all trials. */
export const DEFLATED_SHARPE = 'deflatedSharpe'

/** Refusals: `REGISTRY_TOO_LARGE`, `REGISTRY_SCHEMA`, those of the strict parser. */
export function readPerformanceStore(bytes: Uint8Array, place = 'performance-store.json'): Outcome<PerformanceStore> {
  const json = readRegistryFile(bytes, place)
  return json.ok ? fitSchema(storeSchema, json.value, { code: 'REGISTRY_SCHEMA', place }) : json
}

/** Equal stores are equal bytes. */
export const performanceStoreBytes = (store: PerformanceStore): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(JSON.parse(canonicalJson(store)), null, 2)}\n`)

const keyOf = ({ releaseId, role, source }: PerformanceEntry): string => `${releaseId} ${role} ${source}`

/** The entries with newer ones in place of those of the same release, role and source; in order of these. */
export function withEntries(
  entries: readonly PerformanceEntry[],
  newer: readonly PerformanceEntry[],
): readonly PerformanceEntry[] {
  const all = new Map([...entries, ...newer].map(entry => [keyOf(entry), entry]))
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

/** Fewer trades tell nothing about an order. */
const ENOUGH_TRADES = 50

export type Ranked = PerformanceEntry & {
  /** 1, 2, 3 ... */
  readonly rank: number
  /** Fewer than 50 trades: below all others whatever it shows. */
  readonly thin: boolean
}

/** Larger first, unmeasured last. */
const falling = (a: number | null, b: number | null): number => (b ?? -Infinity) - (a ?? -Infinity) || 0

/**
 * The best entries: by deflated Sharpe, then profit factor, then the newest; `rankBy: 'sharpe'` puts the plain Sharpe ratio first.
 *
 * @example topPerformers(store.entries, { top: 3 })[0]?.releaseId
 */
export function topPerformers(
  entries: readonly PerformanceEntry[],
  {
    top = 10,
    rankBy = 'deflatedSharpe',
  }: { readonly top?: number; readonly rankBy?: 'deflatedSharpe' | 'sharpe' } = {},
): readonly Ranked[] {
  const first = (entry: PerformanceEntry) =>
    rankBy === 'sharpe' ? entry.sharpeRatio : (entry.custom[DEFLATED_SHARPE] ?? null)
  const thin = ({ totalTrades }: PerformanceEntry) => totalTrades < ENOUGH_TRADES
  return [...entries]
    .sort(
      (a, b) =>
        Number(thin(a)) - Number(thin(b)) ||
        falling(first(a), first(b)) ||
        falling(a.profitFactor, b.profitFactor) ||
        (a.lastEvaluated < b.lastEvaluated ? 1 : a.lastEvaluated > b.lastEvaluated ? -1 : 0) ||
        (keyOf(a) < keyOf(b) ? -1 : 1),
    )
    .slice(0, top)
    .map((entry, at) => ({ ...entry, rank: at + 1, thin: thin(entry) }))
}

/** A measure that somebody adds: a name, a pure function of closed trades (R of each, in order of time), and which way is better. */
export type CustomMetric = {
  readonly name: string
  readonly of: (r: readonly number[]) => number | null
  readonly better: 'higher' | 'lower'
}

/** Values of all metrics on the same trades. A value that is no finite number is null. */
export const customFigures = (
  metrics: readonly CustomMetric[],
  r: readonly number[],
): Readonly<Record<string, number | null>> =>
  Object.fromEntries(
    metrics.map(({ name, of }) => {
      const value = of(r)
      return [name, value !== null && Number.isFinite(value) ? value : null]
    }),
  )

/** Entries by one custom metric, the best first; those without it are left out. */
export const rankedBy = (
  { name, better }: Pick<CustomMetric, 'name' | 'better'>,
  entries: readonly PerformanceEntry[],
): readonly PerformanceEntry[] =>
  entries
    .filter(({ custom }) => typeof custom[name] === 'number')
    .sort((a, b) => (better === 'higher' ? 1 : -1) * falling(a.custom[name] ?? null, b.custom[name] ?? null))
