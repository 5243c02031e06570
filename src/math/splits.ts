// Purged, embargoed splits in time: the only splits there are. A random split does not exist here (SPLIT-01, SPLIT-02).

export type Fold = { readonly train: Int32Array; readonly validate: Int32Array }

export type WalkForward = {
  readonly folds: readonly Fold[]
  /** Every row before the holdout whose label was known before the holdout began. */
  readonly fit: Int32Array
  /** The newest rows; empty where `holdoutShare` is 0. */
  readonly holdout: Int32Array
}

export type WalkForwardInput = {
  /** Time of each row, ms, rising. */
  readonly start: Float64Array
  /** When each row's label was known, ms. */
  readonly end: Float64Array
  readonly folds?: number
  /** Share of the time span, counted from its end. */
  readonly holdoutShare?: number
  readonly embargoMs?: number
}

const DAY_MS = 86_400_000

/** First and last instant that the labels of `rows` touch. */
function spanOf(rows: Int32Array, { start, end }: Pick<WalkForwardInput, 'start' | 'end'>): [number, number] {
  let first = Infinity
  let last = -Infinity
  for (const row of rows) {
    first = Math.min(first, start[row]!)
    last = Math.max(last, end[row]!)
  }
  return [first, last]
}

/**
 * The rows of `train` that know nothing of the validation rows: a row whose [time, labelEnd] touches the validation span is
 * dropped, and so is one that follows it within the embargo (Lopez de Prado 2018, sections 7.4.1 and 7.4.2).
 *
 * @example
 * const start = Float64Array.of(0, 1, 2, 3)
 * const end = Float64Array.of(1, 2, 3, 4)
 * purge({ start, end, train: Int32Array.of(0, 1), validate: Int32Array.of(2, 3), embargoMs: 0 }) // Int32Array [0]
 */
export function purge({
  start,
  end,
  train,
  validate,
  embargoMs,
}: {
  readonly start: Float64Array
  readonly end: Float64Array
  readonly train: Int32Array
  readonly validate: Int32Array
  readonly embargoMs: number
}): Int32Array {
  const [first, last] = spanOf(validate, { start, end })
  return train.filter(row => end[row]! < first || start[row]! > last + embargoMs)
}

/** Cuts rows (rising in time) into `count` blocks of about equal size; rows of one instant stay together. */
function blocksOf(rows: Int32Array, start: Float64Array, count: number): Int32Array[] {
  const blocks: Int32Array[] = []
  let from = 0
  for (let block = 1; block <= count; block++) {
    let to = block === count ? rows.length : Math.max(from, Math.round((rows.length * block) / count))
    while (to > 0 && to < rows.length && start[rows[to]!] === start[rows[to - 1]!]) to++
    blocks.push(rows.subarray(from, to))
    from = to
  }
  return blocks
}

function refuseDisorder(start: Float64Array): void {
  for (let row = 1; row < start.length; row++) {
    if (!(start[row]! >= start[row - 1]!)) throw new RangeError(`row ${row} is earlier than row ${row - 1}`)
  }
}

/** The newest share of time, and all before it whose labels were known when it began. */
function holdoutOf({ start, end, holdoutShare = 0.2, embargoMs = DAY_MS }: WalkForwardInput) {
  refuseDisorder(start)
  const all = Int32Array.from(start, (_, row) => row)
  const span = start.length === 0 ? 0 : start[start.length - 1]! - start[0]!
  const cut = holdoutShare === 0 ? Infinity : (start[0] ?? 0) + (1 - holdoutShare) * span
  const holdout = all.filter(row => start[row]! >= cut)
  const fit = purge({ start, end, train: all.filter(row => start[row]! < cut), validate: holdout, embargoMs })
  return { fit, holdout }
}

