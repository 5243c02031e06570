// What a labelled row counts for: how much of its label span is its own, and how old it is (LABEL-07).

export type LabelSpans = {
  /** Time of each row, ms, rising. */
  readonly start: Float64Array
  /** When its label was known, ms. */
  readonly end: Float64Array
}

/** Index of the last element of the rising `ticks` that is <= value. */
function lastAtOrBefore(ticks: Float64Array, value: number): number {
  let low = 0
  let high = ticks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (ticks[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * Average uniqueness of overlapping labels: the mean over a label's life of 1 / (labels alive), counted in bars that have
 * rows (Lopez de Prado 2018, section 4.3). Two passes over cumulative sums.
 *
 * @returns per row, in (0, 1]
 * @example
 * averageUniqueness({ start: Float64Array.of(0, 1), end: Float64Array.of(1, 1) }) // Float64Array [0.75, 0.5]
 */
export function averageUniqueness({ start, end }: LabelSpans): Float64Array {
  const ticks = start.filter((time, row) => row === 0 || time !== start[row - 1])
  const first = new Int32Array(start.length)
  const last = new Int32Array(start.length)
  const change = new Float64Array(ticks.length + 1)
  let tick = 0
  for (let row = 0; row < start.length; row++) {
    if (ticks[tick] !== start[row]) tick++
    first[row] = tick
    last[row] = lastAtOrBefore(ticks, end[row]!)
    change[tick]! += 1
    change[last[row]! + 1]! -= 1
  }
  const share = new Float64Array(ticks.length + 1)
  let alive = 0
  for (let at = 0; at < ticks.length; at++) {
    alive += change[at]!
    share[at + 1] = share[at]! + 1 / alive
  }
  return start.map((_, row) => (share[last[row]! + 1]! - share[first[row]!]!) / (last[row]! - first[row]! + 1))
}

/** 2^(-age / half-life) of each row; age counts from the newest one, so that the day of the training changes nothing. */
export function recency(start: Float64Array, halfLifeMs: number): Float64Array {
  const newest = start.at(-1) ?? 0
  return start.map(time => 2 ** (-(newest - time) / halfLifeMs))
}

/**
 * How many independent, equally recent rows carry as much information: (sum u*d)^2 / sum u*d^2. Each row stands for u
 * independent observations, weighted by its recency d; with u = 1 this is Kish's effective size, with d = 1 it is sum u.
 *
 * @example
 * effectiveSize(Float64Array.of(0.5, 0.5), Float64Array.of(1, 1)) // 1
 */
export function effectiveSize(uniqueness: Float64Array, decay: Float64Array): number {
  let first = 0
  let second = 0
  for (let row = 0; row < uniqueness.length; row++) {
    first += uniqueness[row]! * decay[row]!
    second += uniqueness[row]! * decay[row]! ** 2
  }
  return second === 0 ? 0 : (first * first) / second
}

/**
 * Weights with mean 1: what a model counts in rows (penalties, smoothing) then means rows, whatever share of its span a label has
 * for itself.
 */
export function aboutOne(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
  return weights.map(weight => weight / mean)
}
