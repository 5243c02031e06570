// What came of one answer of a model: the unit that drift is watched in.

export type Outcome = {
  /** When the answer was given, and when what it was about was known, ms UTC. */
  readonly from: number
  readonly at: number
  /** 0 is right, 1 is as wrong as can be; null where an answer is neither. */
  readonly error: number | null
  /** Stated chance that the answer is right; null where the model states none. */
  readonly stated: number | null
  /** What following it earned, in units of planned loss; null where nothing was traded. */
  readonly r: number | null
  /** Slippage of that trade in the same unit; null where it is not known. */
  readonly costR: number | null
}

/**
 * Outcomes that overlap in time share what the market did, and count as one piece of evidence: of a run of them the first is kept, then
 * the first that begins when it has ended.
 *
 * @param outcomes in order of `from`
 * @returns in order of `from` and of `at`
 * @example apart([{ from: 0, at: 9 }, { from: 5, at: 12 }, { from: 9, at: 11 }]).length // 2
 */
export function apart<T extends Pick<Outcome, 'from' | 'at'>>(outcomes: readonly T[]): T[] {
  const kept: T[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const outcome of outcomes) {
    if (outcome.from < free) continue
    kept.push(outcome)
    free = outcome.at
  }
  return kept
}
