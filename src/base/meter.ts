// What one thread measures and another one shows: gathered as it comes and handed over in batches, so that measuring slows nothing down.

import type { Clock } from './clock.ts'

/** Values by name, in the order of their coming. Plain data, which travels between threads. */
export type Readings<Name extends string> = { readonly [N in Name]?: readonly number[] }

export type ReadingListener<Name extends string> = (readings: Readings<Name>) => void

export interface Meter<Name extends string> {
  /** The stopwatch, ms. */
  now(): number
  /** While nobody listens, nothing is kept. */
  note(name: Name, value: number): void
  /** Asked whenever a batch leaves, for what is true rather than happens; undefined tells nothing. @returns a call that ends it */
  watch(name: Name, read: () => number | undefined): () => void
  /** Hands over what has gathered, where its time has come. */
  turn(): void
  /** @returns a call that ends the listening, after what is left was handed over */
  on(listener: ReadingListener<Name>): () => void
}

export type MeterOptions = {
  /** Never goes back. */
  readonly stopwatch: Clock
  /** Between two batches. */
  readonly everyMs?: number
  /** Values that are handed over at once, whatever the time. */
  readonly most?: number
}

/**
 * @example
 * const own = meter<'decisionSeconds'>({ stopwatch })
 * own.on(({ decisionSeconds = [] }) => show(decisionSeconds))
 * own.note('decisionSeconds', 0.0001)
 * own.turn()
 */
export function meter<Name extends string>({ stopwatch, everyMs = 1000, most = 4096 }: MeterOptions): Meter<Name> {
  const listeners = new Set<ReadingListener<Name>>()
  const watched = new Map<Name, () => number | undefined>()
  let gathered: { [N in Name]?: number[] } = {}
  let count = 0
  let handedAt = stopwatch.now()

  const gather = (name: Name, value: number): void => {
    const values = (gathered[name] ??= [])
    values.push(value)
    count++
  }
  const handOver = (): void => {
    for (const [name, read] of watched) {
      const value = read()
      if (value !== undefined) gather(name, value)
    }
    handedAt = stopwatch.now()
    if (count === 0) return
    const full = gathered
    gathered = {}
    count = 0
    for (const listener of listeners) listener(full)
  }
  return {
    now: () => stopwatch.now(),
    note(name, value) {
      if (listeners.size === 0) return
      gather(name, value)
      if (count >= most) handOver()
    },
    watch(name, read) {
      watched.set(name, read)
      return () => {
        // A later one of the same name stays.
        if (watched.get(name) === read) watched.delete(name)
      }
    },
    turn() {
      if (listeners.size > 0 && stopwatch.now() - handedAt >= everyMs) handOver()
    },
    on(listener) {
      listeners.add(listener)
      return () => {
        if (listeners.has(listener)) handOver()
        listeners.delete(listener)
      }
    },
  }
}
