// The same key and body give the same answer for a day, in the memory of this server; another body under the key is refused (API-03).

import type { Clock } from '../base/clock.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'

export type IdempotencyOptions = {
  readonly clock: Clock
  readonly keepMs: number
  /** Most keys that are remembered; the oldest go first. */
  readonly keys?: number
}

export interface Idempotency {
  /**
   * Does the work once for a key, also while it is still under way.
   * Fault: `IDEMPOTENCY_KEY_REUSED`.
   */
  readonly once: <T>(key: string | undefined, request: string, work: () => Promise<T>) => Promise<T>
}

type Entry = { readonly at: number; readonly request: string; readonly answer: Promise<unknown> }

export function idempotency({ clock, keepMs, keys = 10_000 }: IdempotencyOptions): Idempotency {
  const known = new Map<string, Entry>()
  const forget = (): void => {
    for (const [key, { at }] of known) {
      if (clock.now() - at < keepMs && known.size <= keys) return
      known.delete(key)
    }
  }
  return {
    async once<T>(key: string | undefined, request: string, work: () => Promise<T>): Promise<T> {
      if (key === undefined) return work()
      forget()
      const hash = sha256(request)
      const entry = known.get(key)
      if (entry === undefined) {
        const answer = work()
        known.set(key, { at: clock.now(), request: hash, answer })
        // What was refused may be asked again.
        answer.catch(() => known.delete(key))
        return answer
      }
      if (entry.request === hash) return entry.answer as Promise<T>
      throw new Fault('IDEMPOTENCY_KEY_REUSED', 'this key was used for another request', {
        place: 'idempotency-key',
        fix: 'use a new key for each request',
      })
    },
  }
}
