// The standard normal distribution: density, distribution function and its inverse, to double precision.

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI)
/** From here outward the continued fraction converges faster than the series. */
const TAIL = 3

export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_TWO_PI
}

/** Phi(-x)/phi(x) for x >= TAIL by the continued fraction of Laplace, x + 1/(x + 2/(x + 3/...)). */
function millsRatio(x: number): number {
  let fraction = x
  for (let k = 120; k >= 1; k--) fraction = x + k / fraction
  return 1 / fraction
}

/** Phi(x) - 1/2 = phi(x) * (x + x^3/3 + x^5/(3*5) + ...) (Marsaglia 2004, eq. 1). */
function centralPart(x: number): number {
  let term = x
  let sum = x
  for (let k = 3; Math.abs(term) > Math.abs(sum) * 1e-17; k += 2) {
    term *= (x * x) / k
    sum += term
  }
  return sum * normalDensity(x)
}

/**
 * The chance that a standard normal is at most x.
 *
 * @example
 * normalCdf(0) // 0.5
 */
export function normalCdf(x: number): number {
  if (x < -TAIL) return normalDensity(x) * millsRatio(-x)
  if (x > TAIL) return 1 - normalDensity(x) * millsRatio(x)
  return 0.5 + centralPart(x)
}

// Coefficients of Acklam's rational approximations (relative error below 1.15e-9), highest power first.
const CENTRAL = {
  top: [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ],
  bottom: [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1],
}
const OUTER = {
  top: [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  bottom: [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1],
}
const OUTER_SHARE = 0.02425

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, c) => sum * x + c, 0)

/** Acklam's start for p <= 1/2. */
function roughQuantile(p: number): number {
  if (p < OUTER_SHARE) {
    const q = Math.sqrt(-2 * Math.log(p))
    return polynomial(OUTER.top, q) / polynomial(OUTER.bottom, q)
  }
  const q = p - 0.5
  return (q * polynomial(CENTRAL.top, q * q)) / polynomial(CENTRAL.bottom, q * q)
}

/**
 * The x with normalCdf(x) = p; infinite at 0 and 1, NaN outside.
 *
 * @example
 * normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p > 0.5) return -normalQuantile(1 - p)
  if (p === 0) return -Infinity
  const x = roughQuantile(p)
  // One step of Halley's method takes the start to double precision.
  const step = (normalCdf(x) - p) / normalDensity(x)
  return x - step / (1 + (x * step) / 2)
}
