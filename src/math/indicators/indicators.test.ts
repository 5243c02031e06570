import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ema, wilder } from './average.ts'
import { bollinger } from './bollinger.ts'
import { eachOldestFirst, meanOf, push, recent, ring, sampleDeviation, squaresAround } from './ring.ts'
import { rollingRank } from './rolling-rank.ts'
import { slope } from './slope.ts'

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 80 })

test('an exponential average starts at the plain mean and then moves by its weight', () => {
  const average = ema(3)
  const state = average.init()
  const seen = [1, 2, 3, 5, 9].map(x => average.update(state, x))
  assert.deepEqual(seen, [Number.NaN, Number.NaN, 2, 3.5, 6.25])
})

test("Wilder's smoothing is (previous x (n - 1) + x) / n", () => {
  const average = wilder(14)
  const state = average.init()
  let expected = 0
  for (let i = 1; i <= 40; i++) {
    const x = (i * 37) % 11
    const value = average.update(state, x)
    if (i <= 14) expected += x / 14
    else expected = (expected * 13 + x) / 14
    if (i >= 14) assert.ok(Math.abs(value - expected) < 1e-12)
  }
})

test('a ring keeps the last values, oldest first', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 20 }), (values, size) => {
      const window = ring()
      const dropped = values.map(value => push(window, size, value))
      const last = values.slice(-size)
      const seen: number[] = []
      eachOldestFirst(window, (value, index) => {
        seen[index] = value
      })
      assert.deepEqual(seen, last)
      assert.deepEqual(
        dropped.filter(value => value !== undefined),
        values.slice(0, -size),
      )
      assert.equal(recent(window, 0), values.at(-1))
      assert.equal(recent(window, last.length - 1), last[0])
      assert.equal(recent(window, last.length), undefined)
    }),
  )
})

test('the mean of a window is that of its values, and depends on nothing before it', () => {
  fc.assert(
    fc.property(numbers, numbers, (history, values) => {
      const fresh = ring()
      const used = ring()
      for (const value of values) push(fresh, 80, value)
      for (const value of [...history, ...values]) push(used, values.length, value)
      assert.equal(meanOf(used), meanOf(fresh))
      assert.equal(squaresAround(used, 1), squaresAround(fresh, 1))
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      assert.ok(Math.abs(meanOf(fresh) - mean) <= 1e-9 * Math.max(1, ...values.map(Math.abs)))
    }),
  )
})

test('equal values have exactly their own mean and no deviation', () => {
  const window = ring()
  for (let i = 0; i < 20; i++) push(window, 20, 0.1)
  assert.equal(meanOf(window), 0.1)
  assert.equal(sampleDeviation(window), 0)
})

test('the sample deviation divides by n - 1', () => {
  const window = ring()
  for (const x of [2, 4, 4, 4, 5, 5, 7, 9]) push(window, 8, x)
  assert.ok(Math.abs(sampleDeviation(window) - Math.sqrt(32 / 7)) < 1e-15)
})

test('Bollinger bands divide by n', () => {
  const bands = bollinger(8, 2)
  const state = bands.init()
  const all = [2, 4, 4, 4, 5, 5, 7, 9].map(x => bands.update(state, x))
  assert.deepEqual(all.at(-1), { middle: 5, upper: 9, lower: 1 })
  assert.ok(Number.isNaN(all[6]!.upper))
})

test('the rolling rank equals counting the window anew', () => {
  const coarse = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(coarse, fc.integer({ min: 1, max: 200 }), (values, size) => {
      const rank = rollingRank(size)
      const state = rank.init()
      for (const [i, x] of values.entries()) {
        const window = values.slice(Math.max(0, i + 1 - size), i + 1)
        const below = window.filter(y => y < x).length
        const ties = window.filter(y => y === x).length - 1
        const expected = window.length === 1 ? 0.5 : (below + ties / 2) / (window.length - 1)
        assert.equal(rank.update(state, x), expected)
        assert.deepEqual(
          state.sorted,
          window.toSorted((a, b) => a - b),
        )
      }
    }),
  )
})

test('the slope of a line is its slope', () => {
  const window = ring()
  for (let i = 0; i < 70; i++) push(window, 50, 5000 - 0.25 * i)
  assert.equal(slope(window), -0.25)
})

test('the slope is that of ordinary least squares', () => {
  // numpy.polyfit([0, 1, 2, 3], [1, 3, 2, 5], 1)[0] = 1.1
  assert.ok(Math.abs(slope({ values: [2, 5, 1, 3], next: 2 }) - 1.1) < 1e-15)
})
