// At most so many at once, the rest in the order they came.

export interface Bulkhead {
  /** Waits for a place and gives what to call when it is free again. Aborted, it throws the signal's reason and takes none. */
  enter(signal: AbortSignal): Promise<() => void>
}

/** @example const leave = await bulkhead(3).enter(signal) */
export function bulkhead(places: number): Bulkhead {
  const waiting: (() => void)[] = []
  let taken = 0
  const leaver = (): (() => void) => {
    let left = false
    return () => {
      if (left) return
      left = true
      const next = waiting.shift()
      // The place goes from hand to hand: nobody who comes just now gets in between.
      if (next === undefined) taken--
      else next()
    }
  }
  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (taken < places) {
        taken++
        return leaver()
      }
      const turn = Promise.withResolvers<void>()
      const go = (): void => turn.resolve()
      const stop = (): void => {
        const at = waiting.indexOf(go)
        if (at < 0) return
        waiting.splice(at, 1)
        turn.reject(signal.reason)
      }
      waiting.push(go)
      signal.addEventListener('abort', stop, { once: true })
      try {
        await turn.promise
      } finally {
        signal.removeEventListener('abort', stop)
      }
      return leaver()
    },
  }
}
