// How good class probabilities are: log loss, Brier, AUC, accuracy and the lift of the most confident tenth (MET-01).

import { type Numbers, sortOrder } from './statistics.ts'

/** Probabilities row by row, `count * classes`; labels are class indices; weights default to 1. */
export type Classified = {
  readonly probabilities: Numbers
  readonly labels: Numbers
  readonly classes: number
  readonly weights?: Numbers | undefined
}

/** Weighted mean of a value per row. NaN for no rows. */
function weightedMean(count: number, weights: Numbers | undefined, value: (row: number) => number): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < count; row++) {
    const weight = weights?.[row] ?? 1
    sum += weight * value(row)
    total += weight
  }
  return sum / total
}

/** The most probable class of each row, the first of equals, and its probability. */
export function topClass({ probabilities, classes }: Pick<Classified, 'probabilities' | 'classes'>): {
  readonly label: Int32Array
  readonly confidence: Float64Array
} {
  const count = probabilities.length / classes
  const label = new Int32Array(count)
  const confidence = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    let best = 0
    for (let k = 1; k < classes; k++) {
      if (probabilities[row * classes + k]! > probabilities[row * classes + best]!) best = k
    }
    label[row] = best
    confidence[row] = probabilities[row * classes + best]!
  }
  return { label, confidence }
}

/**
 * Mean of -ln p(true class), p not below `floor`: a forest says 0 of what it never saw, and one such row must not decide alone.
 * 1e-6 is the floor that gate G7 uses for probabilities.
 *
 * @example
 * logLoss({ probabilities: [0.5, 0.5], labels: [1], classes: 2 }) // 0.693...
 */
export function logLoss({
  probabilities,
  labels,
  classes,
  weights,
  floor = 1e-6,
}: Classified & { floor?: number }): number {
  return weightedMean(labels.length, weights, row => {
    let total = 0
    for (let k = 0; k < classes; k++) total += Math.max(floor, probabilities[row * classes + k]!)
    return -Math.log(Math.max(floor, probabilities[row * classes + labels[row]!]!) / total)
  })
}

/** Mean over rows of the squared error summed over all classes (Brier 1950): for two classes twice the one-sided score. */
export function brier({ probabilities, labels, classes, weights }: Classified): number {
  return weightedMean(labels.length, weights, row => {
    let sum = 0
    for (let k = 0; k < classes; k++) sum += (probabilities[row * classes + k]! - (labels[row] === k ? 1 : 0)) ** 2
    return sum
  })
}

export function accuracy(input: Classified): number {
  const { label } = topClass(input)
  return weightedMean(input.labels.length, input.weights, row => (label[row] === input.labels[row] ? 1 : 0))
}

/**
 * The chance that a positive row scores above a negative one, ties counted half. NaN where one of both is absent.
 *
 * @param positive 1 or 0 per row
 * @example
 * auc({ scores: [0.1, 0.4, 0.4, 0.8], positive: [0, 1, 0, 1] }) // 0.875
 */
export function auc({
  scores,
  positive,
  weights,
}: {
  readonly scores: Numbers
  readonly positive: Numbers
  readonly weights?: Numbers | undefined
}): number {
  const order = sortOrder(scores)
  let below = 0
  let positives = 0
  let area = 0
  for (let from = 0; from < order.length; ) {
    let [tiedPositive, tiedNegative] = [0, 0]
    let to = from
    for (; to < order.length && scores[order[to]!] === scores[order[from]!]; to++) {
      const weight = weights?.[order[to]!] ?? 1
      if (positive[order[to]!] === 1) tiedPositive += weight
      else tiedNegative += weight
    }
    area += tiedPositive * (below + tiedNegative / 2)
    below += tiedNegative
    positives += tiedPositive
    from = to
  }
  return area / (positives * below)
}

/** Mean of the one-against-rest AUC of each class, over the classes that occur and are not alone. */
export function macroAuc({ probabilities, labels, classes, weights }: Classified): number {
  let sum = 0
  let counted = 0
  for (let k = 0; k < classes; k++) {
    const scores = Float64Array.from(labels, (_, row) => probabilities[row * classes + k]!)
    const value = auc({ scores, positive: Uint8Array.from(labels, label => (label === k ? 1 : 0)), weights })
    if (Number.isNaN(value)) continue
    sum += value
    counted++
  }
  return sum / counted
}

/**
 * Precision among the `share` highest scores minus the base rate. Of rows tied at the edge the expected part is taken, so the
 * order of rows does not matter.
 *
 * @param hits 1 or 0 per row
 */
export function topShareLift({
  scores,
  hits,
  weights,
  share = 0.1,
}: {
  readonly scores: Numbers
  readonly hits: Numbers
  readonly weights?: Numbers | undefined
  readonly share?: number
}): number {
  const order = sortOrder(scores)
  const weightOf = (row: number): number => weights?.[row] ?? 1
  let total = 0
  for (let row = 0; row < scores.length; row++) total += weightOf(row)
  let open = share * total
  let caught = 0
  for (let to = order.length; to > 0 && open > 0; ) {
    let from = to
    let [mass, hit] = [0, 0]
    for (; from > 0 && scores[order[from - 1]!] === scores[order[to - 1]!]; from--) {
      const row = order[from - 1]!
      mass += weightOf(row)
      hit += weightOf(row) * hits[row]!
    }
    const part = Math.min(1, open / mass)
    caught += part * hit
    open -= part * mass
    to = from
  }
  return caught / (share * total) - weightedMean(scores.length, weights, row => hits[row]!)
}
