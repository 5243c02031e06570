// Waiting on the machine's own clock.

import { setTimeout as after, setImmediate as nextTurn } from 'node:timers/promises'
import type { Timer } from '../../base/timer.ts'

/** Node counts a timer in 31 bits and fires at once beyond; a longer wait is made of pieces. */
const LONGEST_MS = 2 ** 31 - 1

export const systemTimer: Timer = {
  async sleep(ms, signal) {
    signal?.throwIfAborted()
    try {
      if (ms <= 0) await nextTurn(undefined, { signal })
      for (let left = ms; left > 0; left -= LONGEST_MS) await after(Math.min(left, LONGEST_MS), undefined, { signal })
    } catch (cause) {
      signal?.throwIfAborted()
      throw cause
    }
  },
}
