// Trials of a search on several threads at once.

import { openPool } from '../adapters/threads/pool.ts'
import type { Tried } from '../training/search/role-objective.ts'
import type { Parameters } from '../training/search/space.ts'
import { type OpenTrialWorkers, ownTrials } from '../training/search/trial-workers.ts'

export type TrialQuestion = { readonly parameters: Parameters; readonly resource: number }

/** @param threads 1: all trials in the thread that asks */
export function trialThreads(threads: number): OpenTrialWorkers {
  if (threads === 1) return ownTrials
  return async work => {
    const pool = await openPool({ thread: new URL('trial-thread.ts', import.meta.url), members: threads, data: work })
    return {
      count: threads,
      attempt: async (parameters, resource) => (await pool.ask({ parameters, resource })) as Tried,
      close: () => pool.close(),
    }
  }
}
