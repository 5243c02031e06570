import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, float, property } from 'fast-check'
import { nextFloatDown, nextFloatUp, ulpDistance } from './ulp.ts'

const MAX = 3.4028234663852886e38
const TINY = 2 ** -149

test('known neighbours', () => {
  assert.equal(nextFloatUp(1), 1 + 2 ** -23)
  assert.equal(nextFloatDown(1), 1 - 2 ** -24)
  assert.equal(nextFloatUp(0), TINY)
  assert.equal(nextFloatDown(0), -TINY)
  assert.equal(nextFloatUp(MAX), Infinity)
  assert.equal(nextFloatDown(-MAX), -Infinity)
  assert.equal(nextFloatUp(-TINY), 0)
  assert.equal(nextFloatUp(Infinity), Infinity)
  assert.equal(nextFloatDown(Infinity), MAX)
  assert.ok(Number.isNaN(nextFloatUp(Number.NaN)))
})

test('up and down undo each other, one step apart, with nothing between', () => {
  check(
    property(float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 126), max: 2 ** 126 }), value => {
      const up = nextFloatUp(value)
      assert.ok(up > value && Math.fround(up) === up)
      assert.equal(ulpDistance(nextFloatDown(up), value), 0)
      assert.equal(ulpDistance(value, up), 1)
      const middle = Math.fround((value + up) / 2)
      assert.ok(middle === value || middle === up)
    }),
  )
})

test('distance counts steps across zero and is 0 between the two zeros', () => {
  assert.equal(ulpDistance(-TINY, TINY), 2)
  assert.equal(ulpDistance(0, -0), 0)
  assert.equal(ulpDistance(1, 2), 2 ** 23)
  assert.ok(Number.isNaN(ulpDistance(1, Number.NaN)))
})
