// The rows a candidate is tried on: newest real ones where there are any, and uniform ones inside the ranges of the schema (G6).

import { seededRng } from '../../base/rng.ts'
import type { FeatureColumn } from '../../market/feature-schema.ts'
import type { Evaluator } from '../../onnx/model.ts'
import type { GateContext } from './gate.ts'

export type Vectors = {
  /** Row-major. */
  readonly rows: Float32Array
  readonly count: number
  /** How many of them, at the start, were real. */
  readonly real: number
}

function columnsOf({ features }: GateContext, role: string): readonly FeatureColumn[] {
  const columns = features[role]
  if (columns === undefined) throw new Error(`this bot has no columns for the role ${role}`)
  return columns
}

/** Half real, half uniform; all uniform where no real rows are handed in. The seed is part of the limits: same inputs, same rows. */
export function sanityVectors(context: GateContext, role: string): Vectors {
  const columns = columnsOf(context, role)
  const width = columns.length
  const { sanityVectors: count, sanitySeed } = context.limits
  const recent = context.recentRows?.(role) ?? new Float32Array(0)
  const real = Math.min(Math.floor(recent.length / width), Math.floor(count / 2))
  const rows = new Float32Array(count * width)
  rows.set(recent.subarray(recent.length - real * width))
  const rng = seededRng(sanitySeed).fork(`sanity/${role}`)
  for (let i = real * width; i < rows.length; i++) {
    const [low, high] = columns[i % width]!.range
    rows[i] = low + (high - low) * rng.next()
  }
  return { rows, count, real }
}

/** Rows to compare two sets on: all real ones handed in, or the sanity vectors where there are none. */
export function comparisonVectors(context: GateContext, role: string): Vectors {
  const width = columnsOf(context, role).length
  const recent = context.recentRows?.(role)
  const count = recent === undefined ? 0 : Math.floor(recent.length / width)
  if (recent === undefined || count === 0) return sanityVectors(context, role)
  return { rows: recent.subarray(recent.length - count * width), count, real: count }
}

/** The outputs as a copy of their own: an evaluator may reuse its buffer. */
export function outputsOf(evaluator: Evaluator, { rows, count }: Pick<Vectors, 'rows' | 'count'>): Float32Array {
  return evaluator.run(rows, count).slice(0, count * evaluator.outputs)
}

/** Index of the largest of `width` values from `start`; the first of equals. */
export function argMax(values: Float32Array, start: number, width: number): number {
  let best = 0
  for (let i = 1; i < width; i++) if (values[start + i]! > values[start + best]!) best = i
  return best
}
