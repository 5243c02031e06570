// Purged, embargoed splits in time: the only splits there are. A random split does not exist here (SPLIT-01, SPLIT-02).

export type Fold = { readonly train: Int32Array; readonly validate: Int32Array }

export type WalkForward = {
  /** Expanding in time: every fold trains on all that came before its validation block. */
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

/**
 * Newest share of time as the holdout, the rest cut into `folds + 1` blocks: fold k validates block k+1 and trains on the
 * purged blocks before it.
 *
 * @throws RangeError when rows are not in order of time
 * @example
 * const start = Float64Array.from({ length: 10 }, (_, i) => i)
 * walkForward({ start, end: start, folds: 3, holdoutShare: 0.2, embargoMs: 0 }).holdout // Int32Array [8, 9]
 */
export function walkForward({
  start,
  end,
  folds = 5,
  holdoutShare = 0.2,
  embargoMs = DAY_MS,
}: WalkForwardInput): WalkForward {
  refuseDisorder(start)
  const all = Int32Array.from(start, (_, row) => row)
  const span = start.length === 0 ? 0 : start[start.length - 1]! - start[0]!
  const cut = holdoutShare === 0 ? Infinity : (start[0] ?? 0) + (1 - holdoutShare) * span
  const holdout = all.filter(row => start[row]! >= cut)
  const fit = purge({ start, end, train: all.filter(row => start[row]! < cut), validate: holdout, embargoMs })
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
