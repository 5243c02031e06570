// One limit for the length of the whole gradient, so that a single bad batch cannot throw the weights away (Pascanu et al. 2013).

/**
 * Scales all gradients in place so that their joint Euclidean norm is at most `limit`.
 *
 * @returns the norm before
 * @example
 * clipNorm({ w: Float64Array.of(3, 4) }, 1) // 5, and w is [0.6, 0.8]
 */
export function clipNorm(gradients: Readonly<Record<string, Float64Array>>, limit: number): number {
  let squares = 0
  for (const gradient of Object.values(gradients)) for (const g of gradient) squares += g * g
  const norm = Math.sqrt(squares)
  if (norm > limit) {
    for (const gradient of Object.values(gradients)) {
      for (let i = 0; i < gradient.length; i++) gradient[i]! *= limit / norm
    }
  }
  return norm
}
