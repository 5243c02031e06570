// A set that takes charge while a position is open underwrites it once: would it hold this trade now, of this size, with this stop (SRV-33)?
// It may keep, reduce or leave it and tighten its stop; it never adds and never widens.

import { type Instrument, toSteps } from '../market/instrument.ts'
import { EXECUTION_COLUMNS, META_COLUMNS, SIZER_COLUMNS } from '../market/roles.ts'
import type { Order } from '../market/trade.ts'
import type { BarEvent } from './bar-event.ts'
import { isBaseline } from './baseline.ts'
import type { AccountState } from './brain.ts'
import { type CandidateTable, FEATURE_COUNT } from './candidate-table.ts'
import type { Reason } from './decision.ts'
import { bracketDistances } from './fills.ts'
import { type Limits, ladderRung } from './limits.ts'
import { missingColumns } from './missing-columns.ts'
import type { ModelLease } from './models-in-charge.ts'
import type { PortfolioView } from './portfolio.ts'
import { lossShares } from './risk-state.ts'
import type { SizeCuts } from './size-cuts.ts'
import { lotsFor } from './sizing.ts'

export type HeldTrade = {
  readonly entry: Order
  readonly lots: number
  /** Price of the stop that works, in steps. */
  readonly stop: number
}

export type Underwritten = {
  readonly action: 'keep' | 'reduce' | 'exit'
  /** That stay. */
  readonly lots: number
  /** Price in steps where it is nearer than the one that works; undefined: that one stays. */
  readonly stop: number | undefined
  readonly reason: Reason
}

export type HandoffConditions = {
  readonly instrument: Instrument
  readonly limits: Limits
  readonly view: PortfolioView
  readonly account: AccountState
  readonly cuts: SizeCuts
}

const pick = (table: CandidateTable, row: number, columns: readonly number[], more: readonly number[] = []) =>
  Float32Array.of(...columns.map(column => table.features[row * FEATURE_COUNT + column]!), ...more)

function rowOf(strategy: string, event: BarEvent, table: CandidateTable): number {
  for (let row = event.firstRow; row < event.firstRow + event.rowCount; row++) {
    if (table.strategies[table.strategy[row]!] === strategy) return row
  }
  return -1
}

/** Why the set would not hold it; undefined where it would. */
function objection(
  { entry }: HeldTrade,
  row: number,
  lease: ModelLease,
  event: BarEvent,
  table: CandidateTable,
  { minExpectedR }: Limits,
): Reason | undefined {
  const turned = table.direction[row] !== entry.side
  if (turned) return { code: 'HANDOFF_SIDE', value: null, limit: null }
  // Rules predict nothing: what they entered, or may have entered, they hold.
  if (isBaseline(lease)) return undefined
  const probabilities = lease.probabilities(pick(table, event.strongest, META_COLUMNS))
  const at = lease.classes.indexOf(entry.strategy)
  const [own, none] = [probabilities[at] ?? 0, probabilities[lease.classes.indexOf('None')] ?? 0]
  if (none >= own) return { code: 'HANDOFF_NONE', value: own, limit: none }
  const expectedR = lease.expectedR(pick(table, row, EXECUTION_COLUMNS))
  if (expectedR === null || expectedR >= minExpectedR) return undefined
  // A number that is none is no reason to leave: the bracket protects, and the next decision says that the model failed.
  return Number.isNaN(expectedR) ? undefined : { code: 'HANDOFF_EXPECTED_R', value: expectedR, limit: minExpectedR }
}

/**
 * Where the strategy states nothing at this bar, or the models may not be asked or give no numbers, the trade is kept as it is.
 *
 * @example
 * underwrite({ entry, lots: 5, stop: 19_920 }, lease, event, table, conditions).action // 'reduce'
 */
export function underwrite(
  held: HeldTrade,
  lease: ModelLease,
  event: BarEvent,
  table: CandidateTable,
  { instrument, limits, view, account, cuts }: HandoffConditions,
): Underwritten {
  const { entry, lots } = held
  const keep: Underwritten = {
    action: 'keep',
    lots,
    stop: undefined,
    reason: { code: 'HANDOFF_KEEP', value: lots, limit: null },
  }
  const row = rowOf(entry.strategy, event, table)
  if (row < 0 || !Number.isFinite(event.atr) || missingColumns(lease, table, row) !== undefined) return keep
  const reason = objection(held, row, lease, event, table, limits)
  if (reason !== undefined) return { action: 'exit', lots: 0, stop: undefined, reason }

  const price = toSteps(instrument, event.bar.close)
  const { stop: distance } = bracketDistances(instrument, event.atr, limits)
  const rung = ladderRung(limits, lossShares(view, limits).drawdown)
  const multiplier = lease.size(pick(table, row, SIZER_COLUMNS, [account.sessionR, account.drawdown]))
  if (!Number.isFinite(multiplier)) return keep
  const chain = lotsFor({
    instrument,
    limits,
    equityMicros: view.equityMicros,
    multiplier,
    cuts,
    ladder: rung?.size ?? 1,
    ladderLots: rung?.maxLots,
    stop: distance,
    price,
  })
  if (chain.lots < 1) {
    return { action: 'exit', lots: 0, stop: undefined, reason: { code: 'HANDOFF_SIZE', value: 0, limit: lots } }
  }
  const wanted = price - entry.side * distance
  const stop = entry.side * (wanted - held.stop) > 0 ? wanted : undefined
  if (chain.lots >= lots) return { ...keep, stop }
  const reduced = { code: 'HANDOFF_REDUCE', value: chain.lots, limit: lots }
  return { action: 'reduce', lots: chain.lots, stop, reason: reduced }
}
