// Where the price went: the classes that the direction model learns (LSTM-01).

/** By class index. */
export const DIRECTIONS = ['Down', 'Sideways', 'Up'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** One session's bars in order of time; of daily bars all of them. */
export type DirectionSequence = {
  /** Row-major, one row a bar. Columns are stationary (a context, not a price); NaN is a missing value. */
  readonly rows: Float32Array
  readonly closes: Float64Array
  /** ATR14 after each bar, in price; NaN while it warms up. */
  readonly atrs: Float64Array
}

/** Class of a bar without a label. */
export const UNLABELLED = -1

/**
 * Up where the close `horizon` bars later is more than `band` ATRs above, Down where it is as much below, else Sideways. A bar whose
 * label would lie beyond its session has none.
 *
 * @returns class index per bar, or UNLABELLED
 * @example
 * directionLabels({ rows, closes: Float64Array.of(10, 10, 11), atrs: Float64Array.of(1, 1, 1) }, 1, 0.25) // [1, 2, -1]
 */
export function directionLabels({ closes, atrs }: DirectionSequence, horizon: number, band: number): Int8Array {
  const labels = new Int8Array(closes.length).fill(UNLABELLED)
  for (let bar = 0; bar + horizon < closes.length; bar++) {
    const atr = atrs[bar]!
    if (!(atr > 0)) continue
    const move = (closes[bar + horizon]! - closes[bar]!) / atr
    labels[bar] = move > band ? 2 : move < -band ? 0 : 1
  }
  return labels
}
