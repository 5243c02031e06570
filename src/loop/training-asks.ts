// Trainings that people ask of a loop by the clock: one waits at a time, and begins when the one that runs is over.

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { Cause } from '../feedback/worth.ts'
import { slotAt, slotId } from './schedule.ts'
import type { SlotWork } from './slot-work.ts'

const MINUTE_MS = 60_000

export interface TrainingAsks {
  /** Refusal: `ALREADY_ASKED`. */
  ask(reason: string): Outcome<string>
  /** Why one waits; undefined where none does. */
  waiting(): string | undefined
  /** Takes the next one up. Rejects with the signal's reason. */
  next(signal: AbortSignal): Promise<Cause>
}

/** @param onChange called when one is asked for and when it is taken up */
export function trainingAsks(onChange: () => void = () => {}): TrainingAsks {
  let reason: string | undefined
  let wake = Promise.withResolvers<void>()
  return {
    waiting: () => reason,
    ask(why) {
      if (reason !== undefined) return refused('ALREADY_ASKED', `a training is asked for already: ${reason}`)
      reason = why
      wake.resolve()
      onChange()
      return accepted('a training begins now, or when the one that runs is over')
    },
    async next(signal) {
      const left = Promise.withResolvers<never>()
      const leave = () => left.reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      try {
        signal.throwIfAborted()
        await Promise.race([wake.promise, left.promise])
      } finally {
        signal.removeEventListener('abort', leave)
      }
      const cause: Cause = { kind: 'asked', reason: reason ?? '' }
      reason = undefined
      wake = Promise.withResolvers()
      onChange()
      return cause
    },
  }
}

/** The newest minute up to now that no slot is named after: those to come belong to the schedule. */
async function freeSlot({ pipeline, state, ports }: SlotWork): Promise<number> {
  let slot = slotAt(ports.clock.now(), 1)
  while (await state.journal.hasTraining(slotId(pipeline, slot))) slot -= MINUTE_MS
  return slot
}

export type TrainingByAsk = {
  readonly asks: TrainingAsks
  readonly work: SlotWork
  /** Runs a slot; rejects only when it is aborted. */
  readonly run: (slotMs: number, cause: Cause) => Promise<void>
}

/** @returns never; rejects with the signal's reason */
export async function trainingByAsk({ asks, work, run }: TrainingByAsk): Promise<never> {
  for (;;) {
    const cause = await asks.next(work.signal)
    await run(await freeSlot(work), cause)
  }
}
