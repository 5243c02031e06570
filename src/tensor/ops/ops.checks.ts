// One case for each operation, or more where it has kinds: what gradients are checked on and engines are compared by.

import { seededRng } from '../../base/rng.ts'
import { constant, input, parameter, type Shape, sizeOf, type Tensor } from '../tensor.ts'
import { add, div, maximum, minimum, mul, neg, sub, where } from './arithmetic.ts'
import { attention, causalMask } from './attention.ts'
import { broadcastTo, sumTo } from './broadcast.ts'
import { gatherColumns, sliceColumns } from './columns.ts'
import { conv1d, conv2d } from './conv.ts'
import { dropout, dropoutMask } from './dropout.ts'
import { abs, clip, erf, exp, gelu, log, relu, sigmoid, softplus, sqrt, square, tanh } from './elementwise.ts'
import { embedding, gather, take } from './gather.ts'
import { gru } from './gru.ts'
import { layerNorm } from './layer-norm.ts'
import { crossEntropy, gaussianLoss, huberLoss, pinballLoss, squaredLoss } from './losses.ts'
import { lstm } from './lstm.ts'
import { linear, matmul } from './matmul.ts'
import { maxPool, meanPool } from './pool.ts'
import { cvar, max, mean, sum } from './reductions.ts'
import { reshape, transpose } from './reshape.ts'
import { concat, slice, split } from './slice.ts'
import { logSoftmax, softmax } from './softmax.ts'

export type OpCase = {
  /** Of the parameters, which `build` gets in this order. */
  readonly shapes: readonly Shape[]
  readonly build: (...x: readonly Tensor[]) => Tensor
  readonly positive?: boolean
}

const codes = constant([4], [2, 0, 2, 1])
const lstmShapes: readonly Shape[] = [[2, 4, 3], [3, 8], [2, 8], [8]]
const lstmState = { hidden: constant([2, 2], [0.5, -0.3, 0.1, 0.9]), cell: constant([2, 2], [1.2, -0.7, 0.2, -1.5]) }

