import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seededRng } from '../base/rng.ts'
import { purge, walkForward } from './splits.ts'

const DAY = 86_400_000
const rising = (count: number): Float64Array => Float64Array.from({ length: count }, (_, row) => row)

test('folds expand in time and validate what comes next', () => {
  const start = rising(12)
  const { folds, fit, holdout } = walkForward({ start, end: start, folds: 3, holdoutShare: 0, embargoMs: 0 })
  assert.equal(holdout.length, 0)
  assert.equal(fit.length, 12)
  assert.deepEqual(
    folds.map(({ train, validate }) => [Array.from(train), Array.from(validate)]),
    [
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [
        [0, 1, 2, 3, 4, 5],
        [6, 7, 8],
      ],
      [
        [0, 1, 2, 3, 4, 5, 6, 7, 8],
        [9, 10, 11],
      ],
    ],
  )
})

test('no training label of any fold or of the fit part touches what it is judged on', () => {
  const gaps = fc.array(fc.record({ gap: fc.nat(5), life: fc.nat(30) }), { minLength: 1, maxLength: 120 })
  fc.assert(
    fc.property(gaps, rows => {
      let now = 0
      const start = Float64Array.from(rows, ({ gap }) => (now += gap))
      const end = start.map((time, row) => time + rows[row]!.life)
      const { folds, fit, holdout } = walkForward({ start, end, folds: 4, holdoutShare: 0.25, embargoMs: 3 })
      for (const { train, validate } of [...folds, { train: fit, validate: holdout }]) {
        const first = Math.min(...Array.from(validate, row => start[row]!))
        for (const row of train) assert.ok(end[row]! < first)
      }
      for (const { train, validate } of folds) {
        for (const row of [...train, ...validate]) assert.ok(fit.includes(row))
      }
    }),
  )
})

test('rows of one instant are never on both sides of a boundary', () => {
  const start = Float64Array.from({ length: 40 }, (_, row) => Math.floor(row / 4))
  for (const { train, validate } of walkForward({ start, end: start, folds: 5, embargoMs: 0 }).folds) {
    const seen = new Set(Array.from(train, row => start[row]!))
    assert.ok(Array.from(validate).every(row => !seen.has(start[row]!)))
  }
})

test('training that follows validation waits for the embargo', () => {
  const start = rising(6).map(day => day * DAY)
  const kept = purge({
    start,
    end: start,
    train: Int32Array.of(0, 3, 4, 5),
    validate: Int32Array.of(1, 2),
    embargoMs: DAY,
  })
  assert.deepEqual(Array.from(kept), [0, 4, 5])
})

test('rows out of order are refused', () => {
  assert.throws(() => walkForward({ start: Float64Array.of(2, 1), end: Float64Array.of(2, 1) }), RangeError)
})

/** Chance that a positive scores above a negative. */
function auc(scores: readonly number[], labels: readonly number[]): number {
  const positive = scores.filter((_, i) => labels[i] === 1)
  const negative = scores.filter((_, i) => labels[i] === 0)
  let above = 0
  for (const p of positive) for (const n of negative) above += p > n ? 1 : p === n ? 0.5 : 0
  return above / (positive.length * negative.length)
}

/**
 * The planted leak of SPLIT-02: a label is the sign of the noise of its own span, so it is worthless to know the past; a
 * model that answers with the label of the nearest training row in time is right only where spans overlap.
 */
function leakScore(purged: boolean): number {
  const life = 25
  const scores: number[] = []
  const labels: number[] = []
  for (let series = 0; series < 60; series++) {
    const rng = seededRng(`leak/${series}`)
    const noise = Array.from({ length: 300 + life }, () => rng.normal())
    const start = rising(300)
    const end = start.map(time => time + life - 1)
    const label = Array.from(start, time => (noise.slice(time, time + life).reduce((sum, x) => sum + x, 0) > 0 ? 1 : 0))
    for (const { train, validate } of walkForward({ start, end, folds: 5, holdoutShare: 0, embargoMs: 0 }).folds) {
      const known = purged ? train : Int32Array.from({ length: validate[0]! }, (_, row) => row)
      const nearest = label[known.at(-1)!]!
      for (const row of validate.subarray(0, life / 2)) {
        scores.push(nearest)
        labels.push(label[row]!)
      }
    }
  }
  return auc(scores, labels)
}

test('a planted leak gives an AUC of one half with the purge', () => {
  const score = leakScore(true)
  assert.ok(Math.abs(score - 0.5) < 0.06, `${score}`)
})

test('the same leak gives an AUC above 0.6 without the purge', () => {
  const score = leakScore(false)
  assert.ok(score > 0.6, `${score}`)
})
