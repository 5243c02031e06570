// Platt's sigmoid on a score (Platt 1999), fitted by Newton's method with backtracking (Lin, Lin and Weng 2007).

export type Sigmoid = {
  /** Probability = 1 / (1 + exp(-(slope * score + shift))), both float32. */
  readonly slope: number
  readonly shift: number
}

const ROUNDS = 100
const GRADIENT_SMALL = 1e-10
/** Keeps the Hessian invertible, as in the paper's appendix. */
const RIDGE = 1e-12
const SMALLEST_STEP = 1e-10

/** @example sigmoidAt({ slope: 1, shift: 0 }, 0) // 0.5 */
export function sigmoidAt({ slope, shift }: Sigmoid, score: number): number {
  return 1 / (1 + Math.exp(-(slope * score + shift)))
}

/** Labels 0 and 1 drawn in from the ends by the rule of succession, so that no fitted probability is certain (Platt 1999, section 2.2). */
export function plattTargets(labels: ArrayLike<number>, weights?: ArrayLike<number>): Float64Array {
  let positive = 0
  let negative = 0
  for (let row = 0; row < labels.length; row++) {
    const weight = weights?.[row] ?? 1
    if (labels[row] === 1) positive += weight
    else negative += weight
  }
  const high = (positive + 1) / (positive + 2)
  const low = 1 / (negative + 2)
  return Float64Array.from(labels, label => (label === 1 ? high : low))
}

/**
 * The sigmoid of least weighted cross-entropy.
 *
 * @param targets between 0 and 1, as from `plattTargets`
 */
export function fitSigmoid(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Sigmoid {
  let slope = 0
  let shift = startingShift(targets, weights)
  let loss = crossEntropy(scores, targets, weights, slope, shift)
  for (let round = 0; round < ROUNDS; round++) {
    let [gSlope, gShift, hSlope, hShift, hBoth] = [0, 0, RIDGE, RIDGE, 0]
    for (let row = 0; row < scores.length; row++) {
      const weight = weights?.[row] ?? 1
      const score = scores[row]!
      const share = 1 / (1 + Math.exp(-(slope * score + shift)))
      const error = weight * (share - targets[row]!)
      const curvature = weight * share * (1 - share)
      gSlope += error * score
      gShift += error
      hSlope += curvature * score * score
      hShift += curvature
      hBoth += curvature * score
    }
    if (Math.hypot(gSlope, gShift) < GRADIENT_SMALL * scores.length) break
    const determinant = hSlope * hShift - hBoth * hBoth
    const stepSlope = -(hShift * gSlope - hBoth * gShift) / determinant
    const stepShift = -(hSlope * gShift - hBoth * gSlope) / determinant
    let size = 1
    let lower = Infinity
    for (; size > SMALLEST_STEP; size /= 2) {
      lower = crossEntropy(scores, targets, weights, slope + size * stepSlope, shift + size * stepShift)
      if (lower < loss) break
    }
    if (!(lower < loss)) break
    slope += size * stepSlope
    shift += size * stepShift
    loss = lower
  }
  return { slope: Math.fround(slope), shift: Math.fround(shift) }
}

/** The log odds of the mean target: the best sigmoid that ignores the score. */
function startingShift(targets: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < targets.length; row++) {
    const weight = weights?.[row] ?? 1
    sum += weight * targets[row]!
    total += weight
  }
  return Math.log(sum / (total - sum))
}

function crossEntropy(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  slope: number,
  shift: number,
): number {
  let loss = 0
  for (let row = 0; row < scores.length; row++) {
    const odds = slope * scores[row]! + shift
    loss += (weights?.[row] ?? 1) * (Math.max(odds, 0) - targets[row]! * odds + Math.log1p(Math.exp(-Math.abs(odds))))
  }
  return loss
}
