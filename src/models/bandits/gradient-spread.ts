// How unsure the whole network is, not only its last layer: g' Z^-1 g over all weights, Z the diagonal of what was seen (Zhou, Li and
// Gu 2020, NeuralUCB, algorithm 1 with the diagonal that their experiments use).

import { compile, evaluate, type Graph } from '../../tensor/evaluate.ts'
import { mul } from '../../tensor/ops/arithmetic.ts'
import { sum } from '../../tensor/ops/reductions.ts'
import { input, parameter } from '../../tensor/tensor.ts'
import { type TrunkWeights, type TrunkWidths, trunkTensor } from './trunk.ts'

export type GradientSpread = {
  /** Weights of the trunk and of one arm. */
  readonly size: number
  /** The derivative of an arm's mean by each of them. */
  slopes(trunk: TrunkWeights, head: Float64Array, x: Float64Array): Float64Array
}

export function gradientSpread(widths: TrunkWidths): GradientSpread {
  const last = widths.at(-1)!
  const phi = trunkTensor(input('x', [1, widths[0]!]), widths)
  const graph: Graph = compile(sum(mul(phi, parameter('head', [1, last]))))
  const size = graph.plan.nodes.reduce(
    (total, { kind, shape }) => (kind === 'parameter' ? total + shape.reduce((a, b) => a * b, 1) : total),
    0,
  )
  return {
    size,
    slopes(trunk, head, x) {
      const feeds: Record<string, Float64Array> = { x, head }
      for (const name of graph.parameters) if (name !== 'head') feeds[name] = Float64Array.from(trunk[name]!)
      const { gradients } = evaluate(graph, feeds)
      const slopes = new Float64Array(size)
      let at = 0
      for (const name of graph.parameters) {
        slopes.set(gradients[name]!, at)
        at += gradients[name]!.length
      }
      return slopes
    },
  }
}

/** g' Z^-1 g. */
export function diagonalSpread(slopes: Float64Array, curvature: readonly number[]): number {
  let spread = 0
  for (const [k, slope] of slopes.entries()) spread += (slope * slope) / curvature[k]!
  return spread
}

/** Z after a context was seen. */
export const curvatureWith = (curvature: readonly number[], slopes: Float64Array): number[] =>
  curvature.map((sum, k) => sum + slopes[k]! ** 2)
