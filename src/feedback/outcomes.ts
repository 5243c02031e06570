// What became of a decision: every closed trade, and every refused candidate by its barrier outcome, joined to its record (FBK-01).

import type { Provenance } from '../market/bar.ts'
import type { ClosedTrade, Side } from '../market/trade.ts'
import { type CandidateTable, LABEL_STATES } from '../trading/candidate-table.ts'
import type { DecisionRecord } from '../trading/decision.ts'

/** Where an outcome was made; only live and paper outcomes trigger anything, and the two are never mixed. */
export type OutcomeOrigin = 'live' | 'paper' | 'backtest'

export type OutcomeRow = {
  readonly decisionId: string
  readonly releaseId: string
  readonly symbol: string
  readonly strategy: string
  readonly origin: OutcomeOrigin
  readonly provenance: Provenance
  /** False: the candidate was refused, and the barriers say what it would have earned. */
  readonly traded: boolean
  /** When the decision was made and when its outcome was known, ms UTC. */
  readonly time: number
  readonly resolvedAt: number
  readonly side: Side
  /** What the models said; null where they were not asked. */
  readonly probability: number | null
  readonly expectedR: number | null
  readonly r: number
  readonly win: boolean
  /** Steps against us, entry and exit together. */
  readonly slippage: number
}

export type OutcomeFacts = { readonly origin: OutcomeOrigin; readonly provenance: Provenance }

const FINAL = LABEL_STATES.indexOf('final')

/** The chance that the model gave the strategy among those it could choose from. */
function probabilityOf({ masked, classes }: DecisionRecord, strategy: string): number | null {
  return masked[classes.indexOf(strategy)] ?? null
}

/**
 * @param record the decision that opened the trade
 * @throws RangeError when the trade belongs to another decision
 * @example
 * tradeOutcome(record, trade, { origin: 'paper', provenance: 'real' }).win // trade.r > 0
 */
export function tradeOutcome(
  record: DecisionRecord,
  trade: ClosedTrade,
  { origin, provenance }: OutcomeFacts,
): OutcomeRow {
  if (trade.decisionId !== record.decisionId) {
    throw new RangeError(`trade of decision ${trade.decisionId} joined to decision ${record.decisionId}`)
  }
  return {
    decisionId: record.decisionId,
    releaseId: trade.releaseId,
    symbol: trade.symbol,
    strategy: trade.strategy,
    origin,
    provenance,
    traded: true,
    time: record.time,
    resolvedAt: trade.exitTime,
    side: trade.side,
    probability: probabilityOf(record, trade.strategy),
    expectedR: record.expectedR,
    r: trade.r,
    win: trade.r > 0,
    slippage: trade.slippage,
  }
}

/**
 * The outcome of the row that a decision refused; undefined while its label is pending, when it is void, and where nothing was
 * refused.
 */
export function refusedOutcome(
  record: DecisionRecord,
  table: CandidateTable,
  { origin, provenance }: OutcomeFacts,
): OutcomeRow | undefined {
  const row = record.chosenRow
  if (record.outcome === 'enter' || row < 0 || table.state[row] !== FINAL) return undefined
  const strategy = table.strategies[table.strategy[row]!]!
  return {
    decisionId: record.decisionId,
    releaseId: record.releaseId,
    symbol: record.symbol,
    strategy,
    origin,
    provenance,
    traded: false,
    time: record.time,
    resolvedAt: table.labelEnd[row]!,
    side: table.direction[row] === 1 ? 1 : -1,
    probability: probabilityOf(record, strategy),
    expectedR: record.expectedR,
    r: table.r[row]!,
    win: table.win[row] === 1,
    slippage: table.slip[row]!,
  }
}
