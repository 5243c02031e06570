// How the command line speaks: results to stdout, progress and problems to stderr, one JSON document with `--json`.

import { Fault } from '../base/fault.ts'
import { EXIT, exitCodeOf } from './exit.ts'

export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Whether stderr is a terminal: progress may rewrite its line. */
  readonly interactive: boolean
  /** How wide it is; undefined where it is none. */
  readonly columns?: number | undefined
  /** Asks whoever sits there for a line; absent where nobody does. */
  readonly ask?: ((question: string) => Promise<string>) | undefined
}

export interface Output {
  /** The result: `value` as JSON, else the lines for people. */
  result(value: unknown, lines: readonly string[]): void
  /** What is going on, 0 to 1; without a terminal one line per 10 %. */
  progress(fraction: number, text: string): void
  note(text: string): void
  /** What must be read before going on: also with `--quiet`. */
  alert(text: string): void
  /** Prints the problem and gives the exit code. */
  problem(error: unknown): number
}

export type OutputOptions = {
  readonly json: boolean
  readonly quiet: boolean
  /** False: progress as plain lines, also on a terminal (`--no-color`). */
  readonly color?: boolean
}

/** A longer line would wrap, and only its last part be rewritten. */
const LONGEST_LINE = 100

/** Control characters of foreign text never reach the terminal. */
const plain = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, ' ')

/** The line under a problem. */
export const toDo = (fix: string): string => `  To do: ${fix}${/[.?!]$/.test(fix) ? '' : '.'}`

export function output(terminal: Terminal, { json, quiet, color = true }: OutputOptions): Output {
  const rewrites = terminal.interactive && color
  const width = Math.min(LONGEST_LINE, (terminal.columns ?? LONGEST_LINE + 1) - 1)
  let tenth = -1
  let open = false
  const endLine = () => {
    if (open) terminal.err('\n')
    open = false
  }
  return {
    result(value, lines) {
      endLine()
      terminal.out(json ? `${JSON.stringify(value)}\n` : lines.map(line => `${plain(line)}\n`).join(''))
    },
    progress(fraction, text) {
      if (quiet) return
      if (rewrites) {
        terminal.err(`\r\u001B[K${plain(text).slice(0, width)}`)
        open = true
        return
      }
      const now = Math.floor(fraction * 10)
      if (now !== tenth) terminal.err(`${plain(text)}\n`)
      tenth = now
    },
    note(text) {
      endLine()
      if (!quiet) terminal.err(`${plain(text)}\n`)
    },
    alert(text) {
      endLine()
      terminal.err(`${plain(text)}\n`)
    },
    problem(error) {
      endLine()
      if (!(error instanceof Fault)) throw error
      if (json) terminal.out(`${JSON.stringify({ error: error.toJSON() })}\n`)
      else {
        const place = error.place === undefined ? '' : ` (${error.place})`
        terminal.err(
          plain(`${error.code}: ${error.message}${place}\n${error.fix === undefined ? '' : `${toDo(error.fix)}\n`}`),
        )
      }
      return error.code === 'INTERRUPTED' ? EXIT.interrupted : exitCodeOf(error.code)
    },
  }
}
