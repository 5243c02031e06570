import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layOut, run } from './evaluate.ts'
import { gradientsOf } from './gradient.ts'
import { mul } from './ops/arithmetic.ts'
import { relu, tanh } from './ops/elementwise.ts'
import { linear } from './ops/matmul.ts'
import { sum } from './ops/reductions.ts'
import { concat, slice, split } from './ops/slice.ts'
import { withGradient } from './ops/with-gradient.ts'
import { input, ordered, parameter, type Tensor } from './tensor.ts'

const opsBelow = (roots: readonly Tensor[]): string[] =>
  ordered(roots).flatMap(node => (node.kind === 'operation' ? [node.op] : []))

const valueOf = (root: Tensor, feeds: Record<string, Float64Array>): number[] => {
  const plan = layOut([root])
  run(plan, feeds)
  return [...plan.results[0]!]
}

test('gradients of parts that cover a tensor are laid side by side, not padded and added', () => {
  const x = parameter('x', [2, 6])
  const [gradient] = gradientsOf(sum(concat(split(x, 1, 3).map(part => tanh(part)))), [x])
  const made = opsBelow([gradient!])
  assert.ok(!made.includes('add'), made.join())
  assert.equal(made.filter(op => op === 'concat').length, 1)
})

test('where parts leave gaps, the gaps are zeros', () => {
  const x = parameter('x', [5])
  const w = input('w', [1])
  const [gradient] = gradientsOf(sum(concat([slice(x, 0, 1, 2), mul(w, slice(x, 0, 3, 4))])), [x])
  assert.deepEqual(valueOf(gradient!, { w: Float64Array.of(7) }), [0, 1, 0, 7, 0])
})

test('the gradient of an input that nobody asked for is not worked out', () => {
  const [x, w, b] = [input('x', [4, 3]), parameter('w', [3, 2]), parameter('b', [2])]
  const gradients = gradientsOf(sum(linear(x, w, b)), [w, b])
  assert.deepEqual(opsBelow(gradients), ['matmul'])
})

test('a parameter that the value does not depend on has gradient 0', () => {
  const other = parameter('other', [2])
  const [gradient] = gradientsOf(sum(parameter('x', [2])), [other])
  assert.deepEqual(gradient, { kind: 'constant', shape: [2], data: new Float64Array(2) })
})

test('a gradient that is given takes the place of the derived one', () => {
  const x = parameter('x', [3])
  const through = withGradient(relu(x), [x], gradient => [gradient])
  const [gradient] = gradientsOf(sum(through), [x])
  assert.deepEqual(valueOf(through, { x: Float64Array.of(-1, 0, 2) }), [0, 0, 2])
  assert.deepEqual(valueOf(gradient!, {}), [1, 1, 1])
})

test('the gradient of a gradient is one more graph', () => {
  const x = parameter('x', [1])
  const [first] = gradientsOf(sum(mul(x, mul(x, x))), [x])
  const [second] = gradientsOf(sum(first!), [x])
  assert.deepEqual(valueOf(second!, { x: Float64Array.of(2) }), [12])
})
