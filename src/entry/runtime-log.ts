// The log of a runtime: lines go to the program's own function, and nowhere else.

import type { Log } from '../base/log.ts'
import type { LogLine } from './runtime-options.ts'

/** A log that fails has nowhere to be told of, and must not stop an installation. */
export const logTo = (onLog: ((line: LogLine) => void) | undefined): Log => ({
  write(level, event, text, fields = {}) {
    try {
      onLog?.({ level, event, text, fields })
    } catch {
      // Nobody is left to hear it.
    }
  },
})
