// The training that runs, as something that a person may stop.

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'

export interface FitStop {
  /** A training begins; the signal aborts with `TRAIN_STOPPED` when it is stopped. */
  begin(): AbortSignal
  /** It is over, however it ended. */
  end(): void
  /** Refusal: `NOT_TRAINING`. */
  stop(reason: string): Outcome<string>
}

/**
 * @example
 * const fits = fitStop()
 * fits.stop('too long').ok // false: none runs
 */
export function fitStop(): FitStop {
  let running: AbortController | undefined
  return {
    begin() {
      running = new AbortController()
      return running.signal
    },
    end: () => void (running = undefined),
    stop(reason) {
      if (running === undefined || running.signal.aborted) return refused('NOT_TRAINING', 'no training runs now')
      running.abort(new Fault('TRAIN_STOPPED', `stopped by a person: ${reason}`))
      return accepted('the training is stopped: nothing comes of it, and the next one begins when it is due')
    },
  }
}
