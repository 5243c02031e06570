// A fitted sizer: sizes for rows, its part of an ONNX graph, and its state as plain data.

import { Fault } from '../../base/fault.ts'
import type { Exportable } from '../graph.ts'
import type { Saved } from '../model.ts'
import { type NetWeights, type NetWidths, sizeGraph, sizesOf } from './sizer-net.ts'

export interface FittedSizer extends Exportable {
  readonly kind: 'sizer'
  readonly width: number
  /** @returns one size a row, 0.1 to 2.0 */
  predict(inputs: Float32Array, count: number): Float32Array
  save(): Saved
}

/** Weights rounded to the float32 that the graph carries, so that `predict` and the graph start from the same numbers. */
export function fittedSizer(exact: NetWeights, widths: NetWidths): FittedSizer {
  const weights: NetWeights = Object.fromEntries(
    Object.entries(exact).map(([name, values]) => [name, values.map(Math.fround)]),
  )
  return {
    kind: 'sizer',
    width: widths[0]!,
    predict: (inputs, count) => sizesOf(weights, widths, inputs, count),
    toGraph: (input, prefix) => sizeGraph(weights, widths, input, prefix),
    save: () => ({
      kind: 'sizer',
      widths: [...widths],
      weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, [...values]])),
    }),
  }
}

/** The inverse of `save`. Faults: `MODEL_STATE_INVALID`. */
export function loadSizer(saved: Saved): FittedSizer {
  const { kind, widths, weights } = saved as { kind: unknown; widths?: unknown; weights?: unknown }
  const invalid = (what: string): Fault => new Fault('MODEL_STATE_INVALID', `this is no saved sizer: ${what}`)
  if (kind !== 'sizer') throw invalid(`its kind is ${String(kind)}`)
  if (!Array.isArray(widths) || widths.length < 2 || !widths.every(width => Number.isInteger(width) && width > 0)) {
    throw invalid('its layers are not known')
  }
  const found = Object.entries(weights ?? {}).map(
    ([name, values]) => [name, Float64Array.from(values as number[])] as const,
  )
  const exact = Object.fromEntries(found)
  for (const [layer, into] of (widths as number[]).slice(1).entries()) {
    const complete = exact[`w${layer}`]?.length === widths[layer] * into && exact[`b${layer}`]?.length === into
    if (!complete) throw invalid(`layer ${layer} is not complete`)
  }
  if (!found.every(([, values]) => values.every(Number.isFinite))) throw invalid('a weight is not finite')
  return fittedSizer(exact, widths as number[])
}
