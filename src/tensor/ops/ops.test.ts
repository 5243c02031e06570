import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../base/fault.ts'
import { seededRng } from '../../base/rng.ts'
import { compile, evaluate, forward } from '../evaluate.ts'
import { constant, input, parameter, type Shape, sizeOf, type Tensor } from '../tensor.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { gatherColumns, sliceColumns } from './columns.ts'
import { clip, exp, log, relu, sigmoid, softplus, square, tanh } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { cvar, mean, sum } from './reductions.ts'
import { concat } from './slice.ts'

/** Away from 0 and of both signs, so that no kink lies within a step of the difference quotient. */
function values(shape: Shape, seed: string, positive = false): Float64Array {
  const rng = seededRng(seed)
  return Float64Array.from({ length: sizeOf(shape) }, () => {
    const size = 0.2 + 1.5 * rng.next()
    return positive || rng.next() < 0.5 ? size : -size
  })
}

type Case = {
  readonly shapes: readonly Shape[]
  readonly build: (...x: Tensor[]) => Tensor
  readonly positive?: boolean
}

const CASES: Record<string, Case> = {
  tanh: { shapes: [[2, 3]], build: x => tanh(x) },
  relu: { shapes: [[2, 3]], build: x => relu(x) },
  sigmoid: { shapes: [[2, 3]], build: x => sigmoid(x) },
  softplus: { shapes: [[2, 3]], build: x => softplus(x) },
  exp: { shapes: [[2, 3]], build: x => exp(x) },
  log: { shapes: [[2, 3]], build: x => log(x), positive: true },
  square: { shapes: [[2, 3]], build: x => square(x) },
  clip: { shapes: [[3, 4]], build: x => clip(x, -0.8, 1.1) },
  'add, same shape': {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    build: (a, b) => add(a, b),
  },
  'add, a row to each': { shapes: [[4, 3], [3]], build: (a, b) => add(a, b) },
  'sub, a column from each': {
    shapes: [
      [4, 3],
      [4, 1],
    ],
    build: (a, b) => sub(a, b),
  },
  'mul, column by row': {
    shapes: [
      [4, 1],
      [1, 3],
    ],
    build: (a, b) => mul(a, b),
  },
  'mul, by itself': { shapes: [[3]], build: a => mul(a, a) },
  'mul, three axes': {
    shapes: [
      [2, 1, 3],
      [4, 1],
    ],
    build: (a, b) => mul(a, b),
  },
  'div, by a scalar': { shapes: [[2, 3], []], build: (a, b) => div(a, b) },
  'div, of a scalar': { shapes: [[], [2, 3]], build: (a, b) => div(a, b) },
  matmul: {
    shapes: [
      [4, 3],
      [3, 2],
    ],
    build: (a, b) => matmul(a, b),
  },
  'sum, all': { shapes: [[2, 3]], build: x => sum(x) },
  'sum, first axis': { shapes: [[2, 3]], build: x => sum(x, 0) },
  'sum, middle axis': { shapes: [[2, 3, 4]], build: x => sum(x, 1) },
  'mean, all': { shapes: [[2, 3]], build: x => mean(x) },
  'mean, last axis': { shapes: [[2, 3]], build: x => mean(x, 1) },
  cvar: { shapes: [[11]], build: x => cvar(x, 3) },
  'gatherColumns, one twice': { shapes: [[3, 4]], build: x => gatherColumns(x, [2, 0, 2]) },
  sliceColumns: { shapes: [[3, 4]], build: x => sliceColumns(x, 1, 3) },
  concat: {
    shapes: [
      [3, 2],
      [3, 1],
      [3, 3],
    ],
    build: (...x) => concat(x),
  },
}

