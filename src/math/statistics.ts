// Sample statistics over plain or typed arrays. A statistic that needs more values than it got is NaN, never 0.

/** Any indexed numbers: a plain array or a typed one. */
export type Numbers = ArrayLike<number>

/**
 * @example
 * mean([1, 2, 6]) // 3
 */
export function mean(values: Numbers): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/** Mean of `(value - center)^power`. */
function moment(values: Numbers, center: number, power: number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** power
  return sum / values.length
}

/** Sample variance, n-1 in the denominator. NaN for fewer than two values. */
export function variance(values: Numbers): number {
  if (values.length < 2) return Number.NaN
  return (moment(values, mean(values), 2) * values.length) / (values.length - 1)
}

/** Sample standard deviation, n-1 in the denominator. */
export function standardDeviation(values: Numbers): number {
  return Math.sqrt(variance(values))
}

/** Third standardised moment, not corrected for bias. NaN where all values are equal. */
export function skewness(values: Numbers): number {
  const center = mean(values)
  return moment(values, center, 3) / moment(values, center, 2) ** 1.5
}

/** Fourth standardised moment, not corrected for bias: 3 for a normal sample, as LEDGER-02 wants it. */
export function kurtosis(values: Numbers): number {
  const center = mean(values)
  return moment(values, center, 4) / moment(values, center, 2) ** 2
}

/** A sorted copy. Every value must be a number: NaN has no order. */
export function sorted(values: Numbers): Float64Array {
  return Float64Array.from(values).sort()
}

/**
 * Quantile of values that are already sorted, linear between neighbours (type 7 of Hyndman and Fan 1996, numpy's default).
 *
 * @param share 0 gives the smallest value, 1 the largest
 */
export function quantileOfSorted(rising: Numbers, share: number): number {
  if (rising.length === 0) return Number.NaN
  const place = share * (rising.length - 1)
  const below = Math.floor(place)
  const low = rising[below]!
  const high = rising[Math.min(below + 1, rising.length - 1)]!
  return low + (place - below) * (high - low)
}

/**
 * @example
 * quantile([4, 1, 3, 2], 0.25) // 1.75
 */
export function quantile(values: Numbers, share: number): number {
  return quantileOfSorted(sorted(values), share)
}

export function median(values: Numbers): number {
  return quantile(values, 0.5)
}

/** Median absolute deviation from the median, unscaled: 1.4826 times it estimates the sd of a normal sample. */
export function medianAbsoluteDeviation(values: Numbers): number {
  const center = median(values)
  return median(Float64Array.from(values, value => Math.abs(value - center)))
}

/** Positions in rising order; equal values stay in their order. */
export function sortOrder(values: Numbers): Uint32Array {
  return Uint32Array.from(values, (_, index) => index).sort((a, b) => values[a]! - values[b]! || a - b)
}

/**
 * Ranks from 1, equal values share the mean of their ranks.
 *
 * @example
 * ranks([10, 30, 10]) // Float64Array [1.5, 3, 1.5]
 */
export function ranks(values: Numbers): Float64Array {
  const order = sortOrder(values)
  const result = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let place = from; place < to; place++) result[order[place]!] = (from + to + 1) / 2
    from = to
  }
  return result
}

/** Correlation of Pearson; NaN where either side does not vary. */
export function pearson(left: Numbers, right: Numbers): number {
  const centerLeft = mean(left)
  const centerRight = mean(right)
  let product = 0
  let squaresLeft = 0
  let squaresRight = 0
  for (let i = 0; i < left.length; i++) {
    const a = left[i]! - centerLeft
    const b = right[i]! - centerRight
    product += a * b
    squaresLeft += a * a
    squaresRight += b * b
  }
  return product / Math.sqrt(squaresLeft * squaresRight)
}
