// The training slots of the clock, one after the other, until they are stopped (SCHED-01).

import { sleepUntil, type Time } from '../base/sleep-until.ts'
import { slotAt } from './schedule.ts'

export type TrainingByClock = {
  readonly time: Time
  /** Read at each slot: it may change meanwhile. */
  readonly cadence: { readonly intervalMinutes: number }
  readonly signal: AbortSignal
  /** Runs a slot; rejects only when it is aborted. */
  readonly run: (slotMs: number) => Promise<void>
}

/**
 * Runs the slot that has begun and then each one as it begins. Of slots that were missed, because one took long or the machine slept, the
 * newest is run, once.
 *
 * @returns never; rejects with the signal's reason
 */
export async function trainingByClock({ time, cadence, signal, run }: TrainingByClock): Promise<never> {
  for (let tried: number | undefined; ; ) {
    signal.throwIfAborted()
    const { intervalMinutes } = cadence
    const slot = slotAt(time.clock.now(), intervalMinutes)
    if (slot !== tried) {
      tried = slot
      await run(slot)
    }
    await sleepUntil(slot + intervalMinutes * 60_000, time, signal)
  }
}
