// What this page knows of a run: a snapshot of the API, carried on by events. Everything in it is bounded.

import type { Live, Status } from '../../../src/api/schemas/status.ts'
import type { RunEvent, RunEventBodies } from '../../../src/loop/run-event.ts'
import type { AccountPoint } from './account-series.ts'

export type BarDecision = NonNullable<RunEventBodies['bar']['decision']>

/** A bar and what was decided on it; who decided is unknown until its decision is read. */
export type ChartBar = {
  readonly index: number
  readonly time: number
  readonly knownAt: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly releaseId: string | null
  readonly decision: BarDecision | null
}

/** An event that people should hear of, newest first in its list. */
export type Notice = Extract<
  RunEvent,
  { topic: 'training' | 'judged' | 'swap' | 'risk' | 'control' | 'run' | 'published' | 'sync' }
>

export type FillEvent = Extract<RunEvent, { topic: 'fill' }>
export type TradeEvent = Extract<RunEvent, { topic: 'trade' }>

export type Picture = {
  readonly status: Status
  /** The newest event in here. */
  readonly lastSeq: number
  /** Oldest first, indexes without gap; the same array while a run goes on, with `revision` rising when bars were added or changed. */
  readonly bars: ChartBar[]
  readonly revision: number
  /** The account, thinned; same rule. */
  readonly account: AccountPoint[]
  readonly fills: readonly FillEvent[]
  readonly trades: readonly TradeEvent[]
  readonly notices: readonly Notice[]
  readonly live: Live | null
  /** The training whose curves were seen last, running or over. */
  readonly lastTraining: Live['training']
}

export const LIMITS = { bars: 20_000, account: 6000, fills: 4000, trades: 2000, notices: 200 } as const
