// The end that the system asks for: the first signal stops gracefully, a second one at once, and so does a stop that hangs (RSL-06, case 167).

import { Fault } from '../../base/fault.ts'

/** Exit code of what was cut off (CLI-02). */
const CUT_OFF = 130

export type StopOptions = {
  /** For the one line that is said when the stop hangs. */
  readonly write: (line: string) => void
  /** How long what is under way may take to end. */
  readonly drainMs?: number
}

/**
 * Aborts at the first SIGINT or SIGTERM, with the fault `INTERRUPTED` whose place names the signal. What is still under way `drainMs` later
 * is cut off with exit code 130: the disk is whole at every moment, so nothing is lost that was acknowledged.
 *
 * @example const signal = stopOnSignals({ write: line => void process.stderr.write(line) })
 */
export function stopOnSignals({ write, drainMs = 10_000 }: StopOptions): AbortSignal {
  const stopping = new AbortController()
  // Of whoever has a terminal: it is gone. Others are asked to read their configuration again (`reload.ts`).
  const hangup = process.stdin.isTTY ? (['SIGHUP'] as const) : []
  for (const name of ['SIGINT', 'SIGTERM', ...hangup] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(CUT_OFF)
      const cutOff = (): void => {
        write(
          `STOP_HUNG: something did not end within ${drainMs / 1000} s of ${name} and is cut off; the disk is whole\n`,
        )
        process.exit(CUT_OFF)
      }
      // It keeps nobody: whoever is done before is gone before.
      setTimeout(cutOff, drainMs).unref()
      stopping.abort(
        new Fault('INTERRUPTED', 'stopped by a signal', {
          place: name,
          fix: 'start again: a run goes on where it was',
        }),
      )
    })
  }
  return stopping.signal
}
