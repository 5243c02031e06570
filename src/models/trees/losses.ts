// What gradient boosting can minimise: each loss with its best constant, its gradient and, where one exists, its curvature.

export type Loss = {
  /** The constant that fits best. */
  readonly base: (targets: ArrayLike<number>, weights: Float64Array) => number
  /** Per unit of weight. */
  readonly value: (score: number, target: number) => number
  readonly gradient: (score: number, target: number) => number
  /** Absent where it is 1. */
  readonly curvature?: (score: number, target: number) => number
  /** Leaf value from the residuals `target - score` of its rows, for losses that a Newton step does not minimise. */
  readonly refit?: (residuals: Float64Array, weights: Float64Array) => number
}

/** Losses of one score per row. */
export type ScalarLossName = 'squared' | 'absolute' | 'huber' | 'quantile' | 'logistic'
export type LossName = ScalarLossName | 'softmax'

const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score))

function weightedMean(values: ArrayLike<number>, weights: Float64Array): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < weights.length; row++) {
    sum += weights[row]! * values[row]!
    total += weights[row]!
  }
  return sum / total
}

/** The smallest value below or at which lies at least the share `level` of the weight. */
function weightedQuantile(values: ArrayLike<number>, weights: Float64Array, level: number): number {
  const order = Array.from({ length: weights.length }, (_, at) => at).sort((a, b) => values[a]! - values[b]! || a - b)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  for (const at of order) {
    sum += weights[at]!
    if (sum >= level * total) return values[at]!
  }
  return values[order.at(-1)!]!
}

const squared: Loss = {
  base: weightedMean,
  value: (score, target) => 0.5 * (score - target) ** 2,
  gradient: (score, target) => score - target,
}

/** Leaf values are the quantile of the residuals (Friedman 2001, section 4.3). */
function quantile(level: number): Loss {
  return {
    base: (targets, weights) => weightedQuantile(targets, weights, level),
    value: (score, target) => (target >= score ? level * (target - score) : (1 - level) * (score - target)),
    gradient: (score, target) => (target > score ? -level : target < score ? 1 - level : 0),
    refit: (residuals, weights) => weightedQuantile(residuals, weights, level),
  }
}

/** Squared within `delta` of the target, linear beyond (Huber 1964). */
function huber(delta: number): Loss {
  return {
    base: (targets, weights) => weightedQuantile(targets, weights, 0.5),
    value(score, target) {
      const away = Math.abs(score - target)
      return away <= delta ? 0.5 * away * away : delta * (away - 0.5 * delta)
    },
    gradient: (score, target) => Math.max(-delta, Math.min(delta, score - target)),
  }
}

/** Targets 0 or 1; scores are log odds. */
const logistic: Loss = {
  base(targets, weights) {
    const share = Math.min(1 - 1e-6, Math.max(1e-6, weightedMean(targets, weights)))
    return Math.log(share / (1 - share))
  },
  value: (score, target) => Math.max(score, 0) - score * target + Math.log1p(Math.exp(-Math.abs(score))),
  gradient: (score, target) => sigmoid(score) - target,
  curvature(score) {
    const share = sigmoid(score)
    return share * (1 - share)
  },
}

/**
 * @param level for `quantile`: the share of targets that should lie below
 * @param delta for `huber`: the error from which it is linear
 */
export function lossNamed(
  name: ScalarLossName,
  { level, delta }: { readonly level: number; readonly delta: number },
): Loss {
  const losses: Readonly<Record<ScalarLossName, Loss>> = {
    squared,
    absolute: quantile(0.5),
    quantile: quantile(level),
    huber: huber(delta),
    logistic,
  }
  return losses[name]
}
