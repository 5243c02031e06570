// Work that may take so long and no longer.

import type { Fault } from './fault.ts'
import type { Timer } from './timer.ts'

export type Deadline = {
  readonly ms: number
  readonly timer: Timer
  readonly signal: AbortSignal
  /** What to fail with when the time is over. */
  readonly late: () => Fault
}

/**
 * Runs work for at most so long. The work's own signal is aborted when the time is over or `signal` is; its end is not waited for then,
 * because what hangs would not come to one.
 *
 * @example await withDeadline(signal => fetchAll(signal), { ms: 60_000, timer, signal, late: () => new Fault('LATE', 'took too long') })
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { ms, timer, signal, late }: Deadline,
): Promise<T> {
  signal.throwIfAborted()
  const over = new AbortController()
  const stop = () => over.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  const watch = async (): Promise<never> => {
    await timer.sleep(ms, over.signal)
    const fault = late()
    over.abort(fault)
    throw fault
  }
  try {
    return await Promise.race([watch(), work(over.signal)])
  } finally {
    signal.removeEventListener('abort', stop)
    // Ends the watch; work that is over already does not hear it.
    over.abort()
  }
}
