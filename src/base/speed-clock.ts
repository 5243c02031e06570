// Time that runs faster than the machine's: a loop by the clock, seen in minutes instead of days.

import type { Clock } from './clock.ts'
import type { Time } from './sleep-until.ts'
import type { Timer } from './timer.ts'

export type SpeedClockOptions = Time & {
  /** How many times as fast. */
  readonly speed: number
  /** What it shows at the beginning, ms UTC. */
  readonly startMs: number
}

/**
 * A clock and the timer that belongs to it.
 *
 * @example
 * const hour = speedClock({ clock, timer, speed: 3600, startMs: 0 })
 * await hour.sleep(3_600_000) // one second
 * hour.now() // 3600000, or a little more
 */
export function speedClock({ clock, timer, speed, startMs }: SpeedClockOptions): Clock & Timer {
  if (!(speed > 0)) throw new RangeError(`a clock cannot run at speed ${speed}`)
  const origin = clock.now()
  return {
    now: () => startMs + Math.floor((clock.now() - origin) * speed),
    sleep: (ms, signal) => timer.sleep(ms / speed, signal),
  }
}
