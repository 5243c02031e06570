// Holds a swap until the book is flat (SRV-33, flatOnly). What the book is, is asked again and again; whatever is not a clear yes is a no.

import { withDeadline } from '../base/deadline.ts'
import { Fault } from '../base/fault.ts'
import type { Log } from '../base/log.ts'
import type { Time } from '../base/sleep-until.ts'

export type FlatWindowOptions = {
  /** Whether no position is open. Throwing, not answering in time and anything but `true` mean that one may be. */
  readonly isFlat: () => boolean | Promise<boolean>
  /** A clock that nobody sets. */
  readonly time: Time
  readonly signal: AbortSignal
  readonly log: Log
  /** Between two questions, and how long one may take to be answered. */
  readonly everyMs?: number
  readonly maxWaitMs?: number
}

/**
 * A wait of `installRelease`. Fault `SWAP_STARVED` when the book was not flat for so long: the set in charge stays, and the release is
 * fetched and judged again at a later pass, so that what waits is never older than what the source has.
 *
 * @example await updateOnce({ ...options, awaitWindow: flatWindow({ isFlat, time, signal, log }) })
 */
export function flatWindow(options: FlatWindowOptions): () => Promise<void> {
  const { isFlat, time, signal, log, everyMs = 5_000, maxWaitMs = 240 * 60_000 } = options
  const late = () => new Fault('FLAT_UNKNOWN', `isFlat has not answered for ${everyMs} ms`)
  const whyNot = async (): Promise<string | undefined> => {
    try {
      const answer: unknown = await withDeadline(async () => isFlat(), { ms: everyMs, timer: time.timer, signal, late })
      return answer === true ? undefined : 'a position may be open'
    } catch (cause) {
      signal.throwIfAborted()
      return `whether one is open is not known: ${cause instanceof Error ? cause.message : String(cause)}`
    }
  }
  return async () => {
    const since = time.clock.now()
    for (let said: string | undefined; ; ) {
      const reason = await whyNot()
      if (reason === undefined) return
      if (reason !== said) log.write('info', 'model.swap.waiting', `The swap waits for a flat book: ${reason}`)
      said = reason
      if (time.clock.now() - since >= maxWaitMs) {
        throw new Fault('SWAP_STARVED', `the book was not flat for ${maxWaitMs / 60_000} minutes: ${reason}`, {
          fix: 'close the position, or mend isFlat; the release is tried again at a later pass',
        })
      }
      await time.timer.sleep(everyMs, signal)
    }
  }
}
