// What the brain saw, judged and did at one closed bar: enough to answer "why no trade" from one record (BRN-14).

import type { Side } from '../market/trade.ts'
import type { SizeCuts } from './size-cuts.ts'

export type DecisionOutcome = 'enter' | 'exit' | 'hold' | 'noTrade' | 'refused'

export type RiskStateName = 'ACTIVE' | 'REDUCING' | 'HALTED'

/** A stable code, with the value that was met and the threshold it was held against (null where there is none). */
export type Reason = { readonly code: string; readonly value: number | null; readonly limit: number | null }

export type DecisionCandidate = {
  readonly strategy: string
  readonly side: Side
  /** 0..1 (LABEL-02). */
  readonly strength: number
  readonly fired: boolean
}

export type RiskCheck = {
  /** `RSK-06`. */
  readonly rule: string
  readonly code: string
  readonly passed: boolean
  readonly value: number | null
  readonly limit: number | null
  /** How far inside the limit, in its unit; negative when refused. Null for yes-or-no checks. */
  readonly margin: number | null
}

/** BRN-12, step by step. Money in millionths. */
export type SizingChain = {
  readonly equityMicros: number
  /** Answer of the sizer, and what it was cut by; both absent in records of older programs, whose multiplier was the answer. */
  readonly sizer?: number
  readonly cuts?: SizeCuts
  /** Of the base risk: 0 or 0.1..2.0. */
  readonly multiplier: number
  /** Drawdown ladder of RSK-04. */
  readonly ladder: number
  readonly riskMicros: number
  /** Planned loss of one lot: stop distance plus round-trip costs. */
  readonly lossPerLotMicros: number
  /** Lots before the caps. */
  readonly uncapped: number
  readonly cap: number
  /** What bound: `multiplier` (no cap did), `risk`, `maxPosition`, `miniEquivalent`, `notional` or `ladder`. */
  readonly boundBy: string
  readonly lots: number
}

export type SizerQuestion = {
  /** Net R of the trades closed in this trade date. */
  readonly sessionR: number
  /** Share of the drawdown limit that is used, 0..1. */
  readonly drawdown: number
  /** Null where the graph gave no number. */
  readonly multiplier: number | null
}

export type DecisionRecord = {
  /** ULID from clock and seeded rng. */
  readonly decisionId: string
  readonly seq: number
  /** knownAt of the bar, ms UTC. */
  readonly time: number
  readonly symbol: string
  /** Index of the bar in its series. */
  readonly bar: number
  /** Close of the bar in steps. */
  readonly price: number
  readonly releaseId: string
  readonly setSeq: number
  /** SHA-256 of the strongest row's 17 float32 columns; null without rows. */
  readonly featuresHash: string | null
  /** Row of the table that the meta model saw; -1 without rows. */
  readonly strongestRow: number
  /** Row that would be traded: the likeliest strategy among the fired; -1 where none fired. */
  readonly chosenRow: number
  readonly session: string
  readonly regime: string
  readonly riskState: RiskStateName
  /** Why it is not ACTIVE: `KILLED`, `DRAWDOWN`, `DAILY_LOSS`, ...; empty while it is. */
  readonly riskCause: string
  readonly candidates: readonly DecisionCandidate[]
  readonly classes: readonly string[]
  /** As the model gave them; empty where it was not asked. */
  readonly probabilities: readonly number[]
  /** Masked to fired strategies and None, renormalised; empty where nothing fired. */
  readonly masked: readonly number[]
  /** Strategy, `None`, or null where nothing fired. */
  readonly chosen: string | null
  readonly side: Side | null
  /**
   * What the sizer was told of the account, and what it answered to it and the chosen row; null where it was not asked, absent in records
   * of older programs. It follows from the fills before, so it is no part of a run's hash.
   */
  readonly sizer?: SizerQuestion | null
  readonly expectedR: number | null
  /** Blended score of ENS-08. */
  readonly score: number | null
  /** Its percentile, 0..1 (BRN-13). */
  readonly confidence: number | null
  readonly sizing: SizingChain | null
  /** In the order of the rules. */
  readonly checks: readonly RiskCheck[]
  readonly outcome: DecisionOutcome
  /** The first one blocked; the rest failed too. Empty on entry. */
  readonly reasons: readonly Reason[]
  /** clientOrderId of the order that left, entry or exit. */
  readonly orderId: string | null
  readonly equityMicros: number
  readonly position: number
}
