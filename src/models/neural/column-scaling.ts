// Columns on one scale, missing values at their mean: the same float32 steps here and in the graph.

import { floatAttr, floatsAttr, floatTensor, node } from '../../onnx/build.ts'
import type { GraphPart } from '../graph.ts'
import { RAW_BOUND } from '../prelude-state.ts'

export type ColumnScaling = {
  readonly center: readonly number[]
  /** 1 / standard deviation; 0 for a column that never moves. */
  readonly inverse: readonly number[]
  /** Scaled values are kept within plus and minus this. */
  readonly clip: number
}

const { fround } = Math

/** @param parts rows of `width`, row-major; NaN is missing and counts for nothing */
export function fitColumnScaling(parts: readonly Float32Array[], width: number, clip: number): ColumnScaling {
  const [counts, sums, squares] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)]
  const each = (visit: (column: number, value: number) => void): void => {
    for (const part of parts) {
      for (let at = 0; at < part.length; at++) {
        if (!Number.isNaN(part[at]!)) visit(at % width, Math.min(Math.max(part[at]!, -RAW_BOUND), RAW_BOUND))
      }
    }
  }
  each((c, value) => {
    counts[c]!++
    sums[c]! += value
  })
  const means = sums.map((sum, c) => (counts[c]! > 0 ? sum / counts[c]! : 0))
  each((c, value) => void (squares[c]! += (value - means[c]!) ** 2))
  return {
    center: Array.from(means, fround),
    inverse: Array.from(squares, (sum, c) => {
      const deviation = Math.sqrt(sum / counts[c]!)
      return deviation > 1e-7 * Math.abs(means[c]!) ? fround(1 / deviation) : 0
    }),
    clip: fround(clip),
  }
}

export function scaledColumns(rows: ArrayLike<number>, { center, inverse, clip }: ColumnScaling): Float32Array {
  const width = center.length
  return Float32Array.from(rows, (value, at) => {
    const c = at % width
    const bounded = Math.min(Math.max(Number.isNaN(value) ? center[c]! : fround(value), -RAW_BOUND), RAW_BOUND)
    return Math.min(Math.max(fround(fround(bounded - center[c]!) * inverse[c]!), -clip), clip)
  })
}

/** @param times how many rows stand one behind another in the input */
export function scalingGraph(
  { center, inverse, clip }: ColumnScaling,
  times: number,
  input: string,
  prefix: string,
): GraphPart {
  const name = (part: string): string => `${prefix}${part}`
  const repeated = (values: readonly number[]): number[] => Array.from({ length: times }, () => values).flat()
  const ml = { domain: 'ai.onnx.ml' } as const
  const filled = { imputed_value_floats: floatsAttr(repeated(center)), replaced_value_float: floatAttr(Number.NaN) }
  const scale = { offset: floatsAttr(repeated(center)), scale: floatsAttr(repeated(inverse)) }
  return {
    initializers: [
      floatTensor(name('least'), [], [-RAW_BOUND]),
      floatTensor(name('most'), [], [RAW_BOUND]),
      floatTensor(name('low'), [], [-clip]),
      floatTensor(name('high'), [], [clip]),
    ],
    nodes: [
      node('Imputer', [input], [name('filled')], filled, ml),
      node('Clip', [name('filled'), name('least'), name('most')], [name('bounded')]),
      node('Scaler', [name('bounded')], [name('scaled')], scale, ml),
      node('Clip', [name('scaled'), name('low'), name('high')], [name('clipped')]),
    ],
    output: name('clipped'),
    outputs: times * center.length,
  }
}
