// What a run did, kept for ever: the port that decisions, orders, fills, outcomes, equity and trainings are written through.

import type { Provenance } from '../market/bar.ts'
import type { ClosedTrade, Fill, Order } from '../market/trade.ts'
import type { DecisionRecord } from './decision.ts'

export type RunStart = {
  readonly runId: string
  readonly channel: string
  readonly startedAt: number
  readonly seed: number
  readonly symbol: string
  /** Snapshot id of the bars. */
  readonly dataHash: string
  readonly configSnapshot: { readonly id: string; readonly body: string }
}

export type RunEnd = {
  readonly state: 'finished' | 'failed' | 'interrupted'
  readonly endedAt: number
  /** Canonical JSON. */
  readonly summary: string | null
}

export type EquityPoint = { readonly at: number; readonly equityMicros: number }

export type JournalBatch = {
  readonly decisions: readonly DecisionRecord[]
  readonly orders: readonly Order[]
  readonly fills: readonly Fill[]
  readonly trades: readonly ClosedTrade[]
  readonly equity: readonly EquityPoint[]
  readonly provenance: Provenance
}

/** What the next release of the channel follows (REL-14). */
export type TrainedRelease = {
  readonly releaseId: string
  readonly channel: string
  readonly version: number
  readonly manifestSha256: string
}

export type TrainingRow = {
  readonly trainingId: string
  readonly runId: string | null
  readonly symbol: string
  readonly asOf: number
  readonly status: 'released' | 'skipped' | 'failed'
  readonly effectiveRows: number | null
  readonly rows: number | null
  /** Null where none was built. */
  readonly release: TrainedRelease | null
  readonly fault: string | null
  /** Canonical JSON. */
  readonly report: string
}

export interface Journal {
  /** Gives the next free number of a replay channel in this state directory: 1, 2, 3 ... */
  nextRunNumber(): Promise<number>
  startRun(run: RunStart): Promise<void>
  /** One transaction: a batch is there whole or not at all. */
  record(runId: string, batch: JournalBatch): Promise<void>
  recordTraining(training: TrainingRow): Promise<void>
  /** By the time they were made for, oldest first. */
  trainings(): Promise<readonly TrainingRow[]>
  endRun(runId: string, end: RunEnd): Promise<void>
}
