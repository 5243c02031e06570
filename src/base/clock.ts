// Time as a port: the product never reads the real clock itself.

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now(): number
}

export interface ReplayClock extends Clock {
  /** Moves time forward; a time before now is a bug of the caller. */
  advanceTo(ms: number): void
}

/**
 * A clock that stands still until it is moved.
 *
 * @example
 * const clock = replayClock(0)
 * clock.advanceTo(60_000)
 * clock.now() // 60000
 */
export function replayClock(startMs: number): ReplayClock {
  let now = startMs
  return {
    now: () => now,
    advanceTo(ms) {
      if (ms < now) throw new RangeError(`replay clock cannot go back from ${now} to ${ms}`)
      now = ms
    },
  }
}
