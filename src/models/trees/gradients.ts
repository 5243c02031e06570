// Gradients and curvatures of the rows as whole numbers, so that histogram sums are exact in any order (TREE-03).

/**
 * Each row is one double: `step + gradient`, both whole. A sum over rows then holds their number (in units of `step`)
 * and the sum of their gradients (the rest) at once, which halves the work of filling histograms.
 */
export type Gradients = {
  readonly packed: Float64Array
  /** A power of two above twice the largest sum of gradients. */
  readonly step: number
  /** Gradient of the loss per unit. */
  readonly gradientUnit: number
  /** Whole numbers; absent where every row's curvature is 1. */
  readonly curvatures?: Float64Array
  readonly curvatureUnit: number
}

/** Doubles hold whole numbers exactly up to this. */
const EXACT = 2 ** 53
const MOST_ROWS = 2 ** 22

/** Rounds gradients for `rows` rows; the buffers of a result are reused by the next call. */
export function gradientRounder(rows: number): (gradients: Float64Array, curvatures?: Float64Array) => Gradients {
  if (rows > MOST_ROWS) throw new RangeError(`${rows} rows; sums are exact for at most ${MOST_ROWS}`)
  const step = 2 ** Math.floor(Math.log2(EXACT / 2 / (rows + 1)))
  const gradientSteps = Math.floor((step / 2 - 1) / rows)
  const curvatureSteps = Math.floor(EXACT / 2 / rows)
  const packed = new Float64Array(rows)
  const whole = new Float64Array(rows)
  return (gradients, curvatures) => {
    let largest = 0
    for (let row = 0; row < rows; row++) largest = Math.max(largest, Math.abs(gradients[row]!))
    const scale = largest > 0 ? gradientSteps / largest : 0
    for (let row = 0; row < rows; row++) packed[row] = step + Math.floor(gradients[row]! * scale + 0.5)
    const gradientUnit = scale > 0 ? 1 / scale : 0
    if (curvatures === undefined) return { packed, step, gradientUnit, curvatureUnit: 1 }
    let most = 0
    for (let row = 0; row < rows; row++) most = Math.max(most, curvatures[row]!)
    const fine = curvatureSteps / most
    for (let row = 0; row < rows; row++) whole[row] = Math.floor(curvatures[row]! * fine + 0.5)
    return { packed, step, gradientUnit, curvatures: whole, curvatureUnit: 1 / fine }
  }
}
