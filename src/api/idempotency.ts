// The same key and body are done once and answered alike for a day, also over a restart; another body under the key is refused (API-03).

import type { Clock } from '../base/clock.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { Log } from '../base/log.ts'
import type { KeyStore } from '../base/resilience/key-store.ts'

export type IdempotencyOptions = {
  readonly clock: Clock
  readonly keepMs: number
  readonly store: KeyStore
  readonly log: Log
}

export interface Idempotency {
  /**
   * Does the work once for a key, also while it is still under way. Work that is refused may be asked for again.
   * Faults: `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_OUTCOME_UNKNOWN`, and those of the store.
   *
   * @typeParam T plain JSON
   */
  readonly once: <T>(key: string | undefined, request: string, work: () => Promise<T>) => Promise<T>
}

type Pending = { readonly request: string; readonly answer: Promise<unknown> }

const reused = (): Fault =>
  new Fault('IDEMPOTENCY_KEY_REUSED', 'this key was used for another request', {
    place: 'idempotency-key',
    fix: 'use a new key for each request',
  })

export function idempotency({ clock, keepMs, store, log }: IdempotencyOptions): Idempotency {
  const pending = new Map<string, Pending>()

  async function first<T>(key: string, request: string, work: () => Promise<T>): Promise<T> {
    const now = clock.now()
    const known = await store.take(key, request, now, now - keepMs)
    if (known !== undefined) {
      if (known.request !== request) throw reused()
      if (known.answer !== null) return JSON.parse(known.answer) as T
      throw new Fault(
        'IDEMPOTENCY_OUTCOME_UNKNOWN',
        'the server ended while it did this; whether it was done is open',
        {
          place: 'idempotency-key',
          fix: 'look at the status, then ask under a new key if it was not done',
        },
      )
    }
    let answer: T
    try {
      answer = await work()
    } catch (cause) {
      await store.release(key)
      throw cause
    }
    try {
      await store.answered(key, JSON.stringify(answer))
    } catch (cause) {
      // It was done, and whoever asked hears so; only a repetition will have to be told that nobody knows.
      log.write('error', 'api.idempotency', 'an answer could not be kept for its key', { cause: String(cause) })
    }
    return answer
  }

  return {
    async once<T>(name: string | undefined, text: string, work: () => Promise<T>): Promise<T> {
      if (name === undefined) return work()
      const [key, request] = [sha256(name), sha256(text)]
      const under = pending.get(key)
      if (under !== undefined) {
        if (under.request !== request) throw reused()
        return under.answer as Promise<T>
      }
      const answer = first(key, request, work)
      pending.set(key, { request, answer })
      try {
        return await answer
      } finally {
        pending.delete(key)
      }
    },
  }
}
