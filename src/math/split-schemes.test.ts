// Rolling and combinatorial splits (SPLIT-01), held against the rule of SPLIT-02 written out row by row: who may be in a training part.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { combinatorial, type Fold, rolling } from './splits.ts'

const rising = (count: number): Float64Array => Float64Array.from({ length: count }, (_, row) => row)
const told = (folds: readonly Fold[]) =>
  folds.map(({ train, validate }) => [Array.from(train).join(' '), Array.from(validate).join(' ')])

test('windows of equal length roll on; one that is not whole is left out', () => {
  const start = rising(10)
  const spans = { trainMs: 4, validateMs: 2, stepMs: 2 }
  const { folds } = rolling({ start, end: start, holdoutShare: 0, embargoMs: 0, ...spans })
  assert.deepEqual(told(folds), [
    ['0 1 2 3', '4 5'],
    ['2 3 4 5', '6 7'],
  ])
})

test('each pair of blocks is judged once, by the others', () => {
  const start = rising(8)
  const { folds } = combinatorial({ start, end: start, holdoutShare: 0, embargoMs: 0, groups: 4 })
  assert.deepEqual(told(folds), [
    ['4 5 6 7', '0 1 2 3'],
    ['2 3 6 7', '0 1 4 5'],
    ['2 3 4 5', '0 1 6 7'],
    ['0 1 6 7', '2 3 4 5'],
    ['0 1 4 5', '2 3 6 7'],
    ['0 1 2 3', '4 5 6 7'],
  ])
})

const market = fc
  .record({
    rows: fc.array(fc.record({ gap: fc.nat(4), life: fc.nat(12) }), { minLength: 12, maxLength: 90 }),
    embargoMs: fc.nat(6),
    holdoutShare: fc.constantFrom(0, 0.2),
  })
  .map(({ rows, ...rest }) => {
    let now = 0
    const start = Float64Array.from(rows, ({ gap }) => (now += gap))
    return { start, end: start.map((time, row) => time + rows[row]!.life), ...rest }
  })

/** Blocks of rows that stand side by side: each judged span by itself. */
function blocks(rows: readonly number[]): number[][] {
  const made: number[][] = []
  for (const row of rows) {
    if (made.at(-1)?.at(-1) === row - 1) made.at(-1)!.push(row)
    else made.push([row])
  }
  return made
}

type Rows = { readonly start: Float64Array; readonly end: Float64Array; readonly embargoMs: number }

/** May a row be learned from where these are judged? SPLIT-02 in words: no shared time, and none of the day after. */
function mayLearn(row: number, judged: readonly number[], { start, end, embargoMs }: Rows): boolean {
  return blocks(judged).every(block => {
    const from = Math.min(...block.map(one => start[one]!))
    const to = Math.max(...block.map(one => end[one]!))
    const shares = end[row]! >= from && start[row]! <= to
    const follows = start[row]! > to && start[row]! - to <= embargoMs
    return !shares && !follows
  })
}

test('a combinatorial fold learns from exactly the rows that know nothing of what it is judged on', () => {
  fc.assert(
    fc.property(market, fc.integer({ min: 3, max: 6 }), (rows, groups) => {
      const { folds, fit } = combinatorial({ ...rows, groups })
      const seen = new Map<number, number>()
      for (const { train, validate } of folds) {
        const judged = Array.from(validate)
        for (const row of judged) seen.set(row, (seen.get(row) ?? 0) + 1)
        const wanted = Array.from(fit).filter(row => !judged.includes(row) && mayLearn(row, judged, rows))
        assert.deepEqual(Array.from(train), wanted)
      }
      // Where no fold was left without training rows, every row was judged equally often.
      const times = new Set(seen.values())
      if (folds.length === (groups * (groups - 1)) / 2) assert.deepEqual([...times], [groups - 1])
    }),
  )
})

test('a rolling fold learns from the rows of its window whose labels were known before it is judged', () => {
  const spans = fc.record({
    trainMs: fc.integer({ min: 5, max: 40 }),
    validateMs: fc.integer({ min: 1, max: 15 }),
    stepMs: fc.integer({ min: 1, max: 15 }),
  })
  fc.assert(
    fc.property(market, spans, (rows, windows) => {
      const { folds, fit } = rolling({ ...rows, ...windows })
      const { start, end } = rows
      for (const { train, validate } of folds) {
        const first = start[validate[0]!]!
        // The window that this fold belongs to, found from its rows alone.
        const places = Array.from({ length: 200 }, (_, k) => start[fit[0]!]! + k * windows.stepMs)
        const fits = places.filter(from => {
          const inside = Array.from(fit).filter(
            row => start[row]! >= from + windows.trainMs && start[row]! < from + windows.trainMs + windows.validateMs,
          )
          return inside.join() === Array.from(validate).join()
        })
        const wanted = fits.map(from =>
          Array.from(fit).filter(
            row => start[row]! >= from && start[row]! < from + windows.trainMs && end[row]! < first,
          ),
        )
        assert.ok(wanted.some(some => some.join() === Array.from(train).join()))
      }
    }),
    { numRuns: 60 },
  )
})
