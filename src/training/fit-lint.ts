// Proof by perturbation that what is fitted saw nothing but the rows it may see: scramble all others, fit again, and every part must be bit for
// bit what it was (FEAT-06, SPLIT-02).

import type { Rng } from '../base/rng.ts'

/** What a fit leaves behind, by name: bytes or numbers. */
export type FittedParts = ReadonlyMap<string, ArrayLike<number>>

export type FitLint<Data> = {
  readonly data: Data
  /** Must start from nothing at each call, with the same seed. */
  readonly fit: (data: Data) => FittedParts | Promise<FittedParts>
  /** A copy of the data in which everything that the fit must not see is something else. */
  readonly scramble: (data: Data, rng: Rng) => Data
  readonly rng: Rng
  readonly samples?: number
}

function differs(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return true
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return true
  return false
}

/**
 * @returns names of the parts that changed, in the order of the fit; empty: clean
 * @example await lintFit({ data, fit: shippedParts, scramble, rng: seededRng(1) }) // []
 */
export async function lintFit<Data>({ data, fit, scramble, rng, samples = 2 }: FitLint<Data>): Promise<string[]> {
  const truth = await fit(data)
  const leaking = new Set<string>()
  for (let sample = 0; sample < samples; sample++) {
    const again = await fit(scramble(data, rng.fork(`sample ${sample}`)))
    for (const name of new Set([...truth.keys(), ...again.keys()])) {
      if (differs(truth.get(name), again.get(name))) leaking.add(name)
    }
  }
  return [...leaking]
}
