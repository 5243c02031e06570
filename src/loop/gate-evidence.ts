// What this bot knows of its own market and gates ask for: recent rows, replays with costs, and scores on unseen events.

import type { Bar } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import type { Instrument } from '../market/instrument.ts'
import { EXECUTION_COLUMNS, META_COLUMNS, SIZER_COLUMNS, SIZER_EXTRA } from '../market/roles.ts'
import type { Evidence } from '../serving/gates/gate.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { type CandidateTable, FEATURE_COUNT } from '../trading/candidate-table.ts'
import type { Limits } from '../trading/limits.ts'
import { replayModels } from '../trading/replay.ts'
import { fixedModels } from './set-lease.ts'
import { scoreSets } from './set-scores.ts'

export type KnownMarket = {
  readonly table: CandidateTable
  /** Bars up to now, the last one closed. */
  readonly bars: readonly Bar[]
  readonly instrument: Instrument
  readonly calendar: Calendar
  readonly barMs: number
  readonly hasVolume: boolean
  readonly limits: Limits
  readonly capital: number
  readonly seed: number
  /** Newest bars that gate G9 replays at most. */
  readonly replayBars: number
  /** Rows per role that gate G6 looks at. */
  readonly recentRows: number
}

const ROLE_COLUMNS: Readonly<Record<string, { readonly columns: readonly number[]; readonly extra: number }>> = {
  meta: { columns: META_COLUMNS, extra: 0 },
  execution: { columns: EXECUTION_COLUMNS, extra: 0 },
  rl_sizer: { columns: SIZER_COLUMNS, extra: SIZER_EXTRA.length },
}

/** Newest rows of a role, oldest first; the account columns of the sizer are those of a fresh account. */
function newestRows(table: CandidateTable, role: string, wanted: number): Float32Array | undefined {
  const layout = ROLE_COLUMNS[role]
  if (layout === undefined || table.length === 0) return undefined
  const count = Math.min(wanted, table.length)
  const width = layout.columns.length + layout.extra
  const rows = new Float32Array(count * width)
  for (let at = 0; at < count; at++) {
    const row = table.length - count + at
    for (const [i, column] of layout.columns.entries())
      rows[at * width + i] = table.features[row * FEATURE_COUNT + column]!
  }
  return rows
}

/** Index of the first bar known after a time; their number where there is none. */
export function firstBarAfter(bars: readonly Bar[], timeMs: number): number {
  let low = 0
  let high = bars.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bars[middle]!.knownAt <= timeMs) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Candidate and champion are replayed and scored on the same bars: those after both were fitted, embargo included, and at
 * most the newest `replayBars`.
 */
export function gateEvidence(market: KnownMarket, candidate: ModelSet, champion: ModelSet | undefined): Evidence {
  const { table, bars, limits, replayBars } = market
  const sets = champion === undefined ? [candidate] : [candidate, champion]
  const unseen = Math.max(...sets.map(({ windows }) => windows.fitEnd + windows.embargoMs))
  const from = Math.max(firstBarAfter(bars, unseen), bars.length - replayBars)
  return {
    recentRows: role => newestRows(table, role, market.recentRows),
    replay: set => replayModels({ ...market, models: fixedModels(set, table.strategies), from, to: bars.length }),
    score: (mine, theirs) =>
      scoreSets(mine, theirs, { table, asOf: bars.at(-1)!.knownAt, minExpectedR: limits.minExpectedR }),
  }
}
