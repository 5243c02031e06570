// The filter's one step as graph nodes: chances before a row and the row in, chances after it and before the next one out (REG-01).

import { floatsAttr, floatTensor, int64Tensor, intAttr, node } from '../../onnx/build.ts'
import type { OnnxNode, OnnxTensor } from '../../onnx/model.ts'
import type { GraphPart } from '../graph.ts'
import { emissionOf, type HmmParameters } from './hmm-parameters.ts'

/** What the chances may not fall below before their logarithm is taken; the fit keeps them far above it. */
const SMALLEST = 1e-30

export type HmmScaling = { readonly center: Float64Array; readonly inverse: Float64Array; readonly clip: number }

/**
 * @param input `[batch, states + width]`: the predicted chances, then the raw row
 * @returns `[batch, 2 * states]`: the filtered chances, then the predicted ones that the next step takes
 */
export function hmmGraph(parameters: HmmParameters, scaling: HmmScaling, input: string, prefix: string): GraphPart {
  const { states, width, means, transition } = parameters
  const { white, constants } = emissionOf(parameters)
  const all = states * width
  const name = (part: string): string => `${prefix}${part}`

  // Column (state, c) of the whitened rows: white[state][c] times the row, less the same of the mean.
  const matrix = new Float64Array(width * all)
  const offset = new Float64Array(all)
  const squares = new Float64Array(all * states)
  for (let state = 0; state < states; state++) {
    for (let c = 0; c < width; c++) {
      const column = state * width + c
      squares[column * states + state] = -0.5
      for (let k = 0; k <= c; k++) {
        const weight = white[state]![c * width + k]!
        matrix[k * all + column] = weight
        offset[column]! -= weight * means[state * width + k]!
      }
    }
  }
  const initializers: OnnxTensor[] = [
    int64Tensor(name('zero'), [1], [0]),
    int64Tensor(name('states'), [1], [states]),
    int64Tensor(name('end'), [1], [states + width]),
    int64Tensor(name('axis'), [1], [1]),
    floatTensor(name('low'), [], [-scaling.clip]),
    floatTensor(name('high'), [], [scaling.clip]),
    floatTensor(name('smallest'), [], [SMALLEST]),
    floatTensor(name('matrix'), [width, all], matrix),
    floatTensor(name('offset'), [all], offset),
    floatTensor(name('squares'), [all, states], squares),
    floatTensor(name('constants'), [states], constants),
    floatTensor(name('transition'), [states, states], transition),
  ]
  const scale = { offset: floatsAttr(scaling.center), scale: floatsAttr(scaling.inverse) }
  const step = (op: string, from: readonly string[], to: string): OnnxNode => node(op, from.map(name), [name(to)])
  const nodes: OnnxNode[] = [
    node('Slice', [input, name('zero'), name('states'), name('axis')], [name('before')]),
    node('Slice', [input, name('states'), name('end'), name('axis')], [name('row')]),
    node('Scaler', [name('row')], [name('scaled')], scale, { domain: 'ai.onnx.ml' }),
    step('Clip', ['scaled', 'low', 'high'], 'clipped'),
    node('Gemm', [name('clipped'), name('matrix'), name('offset')], [name('whitened')]),
    step('Mul', ['whitened', 'whitened'], 'squared'),
    node('Gemm', [name('squared'), name('squares'), name('constants')], [name('density')]),
    step('Max', ['before', 'smallest'], 'likely'),
    step('Log', ['likely'], 'logarithm'),
    step('Add', ['density', 'logarithm'], 'weight'),
    node('Softmax', [name('weight')], [name('filtered')], { axis: intAttr(1) }),
    step('MatMul', ['filtered', 'transition'], 'predicted'),
    node('Concat', [name('filtered'), name('predicted')], [name('chances')], { axis: intAttr(1) }),
  ]
  return { nodes, initializers, output: name('chances'), outputs: 2 * states }
}
