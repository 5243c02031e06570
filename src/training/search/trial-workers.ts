// The port to whoever makes the trials of a search: this thread, or several at once. Which of them made a trial leaves no trace in it.

import type { TrialWork, Tried } from './role-objective.ts'
import { tryRole } from './role-objective.ts'
import type { Parameters } from './space.ts'

export interface TrialWorkers {
  /** Trials that can be made at once. */
  readonly count: number
  /** Faults: those of `tryRole`, and `THREAD_LOST`, for which the parameters are not to blame. */
  attempt(parameters: Parameters, resource: number): Promise<Tried>
  /** Ends what is still going on; its answers are `THREAD_LOST`. */
  close(): Promise<void>
}

export type OpenTrialWorkers = (work: TrialWork) => Promise<TrialWorkers>

/** All trials in this thread, one after the other. */
export const ownTrials: OpenTrialWorkers = async work => {
  const stop = new AbortController()
  return {
    count: 1,
    attempt: (parameters, resource) => tryRole(work, parameters, { resource, signal: stop.signal }),
    close: async () => stop.abort(),
  }
}
