// Whether training again has been worth it: the running shares of retrainings that helped, by pipeline, model and trigger (SCHED-05).

import { type WorthShare, worthShares } from '../feedback/worth.ts'
import type { Ports, State } from './ports.ts'
import { retrainingBook } from './retraining-book.ts'

export type PipelineWorth = {
  /** Channel and symbol. */
  readonly pipeline: string
  readonly shares: readonly WorthShare[]
}

/** In order of pipeline; those that never trained by the clock are not there. */
export async function trainingWorth({ directory }: Pick<State, 'directory'>, { disk }: Pick<Ports, 'disk'>) {
  const all = await retrainingBook(disk, directory).all()
  return Object.entries(all)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([pipeline, { retrainings }]): PipelineWorth => ({ pipeline, shares: worthShares(retrainings) }))
}
