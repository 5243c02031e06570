// What is true of a run while it goes, told to its meter whenever a batch leaves.

import type { Clock } from '../base/clock.ts'
import type { ModelSlot } from '../serving/slot.ts'
import type { RunMeter } from './run-reading.ts'

export type MeteredRun = {
  /** Nothing is told where absent. */
  readonly meter: RunMeter | undefined
  readonly slot: Pick<ModelSlot, 'stats'>
  /** Of the run. */
  readonly clock: Clock
  /** Dollars since the trading day began; absent where nothing is traded. */
  readonly dailyPnl?: (() => number) | undefined
}

export interface RunWatch {
  /** A trusted key signed a word of the channel at this time, ms UTC; an older one says nothing new. */
  readonly signed: (at: number) => void
  /** When the newest was signed; undefined before the first. */
  readonly signedAt: () => number | undefined
  readonly stop: () => void
}

/** @example watchRun({ meter, slot, clock }).signed(pointerIssuedAt) */
export function watchRun({ meter, slot, clock, dailyPnl }: MeteredRun): RunWatch {
  let newest: number | undefined
  const stops = [
    meter?.watch('residentSets', () => slot.stats().resident),
    meter?.watch('channelSeconds', () => newest && Math.max(0, clock.now() - newest) / 1000),
    dailyPnl && meter?.watch('dailyPnl', dailyPnl),
  ]
  return {
    signed: at => void (newest = Math.max(newest ?? at, at)),
    signedAt: () => newest,
    stop: () => stops.forEach(stop => stop?.()),
  }
}
