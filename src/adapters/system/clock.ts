// The machine's own clock: the only place that reads it.

import type { Clock } from '../../base/clock.ts'

export const systemClock: Clock = { now: () => Date.now() }
