import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compile, evaluate, forward } from '../evaluate.ts'
import { constant, parameter, type Shape, type Tensor } from '../tensor.ts'
import { add } from './arithmetic.ts'
import { attention } from './attention.ts'
import { conv1d, conv2d } from './conv.ts'
import { gelu, square } from './elementwise.ts'
import { gru } from './gru.ts'
import { layerNorm } from './layer-norm.ts'
import { crossEntropy, gaussianLoss, huberLoss } from './losses.ts'
import { lstm } from './lstm.ts'
import { maxPool, meanPool } from './pool.ts'
import { sum } from './reductions.ts'

type Layer = {
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly value: readonly number[]
  readonly gradients: Readonly<Record<string, readonly number[]>>
  readonly y?: readonly number[]
}
const { layers } = JSON.parse(readFileSync(new URL('../fixtures/reference.json', import.meta.url), 'utf8')) as {
  readonly layers: Readonly<Record<string, Layer>>
}

const near = (found: Float64Array, expected: readonly number[], what: string): void => {
  assert.equal(found.length, expected.length, what)
  for (const [i, value] of expected.entries()) {
    assert.ok(
      Math.abs(found[i]! - value) <= 1e-9 * Math.max(1, Math.abs(value)),
      `${what}[${i}]: ${found[i]}, not ${value}`,
    )
  }
}

type Build = {
  readonly shapes: Readonly<Record<string, Shape>>
  readonly build: (x: Record<string, Tensor>, y: Tensor) => Tensor
}

const recurrent = (gates: number): Record<string, Shape> => ({
  x: [2, 4, 3],
  weight_ih_l0: [3, 2 * gates],
  weight_hh_l0: [2, 2 * gates],
  bias_ih_l0: [2 * gates],
  bias_hh_l0: [2 * gates],
})

const LAYERS: Readonly<Record<string, Build>> = {
  layerNorm: {
    shapes: { x: [3, 4], scale: [4], shift: [4] },
    build: ({ x, scale, shift }) => layerNorm(x!, scale!, shift!),
  },
  gelu: { shapes: { x: [2, 3] }, build: ({ x }) => gelu(x!) },
  conv1d: {
    shapes: { x: [2, 3, 6], w: [4, 3, 3], b: [4] },
    build: ({ x, w, b }) => conv1d(x!, w!, b!, { stride: 2, padding: 1 }),
  },
  conv2d: {
    shapes: { x: [2, 2, 4, 5], w: [3, 2, 2, 3], b: [3] },
    build: ({ x, w, b }) => conv2d(x!, w!, b!, { stride: 2, padding: 1 }),
  },
  maxPool: { shapes: { x: [2, 2, 4, 4] }, build: ({ x }) => maxPool(x!, { window: 2 }) },
  meanPool: { shapes: { x: [2, 3, 5] }, build: ({ x }) => meanPool(x!, { window: 3, stride: 1 }) },
  huber: { shapes: { x: [6] }, build: ({ x }, y) => huberLoss(x!, y, 0.7) },
  crossEntropy: { shapes: { x: [4, 3] }, build: ({ x }, y) => crossEntropy(x!, y) },
  gaussian: { shapes: { x: [6], s: [6] }, build: ({ x, s }, y) => gaussianLoss(x!, s!, y) },
  attention: { shapes: { q: [2, 3, 4], k: [2, 5, 4], v: [2, 5, 2] }, build: ({ q, k, v }) => attention(q!, k!, v!) },
  lstm: {
    shapes: recurrent(4),
    build: ({ x, weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 }) =>
      lstm(x!, { input: weight_ih_l0!, recurrent: weight_hh_l0!, bias: add(bias_ih_l0!, bias_hh_l0!) }),
  },
  gru: {
    shapes: recurrent(3),
    build: ({ x, weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 }) =>
      gru(x!, {
        input: weight_ih_l0!,
        recurrent: weight_hh_l0!,
        inputBias: bias_ih_l0!,
        recurrentBias: bias_hh_l0!,
      }),
  },
}

for (const [name, { shapes, build }] of Object.entries(LAYERS)) {
  test(`${name} and its gradients are PyTorch's`, () => {
    const { inputs, value, gradients, y = [0] } = layers[name]!
    const leaves = Object.fromEntries(Object.entries(shapes).map(([leaf, shape]) => [leaf, parameter(leaf, shape)]))
    const made = build(leaves, constant([y.length], y))
    const feeds = Object.fromEntries(Object.entries(inputs).map(([leaf, data]) => [leaf, Float64Array.from(data)]))
    near(forward(compile(made), feeds), value, 'value')
    const found = evaluate(compile(sum(square(made))), feeds).gradients
    for (const leaf of Object.keys(shapes)) near(found[leaf]!, gradients[leaf]!, leaf)
  })
}
