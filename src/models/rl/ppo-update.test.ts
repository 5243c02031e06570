// The gradient of the whole loss by every weight of both networks, against central differences of the loss written out in float64.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { BRAIN_SIZES, categoricalPolicy } from './categorical-policy.ts'
import { type DenseNet, denseNet } from './dense-net.ts'
import { drawWeights } from './draw-weights.ts'
import { gaussianPolicy } from './gaussian-policy.ts'
import type { Policy } from './policy.ts'
import { descend, normalised, policyGradient, valueGradient } from './ppo-update.ts'

const ROWS = 48
const WIDTH = 6
const OPTIONS = { clip: 0.2, entropy: 0.01, value: 0.5 }

type Layers = readonly ReturnType<DenseNet['layer']>[]

function run(layers: Layers, row: ArrayLike<number>): number[] {
  let values = Array.from(row)
  for (const [index, { weights, bias }] of layers.entries()) {
    const sums = Array.from(bias, (start, j) =>
      values.reduce((sum, x, i) => sum + x * weights[i * bias.length + j]!, start),
    )
    values = index === layers.length - 1 ? sums : sums.map(Math.tanh)
  }
  return values
}

/** Log-probability and entropy, written from the textbook and not from the policies. */
const textbook = {
  categorical(outputs: readonly number[], action: number) {
    const total = outputs.reduce((sum, value) => sum + Math.exp(value), 0)
    const chances = outputs.map(value => Math.exp(value) / total)
    return { logProb: Math.log(chances[action]!), entropy: -chances.reduce((sum, p) => sum + p * Math.log(p), 0) }
  },
  gaussian(outputs: readonly number[], action: number, logSd: number) {
    const variance = Math.exp(2 * logSd)
    const density = Math.exp(-((action - outputs[0]!) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance)
    return { logProb: Math.log(density), entropy: 0.5 * Math.log(2 * Math.PI * Math.E * variance) }
  },
}

function check(policy: Policy): void {
  const rng = seededRng(11)
  const widths = [WIDTH, 12, 8, policy.outputs]
  const valueWidths = [WIDTH, 12, 8, 1]
  const actor = denseNet({ widths, rows: ROWS, free: policy.free })
  const critic = denseNet({ widths: valueWidths, rows: ROWS })
  drawWeights(actor, { widths, lastGain: 1 }, rng.fork('actor'))
  drawWeights(critic, { widths: valueWidths, lastGain: 1 }, rng.fork('critic'))
  actor.free.fill(-0.3)
  const normals = (count: number): Float64Array => Float64Array.from({ length: count }, () => rng.normal())
  const states = new Float32Array(ROWS * actor.inputStride)
  for (let i = 0; i < ROWS; i++) states.set(normals(WIDTH), i * actor.inputStride)
  const actions = Float64Array.from({ length: ROWS }, (_, i) =>
    policy.kind === 'gaussian' ? rng.normal() : i % policy.outputs,
  )
  const rows = Int32Array.from({ length: ROWS }, (_, i) => (i * 7) % ROWS)
  const known = { advantages: normals(ROWS), returns: normals(ROWS), gains: [] }

  const layers = { actor: [0, 1, 2].map(i => actor.layer(i)), critic: [0, 1, 2].map(i => critic.layer(i)) }
  const free = Float64Array.from(actor.free)
  const judged = (row: number) =>
    textbook[policy.kind](
      run(layers.actor, states.subarray(row * actor.inputStride, row * actor.inputStride + WIDTH)),
      actions[row]!,
      free[0] ?? 0,
    )
  // Ratios from about 0.6 to 1.7: some are clipped, some are not, and none is near the edge.
  const logProbs = Float64Array.from({ length: ROWS }, (_, row) => judged(row).logProb + 0.5 * Math.sin(row + 0.5))
  const experience = { ...known, states, actions, logProbs }
  const loss = (): number => {
    let sum = 0
    for (let row = 0; row < ROWS; row++) {
      const { logProb, entropy } = judged(row)
      const ratio = Math.exp(logProb - logProbs[row]!)
      const advantage = known.advantages[row]!
      const value = run(layers.critic, states.subarray(row * actor.inputStride, row * actor.inputStride + WIDTH))[0]!
      sum -= Math.min(ratio * advantage, Math.min(Math.max(ratio, 0.8), 1.2) * advantage)
      sum += 0.5 * (value - known.returns[row]!) ** 2 - 0.01 * entropy
    }
    return sum / ROWS
  }

  const told =
    policyGradient({ policy, actor }, experience, rows, OPTIONS).loss + valueGradient(critic, experience, rows, OPTIONS)
  assert.ok(Math.abs(told - loss()) < 1e-5)
  const compare = (name: string, at: Float64Array, found: ArrayLike<number>): void => {
    const wanted = at.map((value, i) => {
      at[i] = value + 1e-6
      const above = loss()
      at[i] = value - 1e-6
      const below = loss()
      at[i] = value
      return (above - below) / 2e-6
    })
    const miss = Math.hypot(...wanted.map((value, i) => value - found[i]!)) / Math.hypot(...wanted)
    assert.ok(miss < 1e-4, `${name}: ${miss}`)
  }
  for (const [name, net] of [
    ['actor', actor],
    ['critic', critic],
  ] as const) {
    for (const [index, layer] of layers[name].entries()) {
      const found = net.layer(index, 'gradients')
      compare(`weights of layer ${index} of the ${name}`, layer.weights, found.weights)
      compare(`bias of layer ${index} of the ${name}`, layer.bias, found.bias)
    }
  }
  if (policy.free > 0) compare('log standard deviation', free, actor.freeGradient)

  const squares = actor.gradientSquares()
  const before = actor.layer(2).bias[0]!
  descend(actor, { rate: 0.01, epsilon: 1e-12, gradientNorm: Math.sqrt(squares) / 2 })
  assert.ok(
    Math.abs(Math.abs(actor.layer(2).bias[0]! - before) - 0.01) < 1e-5,
    'the first step of Adam is one rate long',
  )
}

test('the gradient of the loss of a choice among sizes equals its central differences', () =>
  check(categoricalPolicy(BRAIN_SIZES)))

test('the gradient of the loss of a normal choice equals its central differences, that of the deviation too', () =>
  check(gaussianPolicy()))

test('normalised advantages have mean 0 and deviation 1, and equal ones are 0', () => {
  const found = normalised(Float64Array.of(1, 2, 3, 6))
  assert.ok(Math.abs(found.reduce((sum, value) => sum + value, 0)) < 1e-12)
  assert.ok(Math.abs(found.reduce((sum, value) => sum + value * value, 0) / 3 - 1) < 1e-6)
  assert.deepEqual(normalised(Float64Array.of(2, 2)), Float64Array.of(0, 0))
})
