// `ratchet logs`: what was logged on a state directory, by level, tag and time, and what comes (OBS-05).

import { Option } from 'commander'
import { LOG_LEVELS, type LogLevel, reaches } from '../base/log.ts'
import { duration, wholeNumber } from './arguments.ts'
import type { Verb } from './command.ts'
import { example } from './lines.ts'

type LogsOptions = {
  readonly follow?: true
  readonly level: LogLevel
  readonly tag?: string
  readonly since?: number
  readonly last: number
}

type LogLine = {
  readonly time: string
  readonly level: LogLevel
  readonly event: string
  readonly tag?: string
  readonly message: string
}

/** Undefined for what is no line of ours: the end of one that was cut off. */
function parsed(text: string): LogLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<LogLine> | null
    return typeof line?.message === 'string' && typeof line.time === 'string' ? (line as LogLine) : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

const wordsOf = ({ time, level, tag, message }: LogLine): string =>
  `${time} ${level.padEnd(5)} ${tag === undefined || message.startsWith('[') ? '' : `[${tag}] `}${message}`

export const logs: Verb = (program, act) => {
  program
    .command('logs')
    .description('show what was logged, also by a loop that runs')
    .option('--follow', 'go on with what comes, until stopped')
    .addOption(new Option('--level <level>', 'only this and above').choices(LOG_LEVELS).default('debug'))
    .option('--tag <tag>', 'only with this tag, such as CLOUD-SYNC')
    .option('--since <time>', 'only so far back, such as 15m', duration)
    .option('--last <n>', 'at most so many of what is there', wholeNumber(1), 200)
    .addHelpText('after', example('logs --follow --tag CLOUD-SYNC'))
    .action(
      act(async ({ ports, out, signal, stateDirectory, logFiles }, options: LogsOptions) => {
        const { follow, level, tag, since, last } = options
        const from = since === undefined ? undefined : new Date(ports.clock.now() - since).toISOString()
        const wanted = (line: LogLine | undefined): line is LogLine =>
          line !== undefined &&
          reaches(line.level, level) &&
          (tag === undefined || line.tag === tag.toUpperCase()) &&
          (from === undefined || line.time >= from)
        let there: LogLine[] | undefined = []
        for await (const text of logFiles.lines(stateDirectory, follow === true ? signal : undefined)) {
          if (text === undefined) {
            const lines: readonly LogLine[] = there ?? []
            there = undefined
            if (follow === true) for (const line of lines) out.result(line, [wordsOf(line)])
            else out.result({ lines }, lines.length === 0 ? ['nothing was logged that fits'] : lines.map(wordsOf))
            continue
          }
          const line = parsed(text)
          if (!wanted(line)) continue
          if (there === undefined) out.result(line, [wordsOf(line)])
          else {
            there.push(line)
            if (there.length > last) there.shift()
          }
        }
      }),
    )
}
