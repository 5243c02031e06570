// Log lines: one JSON object a line for machines, level and text for people; control characters never get through (OBS-05).

import type { Clock } from '../../base/clock.ts'
import { type Log, type LogLevel, reaches, tagOf } from '../../base/log.ts'

export type LineLogOptions = {
  readonly clock: Clock
  readonly write: (line: string) => void
  readonly format: 'json' | 'text'
  /** Lines below are not written; asked at each line. */
  readonly level: LogLevel | (() => LogLevel)
}

export function lineLog({ clock, write, format, level: least }: LineLogOptions): Log {
  return {
    write(level, event, message, fields = {}) {
      if (!reaches(level, typeof least === 'function' ? least() : least)) return
      const time = new Date(clock.now()).toISOString()
      const tag = tagOf(event, message)
      const head = { time, level, event, ...(tag === undefined ? {} : { tag }), message }
      // Nothing that a field is called may stand in the place of these.
      const line = format === 'json' ? JSON.stringify({ ...head, ...fields, ...head }) : `${time} ${level} ${message}`
      write(`${line.replace(/\p{Cc}/gu, ' ')}\n`)
    },
  }
}

/** Lines of one second beyond which the same ones are only counted. */
const MOST_A_SECOND = 10

export interface FoldedLog extends Log {
  /** Tells what was folded and not told of yet; to be called at the end. */
  flush(): void
}

/** Identical lines above 10 a second are told once, with their number, when the second is over. */
export function foldedLog(log: Log, clock: Clock): FoldedLog {
  let second = Number.NaN
  const seen = new Map<string, { count: number; readonly again: (folded: number) => void }>()
  const flush = (): void => {
    for (const { count, again } of seen.values()) if (count > MOST_A_SECOND) again(count - MOST_A_SECOND)
    seen.clear()
  }
  return {
    flush,
    write(level, event, message, fields) {
      const now = Math.floor(clock.now() / 1000)
      if (now !== second) flush()
      second = now
      const key = JSON.stringify([level, event, message, fields])
      const again = (folded: number) =>
        log.write(level, event, `${message} (${folded} more within a second)`, { ...fields, folded })
      const line = seen.get(key) ?? { count: 0, again }
      seen.set(key, line)
      if (++line.count <= MOST_A_SECOND) log.write(level, event, message, fields)
    },
  }
}
