import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assemble, f64, f64x2, i32, i64, loop, select, wasmFunction, when, whenElse } from './assembler.ts'
import { compileWasm, instantiateWasm } from './runtime.ts'

type Kernels = Readonly<Record<string, (...values: number[]) => number>>

function load(...functions: Parameters<typeof assemble>[0]): {
  readonly kernels: Kernels
  readonly buffer: ArrayBuffer
} {
  const { exports, buffer } = instantiateWasm(compileWasm(assemble(functions)), 1)
  return { kernels: exports as Kernels, buffer }
}

test('a loop looks at its condition before each pass', () => {
  const sumTo = wasmFunction(
    'sumTo',
    { most: 'i32' },
    { at: 'i32', sum: 'i32' },
    ({ most, at, sum }) => [
      loop(i32.ltU(at.get, most.get), at.set(i32.add(at.get, i32.const(1))), sum.set(i32.add(sum.get, at.get))),
    ],
    ({ sum }) => sum.get,
  )
  const { kernels } = load(sumTo)
  assert.deepEqual(
    [0, 1, 10, 1000].map(most => kernels['sumTo']!(most)),
    [0, 1, 55, 500_500],
  )
})

test('branches and selections take the side that the condition names', () => {
  const sign = wasmFunction(
    'sign',
    { x: 'f64' },
    { result: 'f64' },
    ({ x, result }) => [
      whenElse(f64.lt(x.get, f64.const(0)), [result.set(f64.const(-1))], [result.set(f64.const(0))]),
      when(f64.gt(x.get, f64.const(0)), result.set(f64.const(1))),
    ],
    ({ x, result }) => select(f64.ne(x.get, x.get), f64.const(9), result.get),
  )
  const { kernels } = load(sign)
  assert.deepEqual(
    [-2.5, 0, 3, Number.NaN].map(x => kernels['sign']!(x)),
    [-1, 0, 1, 9],
  )
})

test('constants of every size survive their encoding', () => {
  const values = [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8193, 2 ** 31 - 1, -(2 ** 31)]
  const functions = values.map((value, index) =>
    wasmFunction(
      `c${index}`,
      {},
      {},
      () => [],
      () => i32.const(value),
    ),
  )
  const { kernels } = load(...functions)
  assert.deepEqual(
    values.map((_, index) => kernels[`c${index}`]!()),
    values,
  )
  const wide = wasmFunction(
    'wide',
    {},
    {},
    () => [],
    () => i64.const(0x9e3779b97f4a7c15n),
  )
  assert.equal(BigInt.asUintN(64, load(wide).kernels['wide']!() as unknown as bigint), 0x9e3779b97f4a7c15n)
})

test('pairs of doubles are added lane by lane in memory', () => {
  const add = wasmFunction('add', { a: 'i32', b: 'i32' }, {}, ({ a, b }) => [
    f64x2.store(a.get, f64x2.add(f64x2.load(a.get), f64x2.load(b.get, 16))),
  ])
  const { kernels, buffer } = load(add)
  const memory = new Float64Array(buffer)
  memory.set([1, 2, 0, 0, 10, 20])
  kernels['add']!(0, 16)
  assert.deepEqual(Array.from(memory.subarray(0, 2)), [11, 22])
})
