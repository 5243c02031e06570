// What stands before every model of a role: missing values filled, levels made stationary, columns scaled and clipped (TRAIN-02).

import { Fault } from '../base/fault.ts'
import type { Exportable } from './graph.ts'
import { preludeGraph } from './prelude-graph.ts'
import { type LevelMap, levelMap } from './prelude-levels.ts'
import { type PreludeColumn, type PreludeState, RAW_BOUND, SMALLEST } from './prelude-state.ts'

export type PreludeOptions = {
  /**
   * Price ratio and volume on a log scale. A tree is the same on both scales, and without logarithms every step is an
   * exactly rounded operation, so our evaluator and a runtime see the same float32 at every threshold.
   */
  readonly logs: boolean
  /** Scaled values are kept within plus and minus this many standard deviations. */
  readonly clip?: number
}

export interface Prelude extends Exportable {
  readonly width: number
  /** Columns without information: constant throughout training, or a level that has no ratio in this role. */
  readonly unused: readonly string[]
  /** The very float32 steps of the graph. Rows are row-major, `count * width`, in and out. */
  transform(rows: Float32Array, count: number): Float32Array
  save(): PreludeState
}

const { fround } = Math

/**
 * @param rows raw training rows, row-major, `count * columns.length`; NaN is missing
 * @example
 * const prelude = fitPrelude(rows, count, [{ name: 'price', neutral: null }, { name: 'atr', neutral: null }], { logs: false })
 * prelude.unused // ['price']: without ema50 a price has no ratio
 */
export function fitPrelude(
  rows: Float32Array,
  count: number,
  columns: readonly PreludeColumn[],
  { logs, clip = 8 }: PreludeOptions,
): Prelude {
  if (count === 0) throw new Fault('TOO_FEW_ROWS', 'there is no row to fit the scaling on')
  const width = columns.length
  if (rows.length !== count * width) throw new RangeError(`${rows.length} values are not ${count} rows of ${width}`)
  const fill = columns.map((column, c) => fround(column.neutral ?? presentMean(rows, count, width, c)))
  const levels = levelMap(columns.map(column => column.name))
  const mapped = new Float32Array(rows.length)
  mapRows(rows, count, fill, levels, logs, mapped)
  const moments = columns.map((_, c) => columnMoments(mapped, count, width, c))
  return preludeOf({
    columns: columns.map(({ name, neutral }) => ({ name, neutral })),
    logs,
    clip: fround(clip),
    fill,
    mean: moments.map(({ mean }) => fround(mean)),
    inverse: moments.map(({ deviation }, c) => (deviation > 0 && levels.used[c]! ? fround(1 / deviation) : 0)),
  })
}

/** A prelude from its saved state. */
export function preludeOf(state: PreludeState): Prelude {
  const { columns, logs, clip, fill, mean, inverse } = state
  const width = columns.length
  const levels = levelMap(columns.map(column => column.name))
  return {
    width,
    unused: columns.filter((_, c) => inverse[c] === 0).map(column => column.name),
    transform(rows, count) {
      if (rows.length !== count * width) throw new RangeError(`${rows.length} values are not ${count} rows of ${width}`)
      const result = new Float32Array(rows.length)
      mapRows(rows, count, fill, levels, logs, result)
      for (let at = 0; at < result.length; at++) {
        const c = at % width
        const scaled = fround(fround(result[at]! - mean[c]!) * inverse[c]!)
        result[at] = Math.min(Math.max(scaled, -clip), clip)
      }
      return result
    },
    save: () => state,
    toGraph: (input, prefix) => preludeGraph(state, levels, input, prefix),
  }
}

/** Fills, bounds and maps the rows into `result`, rounding to float32 after every step as the graph does. */
function mapRows(
  rows: Float32Array,
  count: number,
  fill: readonly number[],
  { minuend, subtrahend, divisor, log }: LevelMap,
  logs: boolean,
  result: Float32Array,
): void {
  const width = fill.length
  const row = new Float32Array(width)
  for (let start = 0; start < count * width; start += width) {
    for (let c = 0; c < width; c++) {
      const raw = rows[start + c]!
      const filled = Number.isNaN(raw) ? fill[c]! : raw
      row[c] = Math.min(Math.max(filled, -RAW_BOUND), RAW_BOUND)
    }
    for (let c = 0; c < width; c++) {
      const above = subtrahend[c]! < 0 ? row[minuend[c]!]! : fround(row[minuend[c]!]! - row[subtrahend[c]!]!)
      const below = divisor[c]! < 0 ? 1 : Math.max(row[divisor[c]!]!, SMALLEST)
      const ratio = fround(above / below)
      const plus = log[c]!
      result[start + c] = logs && plus >= 0 ? Math.log(Math.max(fround(ratio + plus), SMALLEST)) : ratio
    }
  }
}

/** Mean of the values that are there; 0 where none is. */
function presentMean(rows: Float32Array, count: number, width: number, column: number): number {
  let sum = 0
  let present = 0
  for (let row = 0; row < count; row++) {
    const value = rows[row * width + column]!
    if (Number.isNaN(value)) continue
    sum += Math.min(Math.max(value, -RAW_BOUND), RAW_BOUND)
    present++
  }
  return present === 0 ? 0 : sum / present
}

/** Mean and standard deviation; a deviation of exactly 0 where all values are equal. */
function columnMoments(
  values: Float32Array,
  count: number,
  width: number,
  column: number,
): { readonly mean: number; readonly deviation: number } {
  let sum = 0
  let varies = false
  for (let at = column; at < values.length; at += width) {
    sum += values[at]!
    if (values[at] !== values[column]) varies = true
  }
  const mean = sum / count
  if (!varies) return { mean, deviation: 0 }
  let squares = 0
  for (let at = column; at < values.length; at += width) squares += (values[at]! - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / count) }
}
