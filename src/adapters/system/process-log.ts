// The log of a process or a thread: every line in the file of the state directory, and on stderr those that somebody there can use (OBS-05).

import { type Log, type LogLevel, reaches } from '../../base/log.ts'
import { logFile } from '../files/log-file.ts'
import { systemClock } from './clock.ts'
import { type FoldedLog, foldedLog, lineLog } from './log.ts'

export type ProcessLogOptions = {
  readonly directory: string
  readonly level: () => LogLevel
  /** `auto`: words on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'json' | 'pretty'
  /** A person looks at stderr: there the program speaks for itself, and only warnings come between. */
  readonly terminal: boolean
}

export function processLog({ directory, level, format, terminal }: ProcessLogOptions): FoldedLog {
  const say = (line: string): void => void process.stderr.write(line)
  const text = format === 'pretty' || (format === 'auto' && terminal)
  const heard = (): LogLevel => (terminal && !reaches(level(), 'warn') ? 'warn' : level())
  const screen = lineLog({ clock: systemClock, write: say, format: text ? 'text' : 'json', level: heard })
  const onFault = (cause: unknown) =>
    screen.write('warn', 'log.file', 'the log file cannot be written', { cause: String(cause) })
  const write = logFile({ directory, onFault })
  const file = lineLog({ clock: systemClock, write, format: 'json', level })
  const both: Log = {
    write(...line) {
      screen.write(...line)
      file.write(...line)
    },
  }
  const folded = foldedLog(both, systemClock)
  return {
    write: (...line) => folded.write(...line),
    flush() {
      folded.flush()
      write('')
    },
  }
}