/**
 * Newest share of time as the holdout, the rest cut into `folds + 1` blocks: fold k validates block k+1 and trains on the
 * purged blocks before it.
 *
 * @throws RangeError when rows are not in order of time
 * @example
 * const start = Float64Array.from({ length: 10 }, (_, i) => i)
 * walkForward({ start, end: start, folds: 3, holdoutShare: 0.2, embargoMs: 0 }).holdout // Int32Array [8, 9]
 */
export function walkForward(input: WalkForwardInput): WalkForward {
  const { start, end, folds = 5, embargoMs = DAY_MS } = input
  const { fit, holdout } = holdoutOf(input)
  const blocks = blocksOf(fit, start, folds + 1)
  return {
    fit,
    holdout,
    folds: blocks.slice(1).map((validate, index) => {
      const before = fit.subarray(
        0,
        blocks.slice(0, index + 1).reduce((sum, block) => sum + block.length, 0),
      )
      return { train: purge({ start, end, train: before, validate, embargoMs }), validate }
    }),
  }
}

export type RollingInput = Omit<WalkForwardInput, 'folds'> & {
  readonly trainMs: number
  readonly validateMs: number
  readonly stepMs: number
}

/**
 * Windows of equal length that move through the time before the holdout: fold k trains on `trainMs` and validates on the `validateMs` that
 * follow, `stepMs` later than fold k-1. Windows without a row on either side, and the last one that is not whole, are left out.
 *
 * @throws RangeError when rows are not in order of time
 * @example
 * const start = Float64Array.from({ length: 6 }, (_, i) => i)
 * rolling({ start, end: start, holdoutShare: 0, embargoMs: 0, trainMs: 3, validateMs: 1, stepMs: 1 }).folds.length // 2
 */
export function rolling(input: RollingInput): WalkForward {
  const { start, end, embargoMs = DAY_MS, trainMs, validateMs, stepMs } = input
  const { fit, holdout } = holdoutOf(input)
  const [first, last] = fit.length === 0 ? [0, -1] : [start[fit[0]!]!, start[fit.at(-1)!]!]
  const between = (from: number, to: number) => fit.filter(row => start[row]! >= from && start[row]! < to)
  const folds: Fold[] = []
  for (let from = first; from + trainMs + validateMs <= last; from += stepMs) {
    const validate = between(from + trainMs, from + trainMs + validateMs)
    if (validate.length === 0) continue
    const train = purge({ start, end, train: between(from, from + trainMs), validate, embargoMs })
    if (train.length > 0) folds.push({ train, validate })
  }
  return { fit, holdout, folds }
}

/**
 * Combinatorial purged splits (Lopez de Prado 2018, section 12.3): the time before the holdout in `groups` blocks, each pair of them validated
 * once by what is left of the others, purged around both: `groups * (groups - 1) / 2` folds, in which every row is judged `groups - 1` times.
 *
 * @throws RangeError when rows are not in order of time
 * @example
 * const start = Float64Array.from({ length: 12 }, (_, i) => i)
 * combinatorial({ start, end: start, groups: 4, holdoutShare: 0, embargoMs: 0 }).folds.length // 6
 */
export function combinatorial({
  groups,
  ...input
}: Omit<WalkForwardInput, 'folds'> & { readonly groups: number }): WalkForward {
  const { start, end, embargoMs = DAY_MS } = input
  const { fit, holdout } = holdoutOf(input)
  const blocks = blocksOf(fit, start, groups).filter(block => block.length > 0)
  const folds = blocks.flatMap((one, first) =>
    blocks.slice(first + 1).map((other, after): Fold => {
      const left = blocks.filter((_, place) => place !== first && place !== first + 1 + after)
      const train = [one, other].reduce(
        (rows, validate) => purge({ start, end, train: rows, validate, embargoMs }),
        Int32Array.from(left.flatMap(block => [...block])),
      )
      return { train, validate: Int32Array.from([...one, ...other]) }
    }),
  )
  return { fit, holdout, folds: folds.filter(({ train }) => train.length > 0) }
}
