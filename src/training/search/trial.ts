// One evaluation of a search, as plain data: what was tried, what came of it, what it cost.

import { mean, standardDeviation } from '../../math/statistics.ts'
import type { Parameters } from './space.ts'

export type Trial = {
  /** 1, 2, 3, ... in the order of proposal. */
  readonly number: number
  /** Place in the unit cube. */
  readonly unit: readonly number[]
  readonly parameters: Parameters
  /** Share of the full effort, 0 to 1. */
  readonly resource: number
  /** The metric of each inner fold, higher is better; empty where it failed. */
  readonly values: readonly number[]
  /** Mean of the folds minus one standard error; null where it failed. */
  readonly value: number | null
  /** Code of what made it fail. */
  readonly fault: string | null
  /** Since the search began, at its end; earlier sittings included. */
  readonly wallMs: number
  readonly cpuMs: number
}

/**
 * Mean minus one standard error: a configuration must be good on all folds, not lucky on one.
 *
 * @example cautious([1, 3]) // 1
 */
export function cautious(values: readonly number[]): number {
  const error = values.length < 2 ? 0 : standardDeviation(values) / Math.sqrt(values.length)
  return mean(values) - error
}

/** The best at full effort, the first of equals; undefined where there is none. */
export function bestOf(trials: readonly Trial[]): Trial | undefined {
  return trials.reduce<Trial | undefined>(
    (best, trial) =>
      trial.resource === 1 && trial.value !== null && (best === undefined || trial.value > best.value!) ? trial : best,
    undefined,
  )
}

/** Places and values of what ended well at full effort. */
export function observed(trials: readonly Trial[]): { readonly unit: readonly number[]; readonly value: number }[] {
  return trials.flatMap(({ unit, value, resource }) => (value === null || resource < 1 ? [] : [{ unit, value }]))
}
