// A bandit's scores as ONNX, for the state it is in: raw contexts in, the mean of each arm and then its deviation out.

import { cholesky } from '../../math/cholesky.ts'
import { floatAttr, floatsAttr, floatTensor, int64Tensor, intAttr, node } from '../../onnx/build.ts'
import type { OnnxNode, OnnxTensor } from '../../onnx/model.ts'
import type { GraphPart } from '../graph.ts'
import type { ArmState, BanditState } from './bandit.ts'
import { headWeights } from './bayesian-head.ts'
import type { Category } from './context-encoder.ts'
import { lastScale, TRUNK_EPSILON, type TrunkWeights, type TrunkWidths } from './trunk.ts'

type Scale = BanditState['scale']

/** Columns one behind another, numbers scaled and kept within `clip`, categories as ones and zeros. */
export function contextGraph(
  { center, deviation }: Scale,
  categories: readonly Category[],
  clip: number,
  input: string,
  prefix: string,
): GraphPart {
  const name = (part: string): string => `${prefix}${part}`
  const sizes = new Map(categories.map(({ column, size }) => [column, size]))
  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = [floatTensor(name('low'), [], [-clip]), floatTensor(name('high'), [], [clip])]
  const pieces: string[] = []
  const columns = (part: string, picked: readonly number[]): string => {
    initializers.push(int64Tensor(name(`${part}at`), [picked.length], picked))
    nodes.push(node('Gather', [input, name(`${part}at`)], [name(`${part}raw`)], { axis: intAttr(1) }))
    return name(`${part}raw`)
  }
  const numbers = (picked: readonly number[]): void => {
    if (picked.length === 0) return
    const part = `n${pieces.length}`
    const scale = {
      offset: floatsAttr(picked.map(c => center[c]!)),
      scale: floatsAttr(picked.map(c => 1 / deviation[c]!)),
    }
    nodes.push(
      node('Scaler', [columns(part, picked)], [name(`${part}scaled`)], scale, { domain: 'ai.onnx.ml' }),
      node('Clip', [name(`${part}scaled`), name('low'), name('high')], [name(part)]),
    )
    pieces.push(name(part))
  }
  let run: number[] = []
  for (const c of center.keys()) {
    const size = sizes.get(c)
    if (size === undefined) {
      run.push(c)
      continue
    }
    numbers(run)
    run = []
    const part = `c${pieces.length}`
    initializers.push(
      floatTensor(
        name(`${part}classes`),
        [size],
        Array.from({ length: size }, (_, k) => k),
      ),
    )
    nodes.push(
      node('Equal', [columns(part, [c]), name(`${part}classes`)], [name(`${part}is`)]),
      node('Cast', [name(`${part}is`)], [name(part)], { to: intAttr(1) }),
    )
    pieces.push(name(part))
  }
  numbers(run)
  nodes.push(node('Concat', pieces, [name('encoded')], { axis: intAttr(1) }))
  const outputs = center.reduce((sum, _, c) => sum + (sizes.get(c) ?? 1), 0)
  return { nodes, initializers, output: name('encoded'), outputs }
}

export function trunkGraph(weights: TrunkWeights, widths: TrunkWidths, input: string, prefix: string): GraphPart {
  const name = (part: string): string => `${prefix}${part}`
  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = [floatTensor(name('scale'), [], [lastScale(widths)])]
  let value = input
  for (const [layer, into] of widths.slice(1).entries()) {
    const part = (kind: string): string => name(`${kind}${layer}`)
    initializers.push(
      floatTensor(part('w'), [widths[layer]!, into], weights[`w${layer}`]!),
      ...['b', 'gain', 'shift'].map(kind => floatTensor(part(kind), [into], weights[`${kind}${layer}`]!)),
    )
    nodes.push(
      node('Gemm', [value, part('w'), part('b')], [part('raw')]),
      node('LayerNormalization', [part('raw'), part('gain'), part('shift')], [part('unit')], {
        epsilon: floatAttr(TRUNK_EPSILON),
      }),
      node('Relu', [part('unit')], [part('value')]),
    )
    value = part('value')
  }
  nodes.push(node('Mul', [value, name('scale')], [name('phi')]))
  return { nodes, initializers, output: name('phi'), outputs: widths.at(-1)! }
}

/**
 * @param noises standard deviation of each arm's rewards
 * @param input phi, `[batch, size]`
 * @returns `[batch, 2 * arms]`
 */
export function headsGraph(
  arms: readonly ArmState[],
  noises: readonly number[],
  size: number,
  input: string,
  prefix: string,
): GraphPart {
  const name = (part: string): string => `${prefix}${part}`
  const count = arms.length
  const weights = new Float64Array(size * count)
  const roots = new Float64Array(size * count * size)
  const squares = new Float64Array(count * size * count)
  for (const [arm, { head }] of arms.entries()) {
    const solution = headWeights(head)
    // A^-1 = L L', so that phi' A^-1 phi is the square of phi' L.
    const root = cholesky(Float64Array.from(head.inverse), size)
    if (root === undefined) throw new RangeError('an inverse that is not positive definite')
    for (let k = 0; k < size; k++) {
      weights[k * count + arm] = solution[k]!
      squares[(arm * size + k) * count + arm] = noises[arm]! ** 2
      for (let j = 0; j <= k; j++) roots[k * count * size + arm * size + j] = root[k * size + j]!
    }
  }
  return {
    initializers: [
      floatTensor(name('weights'), [size, count], weights),
      floatTensor(
        name('priors'),
        [count],
        arms.map(({ prior }) => prior),
      ),
      floatTensor(name('roots'), [size, count * size], roots),
      floatTensor(name('squares'), [count * size, count], squares),
    ],
    nodes: [
      node('Gemm', [input, name('weights'), name('priors')], [name('means')]),
      node('MatMul', [input, name('roots')], [name('parts')]),
      node('Mul', [name('parts'), name('parts')], [name('squared')]),
      node('MatMul', [name('squared'), name('squares')], [name('variances')]),
      node('Sqrt', [name('variances')], [name('deviations')]),
      node('Concat', [name('means'), name('deviations')], [name('scores')], { axis: intAttr(1) }),
    ],
    output: name('scores'),
    outputs: 2 * count,
  }
}
