// Products of matrices in blocks of four rows by eight columns: the sums stay in registers and are added in a fixed order without fused
// multiply-add, so that any machine gives the same bits.

import { type Code, f32, f32x4, i32, loop, type WasmFunction } from '../../wasm/assembler.ts'
import { BLOCK, FLOAT, forward, kernel, type Scope, VECTOR } from './kernel.ts'
import { tanhOf } from './tanh.ts'

/** Terms of a sum that are written out before the loop turns. */
const UNROLL = 8

const ROWS = [0, 1, 2, 3] as const
const columnsOf = (registers: number): number[] => Array.from({ length: registers }, (_, register) => register)
const sum = (row: number, register: number): string => `sum${row}${register}`

const REGISTERS = ['factor', 'b0', 'b1', ...ROWS.flatMap(row => [sum(row, 0), sum(row, 1)])]

const eachSum = (registers: number, of: (row: number, register: number) => Code<'none'>[]): Code<'none'>[] =>
  ROWS.flatMap(row => columnsOf(registers).flatMap(register => of(row, register)))

type Strides = {
  /** Floats from one row of the block to the next in `a`. */
  readonly aRow: number
  /** Floats from one term of the sum to the next in `a` and in `b`. */
  readonly aStep: number
  readonly bStep: number
}

/** The sums of a block: 4 rows, `registers` times four columns. Moves the pointers `a` and `b` until `a` is at `aEnd`. */
function addUp({ i, v }: Scope, { aRow, aStep, bStep }: Strides, registers: number, unroll: number): Code<'none'> {
  const term = (at: number): Code<'none'>[] => [
    ...columnsOf(registers).map(c => v(`b${c}`).set(f32x4.load(i('b').get, at * bStep * FLOAT + c * VECTOR))),
    ...ROWS.flatMap(row => [
      v('factor').set(f32x4.loadSplat(i('a').get, (at * aStep + row * aRow) * FLOAT)),
      ...columnsOf(registers).map(c => {
        const target = v(sum(row, c))
        return target.set(f32x4.add(target.get, f32x4.mul(v('factor').get, v(`b${c}`).get)))
      }),
    ]),
  ]
  return loop(
    i32.ltU(i('a').get, i('aEnd').get),
    ...Array.from({ length: unroll }, (_, at) => term(at)).flat(),
    forward(i('a'), unroll * aStep * FLOAT),
    forward(i('b'), unroll * bStep * FLOAT),
  )
}

/** Strips of eight columns, then one of four where they do not come out even; `strip` is its byte offset in a row. */
function strips({ i }: Scope, columns: number, body: (registers: number) => Code<'none'>[]): Code<'none'>[] {
  const whole = (columns >> 3) * 2 * VECTOR
  return [
    i('strip').set(i32.const(0)),
    ...(whole === 0
      ? []
      : [loop(i32.ltU(i('strip').get, i32.const(whole)), ...body(2), forward(i('strip'), 2 * VECTOR))]),
    ...(columns % 8 === 0 ? [] : body(1)),
  ]
}

type Finish = 'tanh' | 'none' | 'tanhGradient'

/**
 * `out[r, c] = finish(start + sum over k of x[r, k] * w[k, c])`, all row-major. Forward, `side` is the bias and the start; backward
 * it is the tanh that was put out, and the sum is multiplied by its derivative.
 */
