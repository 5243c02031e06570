// What a run tells the world, in order and durably: one event per thing that happened, readable without any other table.

import type { Bar } from '../market/bar.ts'
import type { ExitReason, OrderRole, Side } from '../market/trade.ts'
import type { GateResult } from '../serving/gates/gate.ts'
import type { DecisionOutcome, RiskStateName } from '../trading/decision.ts'

/** Money is in dollars and prices in the unit of the bars: these are for people and programs outside, not for the ledger. */
/** Null where there is none. */
export type RunFigures = {
  readonly sharpe: number | null
  readonly deflatedSharpe: number | null
  readonly trials: number
  /** Share of random runs that did worse. */
  readonly randomBeaten: number | null
}

export type RunEventBodies = {
  run: {
    readonly state: 'running' | 'paused' | 'draining' | 'finished' | 'interrupted' | 'failed'
    /** Bars done. */
    readonly bar: number
    readonly bars: number
    readonly eventHash: string | null
    /** What the result is worth, once it is finished; a loop by the clock has none. */
    readonly figures?: RunFigures | null
    /** Code and sentence of what ended a failed run. */
    readonly fault: { readonly code: string; readonly sentence: string } | null
  }
  /** One per closed bar, warm-up included. */
  bar: Bar & {
    readonly index: number
    readonly equity: number
    /** The same capital held in the instrument since the first bar. */
    readonly hold: number
    /** An account that always decides with the release that was in charge before the present one; null while there is none. */
    readonly previous: number | null
    /** Signed lots. */
    readonly position: number
    readonly riskState: RiskStateName
    readonly riskCause: string
    /** `baseline` where no release is in charge. */
    readonly releaseId: string
    readonly decision: {
      readonly seq: number
      readonly outcome: DecisionOutcome
      readonly chosen: string | null
      readonly side: Side | null
      readonly confidence: number | null
      readonly regime: string
      /** Code of the first reason; null on entry. */
      readonly reason: string | null
    } | null
  }
  fill: {
    readonly tradeId: string
    readonly decisionId: string
    readonly side: Side
    readonly quantity: number
    readonly role: OrderRole
    readonly price: number
    readonly slippage: number
    readonly commission: number
  }
  trade: {
    readonly decisionId: string
    readonly releaseId: string
    readonly strategy: string
    readonly side: Side
    readonly quantity: number
    readonly entry: number
    readonly exit: number
    readonly entryTime: number
    readonly exitTime: number
    readonly exitReason: ExitReason
    readonly net: number
    readonly r: number
  }
  training: {
    readonly trainingId: string
    readonly number: number
    readonly bar: number
    readonly state: 'started' | 'released' | 'failed' | 'skipped'
    readonly releaseId: string | null
    readonly label: string | null
    readonly effectiveRows: number | null
    /** Why there is no release: code and sentence, or the reason of a skip. */
    readonly reason: string | null
    /** Wall time; null until it ended. */
    readonly durationMs: number | null
  }
  published: {
    readonly releaseId: string
    readonly label: string
    readonly version: number
    readonly digest: string
    readonly bar: number
  }
  judged: {
    /** True for a rehearsal: nothing real was refused. */
    readonly drill: boolean
    readonly releaseId: string | null
    readonly label: string | null
    readonly digest: string | null
    /**
     * `pinned`: not looked at, because a person keeps the slot as it is; `waiting`: passed, and a person has to promote it;
     * `paused`: not looked at, because a release was taken back lately.
     */
    readonly verdict: 'installed' | 'refused' | 'known' | 'pinned' | 'waiting' | 'paused'
    /** Gate, or fault code where no gate was asked. */
    readonly decidedBy: string | null
    readonly detail: string
    readonly gates: readonly GateResult[]
    readonly bar: number
  }
  swap: {
    readonly event: 'activated' | 'rolledBack'
    readonly from: string | null
    readonly to: string | null
    readonly label: string | null
    readonly bar: number
    readonly cause: string
  }
  /** The state has changed, or, where an ACTIVE one has a cause, most of that limit is used (RSK-03). */
  risk: { readonly state: RiskStateName; readonly cause: string; readonly bar: number }
  control: { readonly action: string; readonly detail: string }
  /** A pass over a source of releases failed, or one came to its end again after that (RSL-06). */
  sync: {
    readonly source: string
    readonly state: 'failed' | 'recovered'
    /** Failed passes in a row. */
    readonly failures: number
    /** Of the failure; null where it is over. */
    readonly code: string | null
    readonly detail: string
  }
}

export type RunTopic = keyof RunEventBodies

/** As a run emits it; `at` is the run's own clock, ms UTC. */
export type RunEventDraft = {
  [T in RunTopic]: { readonly topic: T; readonly at: number; readonly body: RunEventBodies[T] }
}[RunTopic]

/** As it is stored and streamed: `seq` rises by one over all runs of a state directory, without gap. */
export type RunEvent = RunEventDraft & { readonly seq: number; readonly runId: string }
