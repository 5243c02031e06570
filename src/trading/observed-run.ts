// One run of a backtest with everything that its report needs noted on the way.

import type { Bar } from '../market/bar.ts'
import { type CandidateBook } from './candidates.ts'
import type { DecisionRecord } from './decision.ts'
import { fingerprint } from './fingerprint.ts'
import type { BarConditions } from './random-entries.ts'
import { type Run, type RunOptions, run } from './run.ts'

export type ObservedRun = Run & {
  readonly fingerprint: string
  readonly conditions: BarConditions
  /** Index of the first decided bar among those that were run over; -1 where warm-up never ended. */
  readonly firstReady: number
  readonly investedBars: number
  /** decisionId of each entry -> what the market was like, and the index of the bar at whose close it was decided. */
  readonly entries: ReadonlyMap<string, { readonly regime: string; readonly session: string; readonly bar: number }>
  readonly outcomes: Readonly<Record<string, number>>
  /** First blocking reason of each decision that did not enter. */
  readonly reasons: Readonly<Record<string, number>>
}

/** @param book may have seen bars before those that are run over */
export function observedRun(
  book: CandidateBook,
  bars: readonly Bar[],
  options: Omit<RunOptions, 'events' | 'table' | 'onDecision' | 'onFill' | 'onBar'> & {
    readonly beforeBar?: ((bar: Bar) => void) | undefined
    /** Finer bars of the time of a bar. */
    readonly finer?: ((bar: Bar) => readonly Bar[]) | undefined
  },
): ObservedRun {
  const print = fingerprint()
  const conditions = {
    atr: new Float64Array(bars.length).fill(Number.NaN),
    spreadBps: new Float64Array(bars.length).fill(Number.NaN),
    session: new Uint8Array(bars.length),
  }
  const entries = new Map<string, { regime: string; session: string; bar: number }>()
  let current = -1
  const outcomes: Record<string, number> = {}
  const reasons: Record<string, number> = {}
  let seenBefore: number | undefined
  let firstReady = -1
  let investedBars = 0
  const note = ({ decisionId, regime, session, outcome, reasons: [first] }: DecisionRecord): void => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    if (outcome === 'enter') entries.set(decisionId, { regime, session, bar: current })
    else if (first !== undefined) reasons[first.code] = (reasons[first.code] ?? 0) + 1
  }
  const made = run({
    ...options,
    events: bars.values().map(bar => {
      options.beforeBar?.(bar)
      current += 1
      const event = book.update(bar)
      return options.finer === undefined ? event : { ...event, finer: options.finer(bar) }
    }),
    table: book.table,
    onDecision: note,
    onFill: fill => print.fill(fill),
    onBar({ index: place, bar, ready, atr, spreadBps, session }, equity, invested) {
      seenBefore ??= place
      const index = place - seenBefore
      print.point(bar.knownAt, equity)
      if (invested) investedBars += 1
      if (!ready) return
      if (firstReady < 0) firstReady = index
      conditions.atr[index] = atr
      conditions.spreadBps[index] = spreadBps
      conditions.session[index] = session
    },
  })
  print.point(bars.at(-1)!.knownAt, made.equity.at(-1)!)
  return { ...made, fingerprint: print.hex(), conditions, firstReady, investedBars, entries, outcomes, reasons }
}
