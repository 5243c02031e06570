// Proof by perturbation for values that are published later than they are about (DATA-03): replace everything that was published after t, and
// what was known at t must stay as it was.

import type { Rng } from '../base/rng.ts'

/** A value with the day that it is about and the moment from which it could be known, ms UTC. */
export type Vintage = { readonly observedAt: number; readonly publishedAt: number; readonly value: number }

/** What was known at each moment. */
export type ObserveVintages = (vintages: readonly Vintage[], moments: readonly number[]) => readonly number[]

/**
 * @param moments rising
 * @returns the moments at which something unpublished was known; empty: clean
 * @example lintVintages((all, moments) => moments.map(() => all.at(-1)?.value ?? 0), vintages, moments, { rng: seededRng(1) }).length // > 0
 */
export function lintVintages(
  observe: ObserveVintages,
  vintages: readonly Vintage[],
  moments: readonly number[],
  { rng, samples = 50 }: { readonly rng: Rng; readonly samples?: number },
): readonly number[] {
  const truth = observe(vintages, moments)
  const leaking = new Set<number>()
  for (let sample = 0; sample < samples; sample++) {
    const cut = moments[rng.int(moments.length)]!
    const noise = (value: number) => value * Math.exp(rng.normal()) + rng.normal()
    const changed = vintages.map(one => (one.publishedAt > cut ? { ...one, value: noise(one.value) } : one))
    const again = observe(changed, moments)
    for (const [place, moment] of moments.entries()) {
      if (moment <= cut && !Object.is(truth[place], again[place])) leaking.add(moment)
    }
  }
  return [...leaking].sort((a, b) => a - b)
}
