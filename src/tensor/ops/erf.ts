// The error function to float64's last digits: its Taylor series near 0, the continued fraction of erfc outside.

/** Abramowitz and Stegun 7.1.6 below 2.5, 7.1.14 above. */
export function erfOf(x: number): number {
  const size = Math.abs(x)
  if (size < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
  }
  if (!(size < 6)) return Number.isNaN(x) ? x : Math.sign(x)
  let fraction = 0
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction)
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * (size + fraction)))
}
