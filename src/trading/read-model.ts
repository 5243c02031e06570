// What a state directory remembers of its runs, for reading only: the port behind every view. Nothing here waits for the loop.

import type { ExitReason, Order, OrderRole } from '../market/trade.ts'
import type { DecisionOutcome, DecisionRecord } from './decision.ts'
import type { RunFacts } from './journal.ts'

export type StoredRun = {
  readonly runId: string
  readonly channel: string
  readonly startedAt: number
  readonly endedAt: number | null
  readonly state: 'running' | 'finished' | 'failed' | 'interrupted'
  readonly seed: string
  readonly symbol: string
  readonly dataHash: string
  readonly configSnapshot: string
  /** Canonical JSON of the summary; null until the end. */
  readonly summary: string | null
  /** Null in runs of the first schema. */
  readonly facts: RunFacts | null
  readonly barsDone: number | null
}

/** Prices in steps, money in millionths, as booked. */
export type StoredFill = {
  readonly tradeId: string
  readonly orderId: string
  readonly decisionId: string
  readonly side: number
  readonly quantity: number
  readonly role: string
  readonly price: number
  readonly slippage: number
  readonly commissionMicros: number
  readonly at: number
}

/** As it was sent, with what of it was filled since. */
export type StoredOrder = {
  readonly order: Order
  /** Of the decision that it is of. */
  readonly decisionSeq: number
  readonly filled: number
}

export type StoredTrade = {
  readonly decisionId: string
  /** Of the decision that opened it. */
  readonly decisionSeq: number
  readonly releaseId: string
  readonly strategy: string
  readonly side: number
  readonly quantity: number
  readonly entry: number
  readonly exit: number
  readonly entryTime: number
  readonly exitTime: number
  readonly exitReason: string
  readonly grossMicros: number
  readonly costsMicros: number
  readonly netMicros: number
  readonly r: number
}

export type StoredPoint = {
  readonly at: number
  readonly equityMicros: number
  /** Null in runs of the first schema. */
  readonly holdMicros: number | null
  readonly previousMicros: number | null
}

export type StoredTraining = {
  readonly trainingId: string
  readonly runId: string | null
  readonly number: number | null
  readonly symbol: string
  readonly asOf: number
  readonly status: 'released' | 'skipped' | 'failed'
  readonly rows: number | null
  readonly effectiveRows: number | null
  readonly releaseId: string | null
  /** Digest of its release. */
  readonly digest: string | null
  readonly fault: string | null
  readonly durationMs: number | null
}

/** With its long texts: read one training at a time and never with a list. */
export type TrainingInFull = StoredTraining & {
  /** Canonical JSON: the evaluation, or what failed, or why it was skipped. */
  readonly report: string
  /** JSON of `CurvePoint[]`. */
  readonly curves: string | null
}

export type StoredEvent = {
  readonly seq: number
  readonly runId: string
  readonly topic: string
  readonly at: number
  /** JSON. */
  readonly body: string
}

/** Where a page begins: after this row in the order of the page. */
export type Place = { readonly at: number; readonly id: string }

export type PageQuery = {
  readonly runId: string
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly after?: Place | undefined
  readonly limit: number
  readonly newestFirst: boolean
}

export type RoleQuery = PageQuery & { readonly role?: OrderRole | undefined }

export type TradeQuery = PageQuery & { readonly exitReason?: ExitReason | undefined }

export type DecisionQuery = Omit<PageQuery, 'after'> & {
  readonly outcome?: DecisionOutcome | undefined
  readonly afterSeq?: number | undefined
}

export type EventQuery = {
  readonly after: number
  readonly limit: number
  /** Absent: all. */
  readonly topics?: readonly string[] | undefined
}

export interface RunReader {
  /** Newest first. */
  runs(): Promise<readonly StoredRun[]>
  /** JSON of the configuration that a run was started with. */
  configuration(snapshotId: string): Promise<string | undefined>
  decisions(query: DecisionQuery): Promise<readonly DecisionRecord[]>
  decision(runId: string, seq: number): Promise<DecisionRecord | undefined>
  decisionNamed(runId: string, decisionId: string): Promise<DecisionRecord | undefined>
  lastDecision(runId: string): Promise<DecisionRecord | undefined>
  /** Decisions with a later seq, counted. */
  decisionCounts(
    runId: string,
    afterSeq: number,
  ): Promise<
    readonly {
      readonly outcome: string
      readonly reason: string | null
      readonly count: number
      readonly last: number
    }[]
  >
  decisionCount(runId: string): Promise<number>
  order(runId: string, orderId: string): Promise<Order | undefined>
  orders(query: RoleQuery): Promise<readonly StoredOrder[]>
  fills(query: RoleQuery): Promise<readonly StoredFill[]>
  entryFill(runId: string, decisionId: string): Promise<StoredFill | undefined>
  /** Signed lots after the last fill. */
  position(runId: string): Promise<number>
  trades(query: TradeQuery): Promise<readonly StoredTrade[]>
  tradeOf(runId: string, decisionId: string): Promise<StoredTrade | undefined>
  tradeCount(runId: string): Promise<number>
}

export interface EquityReader {
  lastPoint(runId: string): Promise<StoredPoint | undefined>
  peakMicros(runId: string): Promise<number | undefined>
  /** Points, which is bars, up to and including a time. */
  pointsUntil(runId: string, at: number): Promise<number>
  /** Every `stride`-th point, the first and the last always. */
  points(runId: string, stride: number): Promise<readonly StoredPoint[]>
}

export interface TrainingReader {
  /** Oldest first. @param runId absent: of all runs, and trainings by hand */
  trainings(runId?: string): Promise<readonly StoredTraining[]>
  training(trainingId: string): Promise<TrainingInFull | undefined>
  /** Of one run, by how they ended. */
  trainingCounts(runId: string): Promise<Readonly<Record<StoredTraining['status'], number>>>
}

export interface EventReader {
  /** In order of seq. */
  events(query: EventQuery): Promise<readonly StoredEvent[]>
  /** Newest first. @param before this seq; absent: from the newest on */
  newestEvents(
    runId: string,
    topics: readonly string[],
    limit: number,
    before?: number,
  ): Promise<readonly StoredEvent[]>
  /** Of the oldest and newest event that is kept; both 0 before the first. */
  eventSpan(): Promise<{ readonly oldest: number; readonly newest: number }>
}

export interface ReadModel extends RunReader, EquityReader, TrainingReader, EventReader {
  /** Throws where the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
