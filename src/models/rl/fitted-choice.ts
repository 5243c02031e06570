// A fitted choice among listed sizes, such as the brain's: the size whose output is highest, for rows and as a part of an ONNX graph.

import { Fault } from '../../base/fault.ts'
import { floatTensor, intAttr, intsAttr, node } from '../../onnx/build.ts'
import type { OnnxNode, OnnxTensor } from '../../onnx/model.ts'
import type { Exportable } from '../graph.ts'
import type { Saved } from '../model.ts'
import { layersOf, type NetWeights, type NetWidths } from './sizer-net.ts'

export interface FittedChoice extends Exportable {
  readonly kind: 'size_choice'
  readonly width: number
  /** @returns one size a row; of equal outputs the first */
  predict(inputs: Float32Array, count: number): Float32Array
  save(): Saved
}

/**
 * @param exact weights of the policy's network, rounded to the float32 that the graph carries
 * @param sizes what the outputs mean, rising, such as `BRAIN_SIZES`
 */
export function fittedChoice(exact: NetWeights, widths: NetWidths, sizes: readonly number[]): FittedChoice {
  const weights: NetWeights = Object.fromEntries(
    Object.entries(exact).map(([name, values]) => [name, values.map(Math.fround)]),
  )
  return {
    kind: 'size_choice',
    width: widths[0]!,
    predict(inputs, count) {
      const outputs = layersOf(weights, widths, inputs, count)
      return Float32Array.from({ length: count }, (_, row) => {
        const own = outputs.subarray(row * sizes.length, (row + 1) * sizes.length)
        return sizes[own.indexOf(Math.max(...own))]!
      })
    },
    toGraph(input, prefix) {
      const name = (part: string): string => `${prefix}${part}`
      const nodes: OnnxNode[] = []
      const initializers: OnnxTensor[] = [
        floatTensor(name('sizes'), [sizes.length], sizes),
        floatTensor(name('beyond'), [], [sizes.at(-1)! + 1]),
      ]
      let value = input
      for (const [layer, into] of widths.slice(1).entries()) {
        const [w, b, sum, unit] = [name(`w${layer}`), name(`b${layer}`), name(`sum${layer}`), name(`unit${layer}`)]
        initializers.push(floatTensor(w, [widths[layer]!, into], weights[`w${layer}`]!))
        initializers.push(floatTensor(b, [into], weights[`b${layer}`]!))
        nodes.push(node('Gemm', [value, w, b], [sum]))
        value = sum
        if (layer === widths.length - 2) break
        nodes.push(node('Tanh', [sum], [unit]))
        value = unit
      }
      // Of the outputs that are as high as the highest, the smallest size: the first, since sizes rise.
      const row = { axes: intsAttr([1]), keepdims: intAttr(1) }
      nodes.push(node('ReduceMax', [value], [name('top')], row))
      nodes.push(node('GreaterOrEqual', [value, name('top')], [name('best')]))
      nodes.push(node('Where', [name('best'), name('sizes'), name('beyond')], [name('left')]))
      nodes.push(node('ReduceMin', [name('left')], [name('size')], row))
      return { nodes, initializers, output: name('size'), outputs: 1 }
    },
    save: () => ({
      kind: 'size_choice',
      widths: [...widths],
      sizes: [...sizes],
      weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, [...values]])),
    }),
  }
}

type SavedChoice = {
  readonly kind: unknown
  readonly widths?: readonly number[]
  readonly sizes?: readonly number[]
  readonly weights?: Readonly<Record<string, readonly number[]>>
}

/** The inverse of `save`. Faults: `MODEL_STATE_INVALID`. */
export function loadChoice(saved: Saved): FittedChoice {
  const { kind, widths = [], sizes = [], weights = {} } = saved as SavedChoice
  const complete = widths.slice(1).every((into, layer) => {
    const [w, b] = [weights[`w${layer}`], weights[`b${layer}`]]
    return w?.length === widths[layer]! * into && b?.length === into && [...w, ...b].every(Number.isFinite)
  })
  if (kind !== 'size_choice' || widths.length < 2 || widths.at(-1) !== sizes.length || !complete) {
    throw new Fault(
      'MODEL_STATE_INVALID',
      'this is no saved choice of sizes: its kind, layers or weights are not those of one',
    )
  }
  const exact = Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, Float64Array.from(values)]))
  return fittedChoice(exact, widths, sizes)
}
