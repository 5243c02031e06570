import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { compile, evaluate, type Feeds, forward } from './evaluate.ts'
import { add, mul } from './ops/arithmetic.ts'
import { square, tanh } from './ops/elementwise.ts'
import { sum } from './ops/reductions.ts'
import { constant, input, parameter, type Tensor } from './tensor.ts'

test('a value used twice gets the gradients of both uses', () => {
  const x = parameter('x', [2])
  const graph = compile(sum(add(square(x), mul(constant([], [3]), x))))
  const { value, gradients } = evaluate(graph, { x: Float64Array.of(1, -2) })
  assert.equal(value[0], 1 + 3 + 4 - 6)
  assert.deepEqual([...gradients.x!], [5, -1])
})

test('inputs get no gradient, and a graph without parameters has none', () => {
  const graph = compile(sum(mul(input('x', [2]), parameter('w', [2]))))
  const feeds = { x: Float64Array.of(3, 4), w: Float64Array.of(1, 2) }
  assert.deepEqual(Object.keys(evaluate(graph, feeds).gradients), ['w'])
  assert.deepEqual(evaluate(compile(sum(input('x', [2]))), feeds).gradients, {})
})

test('calls do not disturb each other: the same feeds give the same numbers again', () => {
  const graph = compile(sum(tanh(mul(parameter('w', [2]), parameter('v', [2])))))
  const feeds = { w: Float64Array.of(0.3, 0.5), v: Float64Array.of(1, 2) }
  const first = structuredClone(evaluate(graph, feeds))
  evaluate(graph, { w: Float64Array.of(9, 9), v: Float64Array.of(-1, 4) })
  assert.deepEqual(evaluate(graph, feeds), first)
})

test('a missing or wrongly sized value is refused by name', () => {
  const graph = compile(sum(parameter('w', [2])))
  const wrong: Feeds[] = [{}, { w: Float64Array.of(1) }]
  for (const feeds of wrong) {
    assert.throws(
      () => forward(graph, feeds),
      error => error instanceof Fault && error.code === 'TENSOR_FEED' && error.message.includes('w wants 2 values'),
    )
  }
})

test('two leaves of one name are refused', () => {
  assert.throws(
    () => compile(add(parameter('w', [2]), input('w', [2]))),
    error => error instanceof Fault && error.code === 'TENSOR_NAME',
  )
})

test('a chain of 2,000 operations is differentiated', () => {
  let x: Tensor = parameter('x', [1])
  for (let i = 0; i < 2_000; i++) x = add(x, constant([], [0.5]))
  const { value, gradients } = evaluate(compile(x), { x: Float64Array.of(1) })
  assert.equal(value[0], 1001)
  assert.equal(gradients.x![0], 1)
})
