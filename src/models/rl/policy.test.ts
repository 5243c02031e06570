import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { BRAIN_SIZES, categoricalPolicy } from './categorical-policy.ts'
import { gaussianPolicy, sizeOf } from './gaussian-policy.ts'
import type { Policy, PolicyNet } from './policy.ts'

const outputsOf = (values: readonly number[], free: readonly number[] = []): PolicyNet => ({
  output: Float32Array.of(9, 9, 9, 9, 9, 9, 9, 9, ...values),
  outputStride: 8,
  outputGradient: new Float32Array(16),
  free: Float32Array.from(free),
  freeGradient: new Float32Array(free.length),
})

/** Central differences of `3 * logProb + 2 * entropy` by outputs and free parameters against `gradient`. */
function checkGradient(policy: Policy, net: PolicyNet, action: number): void {
  const value = (): number => {
    const { logProb, entropy } = policy.judge(net, 1, action)
    return 3 * logProb + 2 * entropy
  }
  const slope = (array: Float32Array, at: number): number => {
    const [kept, step] = [array[at]!, 2 ** -10]
    array[at] = kept + step
    const above = value()
    array[at] = kept - step
    const below = value()
    array[at] = kept
    return (above - below) / (2 * step)
  }
  const wanted = Array.from({ length: policy.outputs }, (_, i) => slope(net.output, 8 + i))
  const free = Array.from(net.free, (_, i) => slope(net.free, i))
  policy.judge(net, 1, action)
  policy.gradient(net, 1, 3, 2)
  for (const [i, each] of wanted.entries()) assert.ok(Math.abs(net.outputGradient[8 + i]! - each) < 1e-4)
  for (const [i, each] of free.entries()) assert.ok(Math.abs(net.freeGradient[i]! - each) < 1e-4)
}

test('a choice is drawn as often as its chance says, and judged by it', () => {
  const policy = categoricalPolicy(BRAIN_SIZES)
  const chances = [0.05, 0.1, 0.4, 0.2, 0.05, 0.2]
  const net = outputsOf(chances.map(Math.log))
  const rng = seededRng(5)
  const counts = new Float64Array(6)
  for (let i = 0; i < 20_000; i++) counts[policy.draw(net, 1, rng)]!++
  for (const [i, chance] of chances.entries()) assert.ok(Math.abs(counts[i]! / 20_000 - chance) < 0.015)
  const { logProb, entropy } = policy.judge(net, 1, 2)
  assert.ok(Math.abs(logProb - Math.log(0.4)) < 1e-6)
  assert.ok(Math.abs(entropy + chances.reduce((sum, p) => sum + p * Math.log(p), 0)) < 1e-6)
  assert.equal(policy.best(net, 1), 2)
  assert.equal(policy.decode(2), 0.5)
})

test('outputs of any size give chances', () => {
  const policy = categoricalPolicy([0, 1])
  assert.equal(policy.judge(outputsOf([1e30, -1e30]), 1, 0).logProb, 0)
  assert.equal(policy.draw(outputsOf([-1e30, 1e30]), 1, seededRng(1)), 1)
})

test('a normal choice has its mean, its deviation, and the density of the unsquashed variable', () => {
  const policy = gaussianPolicy()
  const net = outputsOf([0.3], [Math.log(0.5)])
  const rng = seededRng(6)
  const drawn = Float64Array.from({ length: 20_000 }, () => policy.draw(net, 1, rng))
  const mean = drawn.reduce((sum, u) => sum + u, 0) / 20_000
  assert.ok(Math.abs(mean - 0.3) < 0.01)
  assert.ok(Math.abs(Math.sqrt(drawn.reduce((sum, u) => sum + (u - mean) ** 2, 0) / 20_000) - 0.5) < 0.01)
  const { logProb, entropy } = policy.judge(net, 1, 0.8)
  assert.ok(Math.abs(logProb - (-0.5 - Math.log(0.5) - 0.5 * Math.log(2 * Math.PI))) < 1e-6)
  assert.ok(Math.abs(entropy - (0.5 + 0.5 * Math.log(2 * Math.PI) + Math.log(0.5))) < 1e-6)
})

test('sizes stay in 0.1 to 2.0, and an untrained policy sizes by 1', () => {
  const policy = gaussianPolicy()
  assert.equal(sizeOf(-1000), 0.1)
  assert.equal(sizeOf(1000), 2)
  assert.ok(Math.abs(policy.decode(policy.start.bias[0]!) - 1) < 1e-12)
  assert.equal(policy.best(outputsOf([0.25], [0]), 1), 0.25)
})

test('gradients by outputs and free parameters are those of log-probability and entropy', () => {
  for (const action of [0, 3, 5])
    checkGradient(categoricalPolicy(BRAIN_SIZES), outputsOf([0.2, -1, 0.5, 1.5, 0, -0.3]), action)
  for (const action of [-1, 0.4, 2]) checkGradient(gaussianPolicy(), outputsOf([0.25], [-0.5]), action)
})
