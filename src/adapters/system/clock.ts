// The machine's own clocks: the only place that reads them.

import type { Clock } from '../../base/clock.ts'

export const systemClock: Clock = { now: () => Date.now() }

/** For measuring and waiting: starts at the wall clock's time and never jumps, whatever is done to that one. */
export const monotonicClock: Clock = { now: () => performance.timeOrigin + performance.now() }
