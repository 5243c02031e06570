// First weights of a network that learns by policy gradients: orthogonal hidden layers and a small last one.

import type { Rng } from '../../base/rng.ts'
import type { DenseNet } from './dense-net.ts'

/** Orthonormal columns, or rows where there are fewer of them: Gram-Schmidt on normal numbers, row-major `[from, into]`. */
function orthogonal(from: number, into: number, rng: Rng): Float64Array {
  const [length, count] = [Math.max(from, into), Math.min(from, into)]
  const vectors: Float64Array[] = []
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => rng.normal())
    // Twice is enough (Giraud et al. 2005): the second pass takes away what rounding left.
    for (const other of [...vectors, ...vectors]) {
      const along = vector.reduce((sum, value, i) => sum + value * other[i]!, 0)
      for (let i = 0; i < length; i++) vector[i]! -= along * other[i]!
    }
    const norm = Math.hypot(...vector)
    vectors.push(vector.map(value => value / norm))
  }
  return Float64Array.from({ length: from * into }, (_, at) => {
    const [i, j] = [Math.floor(at / into), at % into]
    return from >= into ? vectors[j]![i]! : vectors[i]![j]!
  })
}

export type FirstWeights = {
  readonly widths: readonly number[]
  /** Length of the last layer's columns: small, so that the first policy hardly looks at the state. */
  readonly lastGain: number
  /** Biases of the last layer; 0 when absent. */
  readonly bias?: readonly number[]
}

/** Hidden layers get the gain of tanh layers, sqrt 2 (Saxe et al. 2014; Andrychowicz et al. 2021 on the last layer). */
export function drawWeights(net: DenseNet, { widths, lastGain, bias }: FirstWeights, rng: Rng): void {
  const last = widths.length - 2
  for (let layer = 0; layer <= last; layer++) {
    const gain = layer === last ? lastGain : Math.SQRT2
    const weights = orthogonal(widths[layer]!, widths[layer + 1]!, rng).map(value => gain * value)
    net.setLayer(layer, weights, layer === last ? (bias ?? []) : [])
  }
}
