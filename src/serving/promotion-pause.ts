// Automatic promotion rests after a rollback: an hour after each, and after two within a day until a person resumes it (SRV-61). What was
// taken back is blocked, its near-twin in the next version is not. The chained history is where the pause is read from.

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { SlotEventKind } from './history.ts'
import { eventOf, type Installation } from './installation.ts'
import type { SlotHistory } from './registry.ts'
import { writing } from './writing.ts'

export type PromotionPause = {
  /** Manifest digest of what was taken back last. */
  readonly digest: string | null
  /** ms UTC; null: until a person resumes. */
  readonly until: number | null
  /** Why it was taken back. */
  readonly reason: string
}

const PAUSE_MS = 3_600_000
const DAY_MS = 86_400_000

const KINDS: readonly SlotEventKind[] = ['rolledBack', 'resumed', 'restarted']

/**
 * Undefined where releases take charge by themselves.
 *
 * @example (await promotionPause(registry, 'main', clock.now()))?.until // null: wait for a person
 */
export async function promotionPause(
  registry: Pick<SlotHistory, 'eventsOf'>,
  slot: string,
  nowMs: number,
): Promise<PromotionPause | undefined> {
  const events = await registry.eventsOf(slot, KINDS)
  const back = events.slice(events.findLastIndex(({ event }) => event !== 'rolledBack') + 1)
  const last = back.at(-1)
  if (last === undefined) return undefined
  const twice = back.some(({ at }, i) => i > 0 && at - back[i - 1]!.at <= DAY_MS)
  if (!twice && nowMs >= last.at + PAUSE_MS) return undefined
  return { digest: last.from, until: twice ? null : last.at + PAUSE_MS, reason: last.cause }
}

export function pauseSentence({ until, reason }: PromotionPause): string {
  const end = until === null ? 'a person resumes it' : new Date(until).toISOString()
  return `Automatic promotion rests until ${end}, after a rollback: ${reason}`
}

/** Refusals: `NOT_PAUSED`, those of the lock. */
export function resumePromotion({ reason }: { readonly reason: string }, installation: Installation) {
  return writing('resume', installation, async (): Promise<Outcome<PromotionPause>> => {
    const { slot, registry, clock, log } = installation
    const pause = await promotionPause(registry, slot.name, clock.now())
    if (pause === undefined) return refused('NOT_PAUSED', 'automatic promotion is not paused')
    const { digest } = pause
    await registry.append(eventOf(installation, { event: 'resumed', from: digest, to: digest, cause: reason }))
    log.write('warn', 'model.resumed', `Automatic promotion of slot ${slot.name} goes on: ${reason}`)
    return accepted(pause)
  })
}
