// The upper tail of the chi-squared distribution: the regularised incomplete gamma function Q(k/2, x/2).

/** Terms after which either expansion has long converged. */
const LONGEST = 500
const SMALL = 1e-300

/** ln Gamma of half-integers k/2 by the recurrence Gamma(a+1) = a * Gamma(a). */
function lnGammaOfHalf(k: number): number {
  let a = k % 2 === 0 ? 1 : 0.5
  let sum = k % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI)
  for (; a < k / 2 - 0.25; a++) sum += Math.log(a)
  return sum
}

/**
 * The chance that a sum of `degrees` squared standard normals is above x: by the series of P below the mean, by the continued fraction of Q
 * (modified Lentz; Press et al. 2007, section 6.2) above it.
 *
 * @param degrees a whole number from 1
 * @example chiSquaredTail(16.919, 9) // 0.05
 */
export function chiSquaredTail(x: number, degrees: number): number {
  if (!(x > 0) || degrees < 1) return 1
  const [a, z] = [degrees / 2, x / 2]
  const front = Math.exp(a * Math.log(z) - z - lnGammaOfHalf(degrees))
  if (z < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < LONGEST && term > sum * 1e-17; n++) {
      term *= z / (a + n)
      sum += term
    }
    return 1 - front * sum
  }
  let b = z + 1 - a
  let c = 1 / SMALL
  let d = 1 / b
  let h = d
  for (let i = 1; i < LONGEST; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (Math.abs(an * d + b) < SMALL ? SMALL : an * d + b)
    c = Math.abs(b + an / c) < SMALL ? SMALL : b + an / c
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return front * h
}