for (const [name, { shapes, build, positive = false }] of Object.entries(CASES)) {
  test(`gradients of ${name} equal central differences`, () => {
    const leaves = shapes.map((shape, i) => parameter(`x${i}`, shape))
    const made = build(...leaves)
    // Another weight per output value, and a square: an operation that mixed its outputs up would show.
    const weights = constant(made.shape, values(made.shape, `${name} weights`))
    const graph = compile(sum(mul(weights, square(made))))
    const feeds = Object.fromEntries(shapes.map((shape, i) => [`x${i}`, values(shape, `${name} ${i}`, positive)]))
    const { gradients } = evaluate(graph, feeds)
    const found = structuredClone(gradients)
    for (const [leaf, data] of Object.entries(feeds)) {
      for (let i = 0; i < data.length; i++) {
        const [at, step] = [data[i]!, 1e-5]
        data[i] = at + step
        const above = forward(graph, feeds)[0]!
        data[i] = at - step
        const below = forward(graph, feeds)[0]!
        data[i] = at
        const slope = (above - below) / (2 * step)
        const error = Math.abs(found[leaf]![i]! - slope) / Math.max(1, Math.abs(slope))
        assert.ok(error <= 1e-6, `${leaf}[${i}]: ${found[leaf]![i]} is not ${slope}`)
      }
    }
  })
}

const run = (root: Tensor, feeds: Record<string, Float64Array> = {}) => [...forward(compile(root), feeds)]

test('values of hand-worked operations', () => {
  const a = constant([2, 2], [1, 2, 3, 4])
  assert.deepEqual(run(matmul(a, constant([2, 1], [10, 1]))), [12, 34])
  assert.deepEqual(run(add(a, constant([2], [10, 20]))), [11, 22, 13, 24])
  assert.deepEqual(run(div(a, constant([2, 1], [1, 2]))), [1, 2, 1.5, 2])
  assert.deepEqual(run(mean(a, 0)), [2, 3])
  assert.deepEqual(run(sum(a, 1)), [3, 7])
  assert.deepEqual(run(concat([a, gatherColumns(a, [1])])), [1, 2, 2, 3, 4, 4])
  assert.deepEqual(run(clip(a, 2, 3)), [2, 2, 3, 3])
  assert.deepEqual(run(cvar(a, 2)), [3.5])
  assert.deepEqual(run(softplus(constant([3], [-800, 0, 800]))), [0, Math.LN2, 800])
})

test('NaN passes through relu, clip and cvar instead of disappearing', () => {
  const bad = constant([3], [1, Number.NaN, 2])
  for (const op of [relu(bad), clip(bad, 0, 1), cvar(bad, 1)]) assert.ok(run(op).some(Number.isNaN), JSON.stringify(op))
})

test('among equal losses the tail takes as many as it counts and no more', () => {
  const graph = compile(cvar(parameter('x', [4]), 2))
  const { value, gradients } = evaluate(graph, { x: Float64Array.of(5, 1, 5, 5) })
  assert.equal(value[0], 5)
  assert.deepEqual([...gradients.x!], [0.5, 0, 0.5, 0])
})

test('shapes that do not go together are refused with the operation and both shapes', () => {
  const refusal = (make: () => unknown, words: RegExp) =>
    assert.throws(make, error => error instanceof Fault && error.code === 'TENSOR_SHAPE' && words.test(error.message))
  const [x, y] = [input('x', [3, 4]), input('y', [5, 2])]
  refusal(() => matmul(x, y), /matmul of \[3, 4\] and \[5, 2\]/)
  refusal(() => add(x, y), /add of \[3, 4\] and \[5, 2\]: 3 and 5 do not broadcast/)
  refusal(() => concat([x, y]), /concat of \[3, 4\] and \[5, 2\]/)
  refusal(() => gatherColumns(x, [4]), /gatherColumns of \[3, 4\]: there is no column 4/)
  refusal(() => sliceColumns(x, 2, 2), /slice of \[3, 4\]/)
  refusal(() => sum(x, 2), /sum of \[3, 4\]: there is no axis 2/)
  refusal(() => cvar(x, 13), /cvar of \[3, 4\]/)
  refusal(() => constant([2], [1]), /constant of \[2\]: 1 values given/)
  refusal(() => input('z', [0]), /input z of \[0\]/)
})
