// What a fitted prelude is, as plain data, and the bounds that keep its arithmetic finite.

export type PreludeColumn = {
  readonly name: string
  /** What the column is without its source; null where the training mean takes its place. */
  readonly neutral: number | null
}

/** Everything a prelude is, as plain data. Numbers are float32 values. */
export type PreludeState = {
  readonly columns: readonly PreludeColumn[]
  readonly logs: boolean
  readonly clip: number
  /** What takes the place of NaN, per column. */
  readonly fill: readonly number[]
  readonly mean: readonly number[]
  /** One over the standard deviation; 0 for unused columns. */
  readonly inverse: readonly number[]
}

/** Raw values beyond this are cut, so that no later step can overflow. */
export const RAW_BOUND = Math.fround(1e18)
/** Denominators and arguments of logarithms are at least this. */
export const SMALLEST = Math.fround(1e-12)
