import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { floatBelow } from '../../onnx/tree-program.ts'
import { thresholdBetween } from './threshold.ts'

const floatAbove = (value: number) => -floatBelow(-value)

test('the threshold is a float32 that keeps the lower value left and the upper one right', () => {
  const float = fc.float({ noNaN: true })
  fc.assert(
    fc.property(float, float, (a, b) => {
      fc.pre(a !== b)
      const [lower, upper] = [Math.min(a, b), Math.max(a, b)]
      const threshold = thresholdBetween(lower, upper)
      assert.equal(Math.fround(threshold), threshold)
      assert.ok(lower <= threshold && threshold < upper, `${lower} ${threshold} ${upper}`)
    }),
  )
})

test('it is the largest float32 at or below the midpoint', () => {
  assert.equal(thresholdBetween(1, 2), 1.5)
  assert.equal(thresholdBetween(0, 1), 0.5)
  const [lower, upper] = [Math.fround(0.1), Math.fround(0.3)]
  const threshold = thresholdBetween(lower, upper)
  const middle = (lower + upper) / 2
  assert.ok(threshold <= middle && floatAbove(threshold) > middle)
})

test('between neighbouring floats it is the lower one', () => {
  const upper = floatAbove(1)
  assert.equal(thresholdBetween(1, upper), 1)
  assert.equal(thresholdBetween(floatBelow(1), 1), floatBelow(1))
  assert.equal(thresholdBetween(-(2 ** -149), 0), -(2 ** -149))
})