export const OP_CASES: Readonly<Record<string, OpCase>> = {
  tanh: { shapes: [[2, 3]], build: x => tanh(x) },
  relu: { shapes: [[2, 3]], build: x => relu(x) },
  sigmoid: { shapes: [[2, 3]], build: x => sigmoid(x) },
  softplus: { shapes: [[2, 3]], build: x => softplus(x) },
  exp: { shapes: [[2, 3]], build: x => exp(x) },
  log: { shapes: [[2, 3]], build: x => log(x), positive: true },
  sqrt: { shapes: [[2, 3]], build: x => sqrt(x), positive: true },
  square: { shapes: [[2, 3]], build: x => square(x) },
  abs: { shapes: [[2, 3]], build: x => abs(x) },
  erf: { shapes: [[2, 3]], build: x => erf(x) },
  gelu: { shapes: [[2, 3]], build: x => gelu(x) },
  clip: { shapes: [[3, 4]], build: x => clip(x, -0.8, 1.1) },
  neg: { shapes: [[2, 3]], build: x => neg(x) },
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
  minimum: { shapes: [[2, 3], [3]], build: (a, b) => minimum(a, b) },
  maximum: { shapes: [[2, 3], [3]], build: (a, b) => maximum(a, b) },
  where: { shapes: [[2, 3], [3]], build: (a, b) => where(constant([2, 1], [1, 0]), a, b) },
  matmul: {
    shapes: [
      [4, 3],
      [3, 2],
    ],
    build: (a, b) => matmul(a, b),
  },
  'matmul, left transposed': {
    shapes: [
      [3, 4],
      [3, 2],
    ],
    build: (a, b) => matmul(a, b, { left: true }),
  },
  'matmul, right transposed': {
    shapes: [
      [4, 3],
      [2, 3],
    ],
    build: (a, b) => matmul(a, b, { right: true }),
  },
  'matmul, both transposed': {
    shapes: [
      [3, 4],
      [2, 3],
    ],
    build: (a, b) => matmul(a, b, { left: true, right: true }),
  },
  'matmul, stacks': {
    shapes: [
      [2, 4, 3],
      [2, 2, 3],
    ],
    build: (a, b) => matmul(a, b, { right: true }),
  },
  linear: { shapes: [[4, 3], [3, 2], [2]], build: (x, w, b) => linear(x, w, b) },
  'sum, all': { shapes: [[2, 3]], build: x => sum(x) },
  'sum, first axis': { shapes: [[2, 3]], build: x => sum(x, 0) },
  'sum, middle axis': { shapes: [[2, 3, 4]], build: x => sum(x, 1) },
  'mean, all': { shapes: [[2, 3]], build: x => mean(x) },
  'mean, last axis': { shapes: [[2, 3]], build: x => mean(x, 1) },
  'max, middle axis': { shapes: [[2, 3, 4]], build: x => max(x, 1) },
  cvar: { shapes: [[11]], build: x => cvar(x, 3) },
  broadcastTo: { shapes: [[3, 1]], build: x => broadcastTo(x, [2, 3, 4]) },
  sumTo: { shapes: [[2, 3, 4]], build: x => sumTo(x, [3, 1]) },
  softmax: { shapes: [[3, 4]], build: x => softmax(x) },
  logSoftmax: { shapes: [[3, 4]], build: x => logSoftmax(x) },
  layerNorm: { shapes: [[3, 4], [4], [4]], build: (x, scale, shift) => layerNorm(x, scale, shift) },
  dropout: {
    shapes: [[3, 4]],
    build: x => dropout(x, constant([3, 4], dropoutMask(seededRng('mask'), 12, 0.4))),
  },
  reshape: { shapes: [[2, 6]], build: x => reshape(x, [3, 4]) },
  transpose: { shapes: [[2, 3, 4]], build: x => transpose(x, [2, 0, 1]) },
  slice: { shapes: [[3, 5]], build: x => slice(x, 1, 1, 3) },
  'split, laid back in another order': { shapes: [[3, 6]], build: x => concat(split(x, 1, 3).toReversed()) },
  'slices that overlap': { shapes: [[3, 5]], build: x => add(slice(x, 1, 0, 3), slice(x, 1, 2, 5)) },
  concat: {
    shapes: [
      [3, 2],
      [3, 1],
      [3, 3],
    ],
    build: (...x) => concat(x),
  },
  'concat, first axis': {
    shapes: [
      [1, 3],
      [2, 3],
    ],
    build: (...x) => concat(x, 0),
  },
  'gatherColumns, one twice': { shapes: [[3, 4]], build: x => gatherColumns(x, [2, 0, 2]) },
  sliceColumns: { shapes: [[3, 4]], build: x => sliceColumns(x, 1, 3) },
  gather: { shapes: [[3, 2, 2]], build: x => gather(x, codes) },
  embedding: { shapes: [[3, 4]], build: x => embedding(codes, x) },
  'take, one twice and one outside': {
    shapes: [[2, 3]],
    build: x => take(x, Int32Array.of(5, 0, -1, 5), [2, 2]),
  },
  conv1d: { shapes: [[2, 3, 6], [4, 3, 3], [4]], build: (x, w, b) => conv1d(x, w, b, { padding: 1 }) },
  conv2d: {
    shapes: [[2, 2, 4, 5], [3, 2, 2, 3], [3]],
    build: (x, w, b) => conv2d(x, w, b, { stride: 2, padding: 1 }),
  },
  maxPool: { shapes: [[2, 2, 4, 4]], build: x => maxPool(x, { window: 2 }) },
  'meanPool, windows that overlap': { shapes: [[2, 3, 5]], build: x => meanPool(x, { window: 3, stride: 1 }) },
  lstm: { shapes: lstmShapes, build: (x, w, r, b) => lstm(x, { input: w, recurrent: r, bias: b }) },
  'lstm, all times': {
    shapes: lstmShapes,
    build: (x, w, r, b) => lstm(x, { input: w, recurrent: r, bias: b }, { result: 'all' }),
  },
  'lstm, from a given state': {
    shapes: lstmShapes,
    build: (x, w, r, b) => lstm(x, { input: w, recurrent: r, bias: b }, { result: 'all', initial: lstmState }),
  },
  gru: {
    shapes: [[2, 4, 3], [3, 6], [2, 6], [6], [6]],
    build: (x, w, r, b, c) => gru(x, { input: w, recurrent: r, inputBias: b, recurrentBias: c }),
  },
  attention: {
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
      [2, 5, 2],
    ],
    build: (q, k, v) => attention(q, k, v),
  },
  'attention, no look ahead': {
    shapes: [
      [2, 3, 4],
      [2, 3, 4],
      [2, 3, 2],
    ],
    build: (q, k, v) => attention(q, k, v, causalMask(3)),
  },
  squaredLoss: {
    shapes: [
      [4, 2],
      [4, 2],
    ],
    build: (a, b) => squaredLoss(a, b),
  },
  huberLoss: { shapes: [[6], [6]], build: (a, b) => huberLoss(a, b, 0.7) },
  pinballLoss: { shapes: [[6], [6]], build: (a, b) => pinballLoss(a, b, 0.2) },
  crossEntropy: { shapes: [[4, 3]], build: x => crossEntropy(x, codes) },
  gaussianLoss: { shapes: [[6], [6], [6]], build: (centre, spread, y) => gaussianLoss(centre, spread, y) },
}

/** Away from 0 and of both signs, so that no kink lies within a step of the difference quotient. */
export function valuesOf(shape: Shape, seed: string, positive = false): Float64Array {
  const rng = seededRng(seed)
  return Float64Array.from({ length: sizeOf(shape) }, () => {
    const size = 0.2 + 1.5 * rng.next()
    return positive || rng.next() < 0.5 ? size : -size
  })
}

export type OpLoss = { readonly loss: Tensor; readonly initial: Record<string, Float64Array> }

/**
 * A loss of the case's outputs. Each has another weight, and a square: an operation that mixed its outputs up would show. `row` [1, 1]
 * is an input that is 1.
 */
export function opLoss(name: string): OpLoss {
  const { shapes, build, positive } = OP_CASES[name]!
  const made = build(...shapes.map((shape, i) => parameter(`x${i}`, shape)))
  const weights = constant(made.shape, valuesOf(made.shape, `${name} weights`))
  return {
    loss: mul(sum(mul(weights, square(made))), mean(input('row', [1, 1]))),
    initial: Object.fromEntries(shapes.map((shape, i) => [`x${i}`, valuesOf(shape, `${name} ${i}`, positive)])),
  }
}
