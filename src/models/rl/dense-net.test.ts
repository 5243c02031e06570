import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { adamInit, adamUpdate } from '../../tensor/adam.ts'
import { type DenseNet, denseNet } from './dense-net.ts'
import { drawWeights } from './draw-weights.ts'

const WIDTHS = [5, 12, 10, 3]

function drawn(rows: number, seed = 1, widths: readonly number[] = WIDTHS): DenseNet {
  const net = denseNet({ widths, rows })
  drawWeights(net, { widths, lastGain: 0.5, bias: [0.1, -0.2] }, seededRng(seed))
  return net
}

function fill(net: DenseNet, rows: number, seed = 2, width = WIDTHS[0]!): void {
  const rng = seededRng(seed)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) net.input[row * net.inputStride + i] = rng.normal()
}

/** Outputs of a row in float64, with plain loops. */
function reference(layers: readonly ReturnType<DenseNet['layer']>[], row: ArrayLike<number>): number[] {
  let values = Array.from(row)
  for (const [index, { weights, bias }] of layers.entries()) {
    const sums = Array.from(bias, (start, j) =>
      values.reduce((sum, x, i) => sum + x * weights[i * bias.length + j]!, start),
    )
    values = index === layers.length - 1 ? sums : sums.map(Math.tanh)
  }
  return values
}

const layersOf = (net: DenseNet, widths = WIDTHS) => widths.slice(1).map((_, index) => net.layer(index))
const outputs = (net: DenseNet, rows: number, width = 3): number[] =>
  Array.from({ length: rows * width }, (_, i) => net.output[Math.floor(i / width) * net.outputStride + (i % width)]!)

test('outputs equal those of plain float64 loops to float32 precision, for widths that are no multiples of a block', () => {
  const net = drawn(7)
  fill(net, 7)
  net.forward(7)
  for (let row = 0; row < 7; row++) {
    const wanted = reference(layersOf(net), net.input.subarray(row * net.inputStride, row * net.inputStride + 5))
    for (const [i, value] of wanted.entries()) {
      assert.ok(Math.abs(net.output[row * net.outputStride + i]! - value) < 2e-6)
    }
  }
})

test('a row has the same bits alone and among others', () => {
  const net = drawn(64)
  fill(net, 64)
  net.forward(64)
  const together = outputs(net, 64)
  const row = net.input.slice(37 * net.inputStride, 38 * net.inputStride)
  net.input.set(row)
  net.forward(1)
  assert.deepEqual(outputs(net, 1), together.slice(37 * 3, 38 * 3))
})

test('gradients equal central differences of the float64 loops, whatever stood in the rows before', () => {
  const rows = 6
  const net = drawn(16)
  fill(net, 16, 9)
  for (let i = 0; i < 48; i++) net.outputGradient[Math.floor(i / 3) * net.outputStride + (i % 3)] = 7
  fill(net, rows)
  net.forward(rows)
  const rng = seededRng(4)
  const slopes = Array.from({ length: rows * 3 }, () => rng.normal())
  for (const [i, slope] of slopes.entries()) net.outputGradient[Math.floor(i / 3) * net.outputStride + (i % 3)] = slope
  net.backward(rows)
  const layers = layersOf(net)
  const loss = (): number => {
    let sum = 0
    for (let row = 0; row < rows; row++) {
      const found = reference(layers, net.input.subarray(row * net.inputStride, row * net.inputStride + 5))
      for (const [i, value] of found.entries()) sum += slopes[row * 3 + i]! * value
    }
    return sum
  }
  let squares = 0
  for (const [index, layer] of layers.entries()) {
    for (const part of ['weights', 'bias'] as const) {
      const found = net.layer(index, 'gradients')[part]
      const wanted = layer[part].map((value, i, all) => {
        all[i] = value + 1e-5
        const above = loss()
        all[i] = value - 1e-5
        const below = loss()
        all[i] = value
        return (above - below) / 2e-5
      })
      const norm = Math.hypot(...wanted)
      assert.ok(Math.hypot(...found.map((value, i) => value - wanted[i]!)) / norm < 1e-4, `${part} of layer ${index}`)
      squares += norm ** 2
    }
  }
  assert.ok(Math.abs(net.gradientSquares() / squares - 1) < 1e-4)
})

test('ten steps of Adam follow the float64 ones', () => {
  const [net, widths] = [drawn(4, 1, [2, 1]), [2, 1]]
  fill(net, 4, 2, 2)
  const { weights, bias } = layersOf(net, widths)[0]!
  const exact = { weights, bias }
  const state = adamInit(exact)
  for (let step = 0; step < 10; step++) {
    net.forward(4)
    for (let row = 0; row < 4; row++)
      net.outputGradient[row * net.outputStride] = net.output[row * net.outputStride]! - row
    net.backward(4)
    const gradients = net.layer(0, 'gradients')
    for (const part of ['weights', 'bias'] as const)
      for (const [i, g] of gradients[part].entries()) gradients[part][i] = 0.5 * g
    adamUpdate(state, exact, gradients, { rate: 0.01, epsilon: 1e-5 })
    net.step({ rate: 0.01, epsilon: 1e-5, scale: 0.5 })
  }
  const now = net.layer(0)
  for (const [i, value] of weights.entries()) assert.ok(Math.abs(now.weights[i]! - value) < 1e-6)
  assert.ok(Math.abs(now.bias[0]! - bias[0]!) < 1e-6)
})

test('what pads a layer stays 0 while it learns', () => {
  const net = drawn(4)
  fill(net, 4)
  for (let step = 0; step < 5; step++) {
    net.forward(4)
    for (let i = 0; i < 12; i++) net.outputGradient[Math.floor(i / 3) * net.outputStride + (i % 3)] = 1
    net.backward(4)
    net.step({ rate: 0.1, epsilon: 1e-8, scale: 1 })
  }
  net.forward(4)
  for (let row = 0; row < 4; row++) assert.equal(net.output[row * net.outputStride + 3], 0)
})

test('a net goes on from what was saved, bit for bit', () => {
  const learn = (net: DenseNet): void => {
    fill(net, 4)
    net.forward(4)
    net.outputGradient.set(net.output)
    net.backward(4)
    net.step({ rate: 0.01, epsilon: 1e-8, scale: 1 })
  }
  const [net, again] = [drawn(4), drawn(4, 5)]
  for (let i = 0; i < 3; i++) learn(net)
  again.load(JSON.parse(JSON.stringify(net.save())))
  for (const each of [net, again]) for (let i = 0; i < 3; i++) learn(each)
  assert.deepEqual(again.save(), net.save())
})

test('first hidden layers are orthogonal with the gain of tanh', () => {
  const { weights } = drawn(1).layer(0)
  for (const [a, b] of [
    [0, 0],
    [1, 1],
    [0, 1],
    [2, 4],
  ] as const) {
    let product = 0
    for (let j = 0; j < 12; j++) product += weights[a * 12 + j]! * weights[b * 12 + j]!
    assert.ok(Math.abs(product - (a === b ? 2 : 0)) < 1e-6)
  }
})
