// What a run did, kept for ever: the port that decisions, orders, fills, outcomes, equity and trainings are written through.

import type { Provenance } from '../market/bar.ts'
import type { ClosedTrade, Fill, Order } from '../market/trade.ts'
import type { DecisionRecord } from './decision.ts'

/** What a run is made of, beside its bars; with the seed it decides every byte of the result. */
export type RunFacts = {
  readonly barMs: number
  readonly bars: number
  readonly warmupBars: number
  readonly trainEvery: number
  /** Dollars. */
  readonly capital: number
  /** Instrument step in price: orders, fills and trades are booked in steps. */
  readonly step: number
  readonly provenance: Provenance
  readonly codeVersion: string
  /** Of a replay: digest of what it was asked for, so that only the same request goes on with it. */
  readonly asked?: string | undefined
}

export type RunStart = {
  readonly runId: string
  readonly channel: string
  readonly startedAt: number
  readonly seed: number
  readonly symbol: string
  /** Snapshot id of the bars. */
  readonly dataHash: string
  readonly configSnapshot: { readonly id: string; readonly body: string }
  readonly facts: RunFacts
}

export type RunEnd = {
  readonly state: 'finished' | 'failed' | 'interrupted'
  readonly endedAt: number
  /** Canonical JSON. */
  readonly summary: string | null
}

export type EquityPoint = {
  readonly at: number
  readonly equityMicros: number
  /** The same capital held in the instrument since the first bar. */
  readonly holdMicros: number
  /** The account that decides with the release before the present one; null while there is none. */
  readonly previousMicros: number | null
}

/** Something that a run tells the world. */
export type JournalEvent = {
  readonly topic: string
  /** The run's own clock, ms UTC. */
  readonly at: number
  /** JSON. */
  readonly body: string
}

/** Something that came into the run from outside, and at which bar: with it the run can be made again. */
export type JournalInput = {
  /** 1, 2, 3 ... of its run. */
  readonly seq: number
  readonly bar: number
  /** JSON. */
  readonly body: string
}

/** How far a run is durable. */
export type RunProgress = {
  readonly barsDone: number
  /** Event hash after the last of them. */
  readonly hash: string
}

export type JournalBatch = {
  readonly decisions: readonly DecisionRecord[]
  readonly orders: readonly Order[]
  readonly fills: readonly Fill[]
  readonly trades: readonly ClosedTrade[]
  readonly equity: readonly EquityPoint[]
  readonly events: readonly JournalEvent[]
  readonly inputs: readonly JournalInput[]
  /** Undefined where no bar was finished. */
  readonly progress: RunProgress | undefined
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
  /** 1, 2, 3 ... of its run; null outside runs. */
  readonly number: number | null
  /** Wall time. */
  readonly durationMs: number | null
  /** JSON: the learning curves, for people. */
  readonly curves: string | null
}

export interface Journal {
  /** Gives the next free number of a replay channel in this state directory: 1, 2, 3 ... */
  nextRunNumber(): Promise<number>
  /** A run that begins again under its id keeps its records and is the newest once more. */
  startRun(run: RunStart): Promise<void>
  /** One transaction: a batch is there whole or not at all. Gives the seq of its last event; undefined where it had none. */
  record(runId: string, batch: JournalBatch): Promise<number | undefined>
  /** Recording a training again replaces it: a run that goes on makes the one that was cut short anew. */
  recordTraining(training: TrainingRow): Promise<void>
  hasTraining(trainingId: string): Promise<boolean>
  /** By the time they were made for, oldest first. */
  trainings(): Promise<readonly TrainingRow[]>
  /** Of the releases of a channel that were built here, the one of the highest version. */
  newestRelease(channel: string): Promise<TrainedRelease | undefined>
  endRun(runId: string, end: RunEnd): Promise<void>
}
