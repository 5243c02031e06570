// The contract of a search method: what to try next is a function of the seed and of all that was tried before, and of nothing else. So a
// search that stopped goes on as if it had not, and any number of workers comes to the same answer.

import type { Rng } from '../../base/rng.ts'
import type { Space } from './space.ts'
import type { Trial } from './trial.ts'

export type Proposal = { readonly unit: readonly number[]; readonly resource: number }

export type Ask = {
  readonly space: Space
  /** Whole batches that came before, in order of number. */
  readonly trials: readonly Trial[]
  /** Of the whole search; methods fork it by trial number. */
  readonly rng: Rng
  /** How many trials there are to be in all. */
  readonly limit: number
}

export interface SearchMethod {
  readonly name: string
  /** False where early trials are meant to be worse than later ones. */
  readonly stopsEarly: boolean
  /** The next batch, evaluated before the one after it is asked for; empty where there is nothing left to try. */
  propose(ask: Ask): Proposal[]
}

/** Trials of a batch, where the method does not say otherwise: it does not depend on how many workers there are. */
export const BATCH = 4

/** Uniform in the cube, by trial number. */
export function uniform({ space, rng }: Ask, number: number): number[] {
  const own = rng.fork(`trial ${number}`)
  return Object.keys(space).map(() => own.next())
}

/** Numbers of the next batch of at most `size`. */
export function nextNumbers({ trials, limit }: Ask, size: number = BATCH): number[] {
  return Array.from({ length: Math.max(0, Math.min(size, limit - trials.length)) }, (_, i) => trials.length + i + 1)
}

export const atFullEffort = (unit: readonly number[]): Proposal => ({ unit, resource: 1 })
