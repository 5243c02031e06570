// A pass over a release source that may take so long and no longer, so that one source that hangs does not hold up the others (REL-50).

import { withDeadline } from '../base/deadline.ts'
import { Fault } from '../base/fault.ts'
import type { Timer } from '../base/timer.ts'

export type PassTime = {
  readonly source: string
  readonly ms: number
  readonly timer: Timer
  readonly signal: AbortSignal
}

/**
 * The end of a pass that is called off is waited for: it may be in the middle of an installation. That of a late one is not.
 *
 * Fault: `SYNC_DEADLINE`.
 * @example await timedPass(late => fetchAndInstall(late), { source, ms: 15 * 60_000, timer, signal })
 */
export function timedPass<T>(
  pass: (signal: AbortSignal) => Promise<T>,
  { source, ms, timer, signal }: PassTime,
): Promise<T> {
  const late = () =>
    new Fault('SYNC_DEADLINE', `the pass took longer than ${ms / 60_000} minutes and was given up`, {
      place: source,
      fix: 'see whether the source answers, or give it longer: cloudSync.passMinutes',
    })
  const uncalled = new AbortController().signal
  return withDeadline(own => pass(AbortSignal.any([signal, own])), { ms, timer, signal: uncalled, late })
}
