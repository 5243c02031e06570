// Log lines on stderr: one JSON object a line for machines, level and text for people; control characters never get through.

import type { Clock } from '../../base/clock.ts'
import type { Log, LogLevel } from '../../base/log.ts'

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

export type LineLogOptions = {
  readonly clock: Clock
  readonly write: (line: string) => void
  readonly format: 'json' | 'text'
  readonly level: LogLevel
}

export function lineLog({ clock, write, format, level: least }: LineLogOptions): Log {
  return {
    write(level, event, text, fields = {}) {
      if (ORDER.indexOf(level) < ORDER.indexOf(least)) return
      const time = new Date(clock.now()).toISOString()
      const line =
        format === 'json' ? JSON.stringify({ time, level, event, text, ...fields }) : `${time} ${level} ${text}`
      write(`${line.replace(/\p{Cc}/gu, ' ')}\n`)
    },
  }
}
