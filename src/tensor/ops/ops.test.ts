import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../base/fault.ts'
import { compile, evaluate, forward } from '../evaluate.ts'
import { constant, input, parameter, type Tensor } from '../tensor.ts'
import { add, div } from './arithmetic.ts'
import { gatherColumns, sliceColumns } from './columns.ts'
import { clip, relu, softplus } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { OP_CASES, opLoss } from './ops.checks.ts'
import { cvar, mean, sum } from './reductions.ts'
import { concat } from './slice.ts'

for (const name of Object.keys(OP_CASES)) {
  test(`gradients of ${name} equal central differences`, () => {
    const { loss, initial } = opLoss(name)
    const graph = compile(loss)
    const feeds = { ...initial, row: Float64Array.of(1) }
    const found = structuredClone(evaluate(graph, feeds).gradients)
    for (const [leaf, data] of Object.entries(initial)) {
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
