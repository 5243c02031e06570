import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { axisAround, shareOf, tickDigits, timeTicks } from './ticks.ts'

test('an axis begins and ends at round numbers around its values', () => {
  assert.deepEqual(axisAround([3, 97]).ticks, [0, 25, 50, 75, 100])
  assert.deepEqual(axisAround([-0.9, 0.45]).ticks, [-1, -0.5, 0, 0.5])
  assert.equal(tickDigits(axisAround([0.1, 0.3])), 2)
})

test('every value lies on its axis, whatever the values', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { maxLength: 8 }), values => {
      const axis = axisAround(values)
      for (const value of values) assert.ok(shareOf(value, axis) > -1e-6 && shareOf(value, axis) < 1 + 1e-6)
      assert.ok(axis.ticks.length >= 2 && axis.ticks.length < 12, `${axis.ticks.length}`)
    }),
  )
})

test('one value and no value have an axis too', () => {
  assert.ok(axisAround([5, 5]).low < 5)
  assert.deepEqual(axisAround([]).low, 0)
})

test('times are marked at round years, months, days and hours of UTC', () => {
  const texts = (from: string, to: string) => timeTicks(Date.parse(from), Date.parse(to)).map(({ text }) => text)
  assert.deepEqual(texts('2000-01-03', '2020-04-17'), ['2005', '2010', '2015', '2020'])
  assert.deepEqual(texts('2020-01-15', '2020-05-02'), ['2020-02', '2020-03', '2020-04', '2020-05'])
  assert.deepEqual(texts('2020-01-01T00:00Z', '2020-01-04T00:00Z'), [
    '2020-01-01',
    '2020-01-02',
    '2020-01-03',
    '2020-01-04',
  ])
  assert.deepEqual(texts('2020-01-01T09:30Z', '2020-01-01T11:00Z'), [
    '01-01 09:30',
    '01-01 10:00',
    '01-01 10:30',
    '01-01 11:00',
  ])
})

test('no span has more marks than fit, and all marks lie in it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 60_000, max: 4e12 }), (from, span) => {
      const ticks = timeTicks(from, from + span)
      assert.ok(ticks.length <= 7, `${ticks.length}`)
      assert.ok(ticks.every(({ time }) => time >= from && time <= from + span))
    }),
  )
})
