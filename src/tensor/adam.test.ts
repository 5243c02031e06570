import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adamInit, adamUpdate } from './adam.ts'
import { clipNorm } from './clip-norm.ts'

const near = (actual: number, expected: number, tolerance = 1e-14) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)

test('three steps equal the published update worked by hand', () => {
  const weights = { w: Float64Array.of(1) }
  const state = adamInit(weights)
  const options = { rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
  // Gradients 0.5, -0.2, 0.3. m: 0.05, 0.025, 0.0525; v: 0.00025, 0.00028975, 0.00037946025.
  const one = 1 - (0.1 * 0.5) / (0.5 + 1e-8)
  const two = one - (0.1 * (0.025 / 0.19)) / (Math.sqrt(0.00028975 / 0.001999) + 1e-8)
  const three = two - (0.1 * (0.0525 / 0.271)) / (Math.sqrt(0.00037946025 / 0.002997001) + 1e-8)
  const expected = [one, two, three]
  for (const [step, gradient] of [0.5, -0.2, 0.3].entries()) {
    adamUpdate(state, weights, { w: Float64Array.of(gradient) }, options)
    near(weights.w[0]!, expected[step]!, 1e-13)
  }
  assert.equal(state.step, 3)
})

test('weight decay shrinks the weight before the step and leaves the moments alone', () => {
  const [plain, decayed] = [{ w: Float64Array.of(2) }, { w: Float64Array.of(2) }]
  const [first, second] = [adamInit(plain), adamInit(decayed)]
  adamUpdate(first, plain, { w: Float64Array.of(0.5) }, { rate: 0.1 })
  adamUpdate(second, decayed, { w: Float64Array.of(0.5) }, { rate: 0.1, weightDecay: 0.01 })
  near(plain.w[0]! - decayed.w[0]!, 2 * 0.1 * 0.01)
  assert.deepEqual(first, second)
})

test('the first step has the length of the rate, whatever the gradient', () => {
  for (const size of [1e-3, 1, 1e6]) {
    const weights = { w: Float64Array.of(0) }
    adamUpdate(adamInit(weights), weights, { w: Float64Array.of(size) }, { rate: 0.01 })
    near(weights.w[0]!, -0.01, 1e-6)
  }
})

test('saved state resumes bit for bit', () => {
  const gradient = { w: Float64Array.of(0.3, -0.7) }
  const weights = { w: Float64Array.of(1, 2) }
  const state = adamInit(weights)
  adamUpdate(state, weights, gradient)
  const [laterWeights, laterState] = [structuredClone(weights), structuredClone(state)]
  adamUpdate(state, weights, gradient)
  adamUpdate(laterState, laterWeights, gradient)
  assert.deepEqual(laterWeights, weights)
})

test('a gradient longer than the limit is shortened as a whole, a shorter one is left', () => {
  const long = { a: Float64Array.of(3), b: Float64Array.of(0, 4) }
  assert.equal(clipNorm(long, 1), 5)
  near(long.a[0]!, 0.6)
  near(long.b[1]!, 0.8)
  assert.equal(clipNorm(long, 2), 1)
  near(long.a[0]!, 0.6)
})
