// What is known of places that failed, for whoever looks and for whoever knows better (RSL-01).

import { Fault } from '../base/fault.ts'
import { breakerFile } from '../base/resilience/breaker-memory.ts'
import type { Ports } from './ports.ts'
import { runLockOf } from './run-lock.ts'

export type KnownBreaker = {
  /** Place and operation: `cdn.example.com poll`. */
  readonly key: string
  /** `halfOpen`: the next call is a probe. */
  readonly state: 'closed' | 'open' | 'halfOpen'
  /** When it may be asked again, ms UTC; null where it may be now. */
  readonly retryAt: number | null
  /** Times that it opened without a recovery in between. */
  readonly openings: number
  /** In a row. */
  readonly failures: number
}

type BreakerPorts = Pick<Ports, 'disk' | 'clock' | 'withLock'>

/** As the last process that called anything left it. Faults: `BREAKERS_UNREADABLE`, those of the disk. */
export async function knownBreakers(
  directory: string,
  { disk, clock }: Pick<Ports, 'disk' | 'clock'>,
): Promise<readonly KnownBreaker[]> {
  const now = clock.now()
  return [...(await breakerFile({ disk, directory, clock }).load())].map(([key, { openForMs, openings, failures }]) => {
    const open = openForMs !== null && openForMs > 0
    const state = openForMs === null ? 'closed' : open ? 'open' : 'halfOpen'
    return { key, state, retryAt: open ? now + openForMs : null, openings, failures }
  })
}

/**
 * Forgets what is known, so that the place is asked at once; a loop that runs keeps its own knowledge and would write it again.
 *
 * @param key of one breaker; all where absent
 * @returns keys that were forgotten
 * Faults: `BREAKER_UNKNOWN`, `LOCK_BUSY` while a loop runs, and those of `knownBreakers`.
 */
export async function forgetBreakers(
  key: string | undefined,
  directory: string,
  { disk, clock, withLock }: BreakerPorts,
): Promise<readonly string[]> {
  const memory = breakerFile({ disk, directory, clock })
  const known = [...(await memory.load()).keys()]
  if (key !== undefined && !known.includes(key)) {
    const names = known.length === 0 ? 'none is known' : `known: ${known.join(', ')}`
    throw new Fault('BREAKER_UNKNOWN', `no breaker of this name; ${names}`, {
      place: key,
      fix: 'ratchet doctor --breakers',
    })
  }
  const gone = key === undefined ? known : [key]
  if (gone.length === 0) return gone
  await withLock(runLockOf(directory), async () => {
    const marks = new Map(await memory.load())
    for (const name of gone) marks.delete(name)
    await memory.save(marks)
  })
  return gone
}