export function product(name: string, depth: number, columns: number, finish: Finish): WasmFunction {
  const backward = finish === 'tanhGradient'
  const params = ['x', 'w', 'side', 'out', 'rows']
  const locals = ['a', 'b', 'aEnd', 'xEnd', 'strip', 'at', 'sideAt']
  return kernel(name, { params, locals, vectors: REGISTERS }, scope => {
    const { i, v } = scope
    const place = (row: number, register: number): number => row * columns * FLOAT + register * VECTOR
    const finished = (row: number, register: number): Code<'none'>[] => {
      const value = v(sum(row, register))
      if (finish === 'tanh') return tanhOf(value, v('factor'))
      if (finish === 'none') return []
      const unit = v('factor')
      return [
        unit.set(f32x4.load(i('sideAt').get, place(row, register))),
        value.set(f32x4.mul(value.get, f32x4.sub(f32x4.splat(f32.const(1)), f32x4.mul(unit.get, unit.get)))),
      ]
    }
    const strip = (registers: number): Code<'none'>[] => [
      i('a').set(i('x').get),
      i('aEnd').set(i32.add(i('x').get, i32.const(depth * FLOAT))),
      i('b').set(i32.add(i('w').get, i('strip').get)),
      i('at').set(i32.add(i('out').get, i('strip').get)),
      i('sideAt').set(i32.add(i('side').get, i('strip').get)),
      ...eachSum(registers, (row, c) => [
        v(sum(row, c)).set(backward ? f32x4.splat(f32.const(0)) : f32x4.load(i('sideAt').get, c * VECTOR)),
      ]),
      addUp(scope, { aRow: depth, aStep: 1, bStep: columns }, registers, depth % UNROLL === 0 ? UNROLL : BLOCK),
      ...eachSum(registers, (row, c) => [
        ...finished(row, c),
        f32x4.store(i('at').get, v(sum(row, c)).get, place(row, c)),
      ]),
    ]
    return [
      i('xEnd').set(i32.add(i('x').get, i32.mul(i('rows').get, i32.const(depth * FLOAT)))),
      loop(
        i32.ltU(i('x').get, i('xEnd').get),
        ...strips(scope, columns, strip),
        forward(i('x'), BLOCK * depth * FLOAT),
        forward(i('out'), BLOCK * columns * FLOAT),
        ...(backward ? [forward(i('side'), BLOCK * columns * FLOAT)] : []),
      ),
    ]
  })
}

/** `out[k, c] = sum over r of x[r, k] * dy[r, c]`: the gradient of a layer's weights. */
export function weightGradient(name: string, depth: number, columns: number): WasmFunction {
  const params = ['x', 'dy', 'out', 'rows']
  const locals = ['a', 'b', 'aEnd', 'kEnd', 'strip', 'at', 'k']
  return kernel(name, { params, locals, vectors: REGISTERS }, scope => {
    const { i, v } = scope
    const strip = (registers: number): Code<'none'>[] => [
      i('k').set(i('x').get),
      i('kEnd').set(i32.add(i('x').get, i32.const(depth * FLOAT))),
      i('at').set(i32.add(i('out').get, i('strip').get)),
      loop(
        i32.ltU(i('k').get, i('kEnd').get),
        i('a').set(i('k').get),
        i('aEnd').set(i32.add(i('k').get, i32.mul(i('rows').get, i32.const(depth * FLOAT)))),
        i('b').set(i32.add(i('dy').get, i('strip').get)),
        ...eachSum(registers, (row, c) => [v(sum(row, c)).set(f32x4.splat(f32.const(0)))]),
        addUp(scope, { aRow: 1, aStep: depth, bStep: columns }, registers, BLOCK),
        ...eachSum(registers, (row, c) => [
          f32x4.store(i('at').get, v(sum(row, c)).get, row * columns * FLOAT + c * VECTOR),
        ]),
        forward(i('k'), BLOCK * FLOAT),
        forward(i('at'), BLOCK * columns * FLOAT),
      ),
    ]
    return strips(scope, columns, strip)
  })
}

/** `out[c] = sum over r of dy[r, c]`: the gradient of a layer's bias. */
export function biasGradient(name: string, columns: number): WasmFunction {
  return kernel(
    name,
    { params: ['dy', 'out', 'rows'], locals: ['b', 'end', 'strip'], vectors: ['sum00'] },
    ({ i, v }) => [
      loop(
        i32.ltU(i('strip').get, i32.const(columns * FLOAT)),
        i('b').set(i32.add(i('dy').get, i('strip').get)),
        i('end').set(i32.add(i('b').get, i32.mul(i('rows').get, i32.const(columns * FLOAT)))),
        v('sum00').set(f32x4.splat(f32.const(0))),
        loop(
          i32.ltU(i('b').get, i('end').get),
          v('sum00').set(f32x4.add(v('sum00').get, f32x4.load(i('b').get))),
          forward(i('b'), columns * FLOAT),
        ),
        f32x4.store(i32.add(i('out').get, i('strip').get), v('sum00').get),
        forward(i('strip'), VECTOR),
      ),
    ],
  )
}
