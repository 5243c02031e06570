// LORD++ (Ramdas, Yang, Wainwright and Jordan 2017, eq. 10): a level for each test of an endless sequence, from the outcomes of the tests
// before it, so that the false discovery rate stays below the budget at any time (LEDGER-04).

/** The published constant of this sequence (Javanmard and Montanari 2018): the infinite sum is 0.976, at most 1 as it must be. */
const SCALE = 0.07720838

/**
 * Share of the budget that goes to the j-th test after a discovery, j = 1, 2, 3, ...
 *
 * @example
 * spendingShare(1) // 0.0535
 */
export function spendingShare(j: number): number {
  return (SCALE * Math.log(Math.max(j, 2))) / (j * Math.exp(Math.sqrt(Math.log(j))))
}

export type OnlineFdrOptions = {
  /** False discovery rate that is never passed. */
  readonly rate: number
  /** Wealth before the first discovery, at most `rate`; half of it when absent. */
  readonly initial?: number
}

/**
 * The level of the next test: its p-value must be at most this.
 *
 * @param tests how many tests were made before
 * @param discoveries numbers of those that were discoveries, counted from 1, rising
 * @example
 * nextLevel({ tests: 0, discoveries: [] }, { rate: 0.1 }) // 0.00268
 */
export function nextLevel(
  { tests, discoveries }: { readonly tests: number; readonly discoveries: readonly number[] },
  { rate, initial = rate / 2 }: OnlineFdrOptions,
): number {
  const now = tests + 1
  let level = spendingShare(now) * initial
  for (const [place, when] of discoveries.entries()) {
    level += spendingShare(now - when) * (place === 0 ? rate - initial : rate)
  }
  return level
}
