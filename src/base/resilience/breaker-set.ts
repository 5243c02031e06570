// The breakers of a policy, one per operation key: begun where an earlier process left them, and kept whenever what they know has changed.

import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'
import { type Breaker, type BreakerMark, type BreakerOptions, type BreakerState, circuitBreaker } from './breaker.ts'
import type { BreakerMemory } from './breaker-memory.ts'

export interface BreakerSet {
  of(key: string): Promise<Breaker>
  /** Durable when it resolves; failing to keep is told and harms nobody. */
  keep(): Promise<void>
}

export type BreakerSetOptions = {
  readonly breaker: Omit<BreakerOptions, 'onChange' | 'from'>
  readonly memory?: BreakerMemory | undefined
  readonly log: Log
  readonly onChange: (key: string, to: BreakerState, from: BreakerState) => void
}

/** Nothing is known: one probe shows how it is (case 162, safe-open). */
const UNSURE: BreakerMark = { openForMs: 0, openings: 0, failures: 0, quietForMs: 0 }

export function breakerSet({ breaker: options, memory, log, onChange }: BreakerSetOptions): BreakerSet {
  const known = new Map<string, Breaker>()
  let loading: Promise<ReadonlyMap<string, BreakerMark> | undefined> | undefined
  let saving: Promise<void> = Promise.resolve()
  let kept = ''

  const told = (event: string, text: string, cause: unknown): void =>
    log.write('warn', event, text, {
      cause: cause instanceof Fault ? `${cause.code}: ${cause.message}` : String(cause),
    })
  const load = async (): Promise<ReadonlyMap<string, BreakerMark> | undefined> => {
    try {
      return (await memory?.load()) ?? new Map()
    } catch (cause) {
      told('resilience.memory', 'what was known of failing places is lost: each is asked once to find out', cause)
      return undefined
    }
  }
  const save = async (): Promise<void> => {
    if (memory === undefined) return
    const marks = new Map((await loading) ?? [])
    for (const [key, breaker] of known) {
      const mark = breaker.mark()
      if (mark === undefined) marks.delete(key)
      else marks.set(key, mark)
    }
    // What only time changes needs no writing: the moment is in the file.
    const facts = JSON.stringify(
      [...marks].map(([key, { openings, failures, openForMs }]) => [key, openings, failures, openForMs === null]),
    )
    if (facts === kept) return
    try {
      await memory.save(marks)
      kept = facts
    } catch (cause) {
      told('resilience.memory', 'what is known of failing places cannot be kept for the next start', cause)
    }
  }

  return {
    async of(key) {
      const marks = await (loading ??= load())
      const found = known.get(key)
      if (found !== undefined) return found
      const from = marks === undefined ? UNSURE : marks.get(key)
      const made = circuitBreaker({ ...options, from, onChange: (to, before) => onChange(key, to, before) })
      known.set(key, made)
      return made
    },
    keep() {
      saving = saving.then(save)
      return saving
    },
  }
}
