// PPO's objective of one action: more of what was better than expected, but no further from the old policy than the clip allows.

/**
 * `min(rho*A, clip(rho, 1-e, 1+e)*A)` with `rho = exp(logProb - oldLogProb)` (Schulman et al. 2017, Proximal policy optimization
 * algorithms, equation 7), and its derivative by `logProb`: 0 where the clip holds.
 *
 * @example
 * clippedSurrogate(Math.log(1.5), 0, 1, 0.2) // { value: 1.2, slope: 0 }
 */
export function clippedSurrogate(
  logProb: number,
  oldLogProb: number,
  advantage: number,
  clip: number,
): { readonly value: number; readonly slope: number } {
  const ratio = Math.exp(logProb - oldLogProb)
  const free = ratio * advantage
  const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip) * advantage
  return free <= held ? { value: free, slope: free } : { value: held, slope: 0 }
}

/** `(rho - 1) - ln(rho)`, whose mean over actions of the old policy is the divergence from it (Schulman 2020, k3 estimator). */
export const divergenceOf = (logProb: number, oldLogProb: number): number =>
  Math.expm1(logProb - oldLogProb) - (logProb - oldLogProb)
