// The rows on which our evaluator and the reference runtime must agree: real ones, ones beside thresholds, and the odd ones (EXPORT-02).

import type { Rng } from '../base/rng.ts'
import type { FeatureColumn } from '../market/feature-schema.ts'
import { nextFloatUp } from '../math/ulp.ts'

/** A split of a tree on one mapped column. */
export type Threshold = { readonly column: number; readonly value: number }

export type VectorSource = {
  readonly columns: readonly FeatureColumn[]
  /** Row-major raw rows. Training rows fill up where validation has too few. */
  readonly validation: Float32Array
  readonly training: Float32Array
  /** Of a tree role; of others the ends of the columns' ranges stand in. */
  readonly thresholds: readonly Threshold[]
  /** What the trees see of raw rows, the same width. */
  readonly mapped: (rows: Float32Array, count: number) => Float32Array
}

export type VectorOptions = {
  readonly rng: Rng
  readonly vectors: number
  readonly adjacent: number
}

export type ParityVectors = { readonly rows: Float32Array; readonly count: number; readonly thresholdAdjacent: number }

/** `take` rows without repetition, all where there are fewer. */
function sample(rows: Float32Array, width: number, take: number, rng: Rng): Float32Array[] {
  const order = Array.from({ length: rows.length / width }, (_, row) => row)
  const count = Math.min(take, order.length)
  for (let at = 0; at < count; at++) {
    const other = at + rng.int(order.length - at)
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
  return order.slice(0, count).map(row => rows.subarray(row * width, (row + 1) * width))
}

const uniform = (columns: readonly FeatureColumn[], rng: Rng): Float32Array =>
  Float32Array.from(columns, ({ range: [low, high] }) => low + (high - low) * rng.next())

/** Row with `value` in one column. */
const changed = (row: Float32Array, column: number, value: number): Float32Array => {
  const copy = row.slice()
  copy[column] = value
  return copy
}

/** The float32 in the middle of two others, by value. */
const middle = (low: number, high: number): number => Math.fround(low / 2 + high / 2)

/**
 * Two rows, equal but for one raw column that differs by one float32 step, whose mapped values lie on the two sides of the
 * threshold. Found by bisection, as every mapped column is monotone in the raw column of its name while the others stand still.
 */
function straddle(
  base: Float32Array,
  { column, value }: Threshold,
  [from, to]: readonly [number, number],
  mapped: VectorSource['mapped'],
): readonly [Float32Array, Float32Array] | undefined {
  const isLeft = (raw: number): boolean => mapped(changed(base, column, raw), 1)[column]! <= value
  let low = Math.fround(from)
  let high = Math.fround(to)
  const leftAtLow = isLeft(low)
  if (leftAtLow === isLeft(high)) return undefined
  while (nextFloatUp(low) < high) {
    const between = middle(low, high)
    const next = between <= low || between >= high ? nextFloatUp(low) : between
    if (isLeft(next) === leftAtLow) low = next
    else high = next
  }
  return [changed(base, column, low), changed(base, column, high)]
}

function besideThresholds(
  { columns, thresholds, mapped }: VectorSource,
  bases: readonly Float32Array[],
  wanted: number,
  rng: Rng,
): Float32Array[] {
  const found: Float32Array[] = []
  // Some thresholds cannot be reached from some rows; ten tries a pair are plenty.
  for (let tried = 0; thresholds.length > 0 && found.length < wanted && tried < 5 * wanted; tried++) {
    const threshold = thresholds[rng.int(thresholds.length)]!
    const base = bases[rng.int(bases.length)]!
    const own = bases.map(row => row[threshold.column]!).filter(Number.isFinite)
    const [low, high] = columns[threshold.column]!.range
    found.push(...(straddle(base, threshold, [Math.min(low, ...own), Math.max(high, ...own)], mapped) ?? []))
  }
  return found
}

/** Rows one float32 step inside and outside the ends of their columns' ranges. */
function besideEnds(
  columns: readonly FeatureColumn[],
  bases: readonly Float32Array[],
  wanted: number,
  rng: Rng,
): Float32Array[] {
  return Array.from({ length: Math.ceil(wanted / 2) }, (_, pair) => {
    const column = pair % columns.length
    const base = bases[rng.int(bases.length)]!
    const end = Math.fround(columns[column]!.range[rng.int(2)]!)
    return [changed(base, column, end), changed(base, column, nextFloatUp(end))]
  }).flat()
}

/** Smallest, largest, neutral, and missing: all columns at once and each alone. */
function oddRows(columns: readonly FeatureColumn[], bases: readonly Float32Array[]): Float32Array[] {
  const extreme = (pick: (...values: number[]) => number): Float32Array =>
    Float32Array.from(columns, (_, i) => pick(...bases.map(row => row[i]!).filter(Number.isFinite)))
  const neutral = Float32Array.from(columns, ({ neutral, range: [low, high] }) => neutral ?? (low + high) / 2)
  const first = bases[0] ?? neutral
  return [
    extreme(Math.min),
    extreme(Math.max),
    neutral,
    new Float32Array(columns.length).fill(Number.NaN),
    ...columns.map((_, i) => changed(first, i, Number.NaN)),
  ]
}

/** @returns at least `vectors` rows, of which `thresholdAdjacent` lie one float32 step from a threshold */
export function parityVectors(source: VectorSource, { rng, vectors, adjacent }: VectorOptions): ParityVectors {
  const { columns, validation, training } = source
  const width = columns.length
  const real = sample(validation, width, vectors, rng.fork('validation'))
  const filled = [...real, ...sample(training, width, vectors - real.length, rng.fork('training'))]
  const free = rng.fork('uniform')
  const bases = [...filled, ...Array.from({ length: vectors - filled.length }, () => uniform(columns, free))]
  const near = rng.fork('thresholds')
  const beside =
    source.thresholds.length > 0
      ? besideThresholds(source, bases, adjacent, near)
      : besideEnds(columns, bases, adjacent, near)
  const all = [...bases, ...beside, ...oddRows(columns, bases)]
  const rows = new Float32Array(all.length * width)
  for (const [at, row] of all.entries()) rows.set(row, at * width)
  return { rows, count: all.length, thresholdAdjacent: beside.length }
}
