// Exponential averages seeded by the plain mean of their first values: EMA and Wilder's smoothing differ only in their weight.

/** Plain data. Below `period` values, `value` is their running sum. */
export type AverageState = { count: number; value: number }

export interface Average {
  init(): AverageState
  /** The average after `x`; NaN before `period` values. */
  update(state: AverageState, x: number): number
}

function seededAverage(period: number, weight: number): Average {
  return {
    init: () => ({ count: 0, value: 0 }),
    update(state, x) {
      if (state.count === period) {
        state.value += weight * (x - state.value)
        return state.value
      }
      state.value += x
      state.count++
      if (state.count < period) return Number.NaN
      state.value /= period
      return state.value
    },
  }
}

/**
 * Weight 2/(period+1), seeded by the SMA of the first `period` values.
 *
 * @example
 * const average = ema(3)
 * const state = average.init()
 * ;[1, 2, 3, 5].map(x => average.update(state, x)) // [NaN, NaN, 2, 3.5]
 */
export function ema(period: number): Average {
  return seededAverage(period, 2 / (period + 1))
}

/** Wilder, New Concepts in Technical Trading Systems (1978): weight 1/period, same seed. */
export function wilder(period: number): Average {
  return seededAverage(period, 1 / period)
}
