// Every operator that we evaluate, against ONNX Runtime on random rows with NaN, infinities and signed zeros among them.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onnxRuntimeOracle } from '../adapters/onnxruntime/oracle.ts'
import { unwrap } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import {
  boolTensor,
  floatAttr,
  floatsAttr,
  floatTensor,
  int64Tensor,
  intAttr,
  intsAttr,
  node,
  tensorAttr,
} from './build.ts'
import { encodeModel } from './encode.ts'
import { compileModel } from './evaluate.ts'
import { evaluatedOps } from './kernels/index.ts'
import type { OnnxModel, OnnxNode, OnnxTensor } from './model.ts'

const WIDTH = 6
const COUNT = 64

type OpCase = {
  readonly op: string
  readonly title?: string
  readonly nodes: readonly OnnxNode[]
  readonly constants?: readonly OnnxTensor[]
  /** Columns of the output `y`. */
  readonly outputs?: number
  readonly rows?: 'any' | 'finite'
  /** Relative to max(1, |expected|). */
  readonly tolerance?: number
  readonly opset?: number
}

const model = ({ nodes, constants = [], outputs = WIDTH, opset = 17 }: OpCase): OnnxModel => ({
  irVersion: 8,
  opset,
  mlOpset: 3,
  producer: 'test',
  name: 'case',
  nodes,
  inputs: [{ name: 'x', type: 'float', dims: ['batch', WIDTH] }],
  outputs: [{ name: 'y', type: 'float', dims: ['batch', outputs] }],
  initializers: constants,
  metadata: {},
})

const SPECIALS = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e-40, 3e38, 0.5, 20, -20, 100, -100]

function rowsOf(kind: 'any' | 'finite', seed: string): Float32Array {
  const rng = seededRng(seed)
  return Float32Array.from({ length: COUNT * WIDTH }, () =>
    kind === 'any' && rng.int(3) === 0 ? SPECIALS[rng.int(SPECIALS.length)]! : rng.normal() * 2,
  )
}

const rng = seededRng('constants')
const normals = (name: string, dims: readonly number[]): OnnxTensor =>
  floatTensor(
    name,
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => rng.normal()),
  )
const shape = (name: string, ...values: number[]): OnnxTensor => int64Tensor(name, [values.length], values)

const unary = (op: string, attributes: OnnxNode['attributes'] = {}): OpCase => ({
  op,
  nodes: [node(op, ['x'], ['y'], attributes)],
})

const binary = (op: string): readonly OpCase[] => [
  {
    op,
    title: 'a row',
    nodes: [node(op, ['x', 'c'], ['y'])],
    constants: [floatTensor('c', [WIDTH], [1, -1, 0, 2, 0.5, 3])],
  },
  { op, title: 'a scalar', nodes: [node(op, ['c', 'x'], ['y'])], constants: [floatTensor('c', [], [1.5])] },
  { op, title: 'a leading 1', nodes: [node(op, ['x', 'c'], ['y'])], constants: [normals('c', [1, WIDTH])] },
  { op, title: 'itself', nodes: [node('Neg', ['x'], ['z']), node(op, ['x', 'z'], ['y'])] },
  {
    op,
    title: 'a column',
    nodes: [node('Gather', ['x', 'i'], ['z'], { axis: intAttr(1) }), node(op, ['x', 'z'], ['y'])],
    constants: [shape('i', 2)],
  },
]

/** A boolean result as floats. */
const seen = (...nodes: OnnxNode[]): readonly OnnxNode[] => [...nodes, node('Cast', ['b'], ['y'], { to: intAttr(1) })]

const comparison = (op: string): readonly OpCase[] => [
  {
    op,
    nodes: seen(node(op, ['x', 'c'], ['b'])),
    constants: [floatTensor('c', [WIDTH], [0, 1, -1, Infinity, 20, 0.5])],
  },
  { op, title: 'itself', nodes: seen(node(op, ['x', 'x'], ['b'])) },
]

const logical = (op: string): OpCase => ({
  op,
  nodes: seen(node('Greater', ['x', 'zero'], ['p'], {}), node(op, ['p', 'c'], ['b'])),
  constants: [floatTensor('zero', [], [0]), boolTensor('c', [WIDTH], [1, 0, 1, 0, 1, 0])],
})

/** With NaN among the elements the runtime's maximum depends on their order, so only numbers are compared. */
const reduction = (op: string): readonly OpCase[] => [
  {
    op,
    rows: /M(ax|in)$/.test(op) ? 'finite' : 'any',
    title: 'last axis',
    nodes: [
      node(op, ['x', ...(op === 'ReduceSum' ? ['a'] : [])], ['y'], op === 'ReduceSum' ? {} : { axes: intsAttr([-1]) }),
    ],
    constants: op === 'ReduceSum' ? [shape('a', -1)] : [],
    outputs: 1,
    tolerance: 2e-6,
  },
  {
    op,
    rows: /M(ax|in)$/.test(op) ? 'finite' : 'any',
    title: 'middle axis of three, axes as input, opset 18',
    opset: 18,
    nodes: [node('Reshape', ['x', 's'], ['z']), node(op, ['z', 'a'], ['y'], { keepdims: intAttr(0) })],
    constants: [shape('s', 0, 2, 3), shape('a', 1)],
    outputs: 3,
    tolerance: 2e-6,
  },
]

const CASES: readonly OpCase[] = [
  ...[
    'Abs',
    'Ceil',
    'Exp',
    'Floor',
    'Identity',
    'Log',
    'Neg',
    'Reciprocal',
    'Relu',
    'Sigmoid',
    'Sign',
    'Softplus',
    'Sqrt',
    'Tanh',
  ].map(op => unary(op)),
  unary('LeakyRelu', { alpha: floatAttr(0.1) }),
  ...['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Pow'].flatMap(binary),
  ...['Equal', 'Less', 'Greater', 'LessOrEqual', 'GreaterOrEqual'].flatMap(comparison),
  ...['And', 'Or', 'Xor', 'Equal'].map(logical),
  ...['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin'].flatMap(reduction),
  {
    op: 'Min',
    title: 'three inputs',
    nodes: [node('Min', ['x', 'c', 'd'], ['y'])],
    constants: [normals('c', [WIDTH]), normals('d', [1])],
  },
  {
    op: 'Not',
    nodes: seen(node('Greater', ['x', 'zero'], ['p']), node('Not', ['p'], ['b'])),
    constants: [floatTensor('zero', [], [0])],
  },
  { op: 'Cast', title: 'float to bool', nodes: seen(node('Cast', ['x'], ['b'], { to: intAttr(9) })) },
  {
    op: 'Cast',
    title: 'integer constant',
    nodes: [node('Cast', ['i'], ['c'], { to: intAttr(1) }), node('Add', ['x', 'c'], ['y'])],
    constants: [int64Tensor('i', [WIDTH], [1, 2, 3, 4, 5, 6])],
  },
  {
    op: 'Constant',
    nodes: [node('Constant', [], ['c'], { value: tensorAttr(normals('', [WIDTH])) }), node('Add', ['x', 'c'], ['y'])],
  },
  {
    op: 'Where',
    nodes: [node('Greater', ['x', 'zero'], ['p']), node('Where', ['p', 'x', 'c'], ['y'])],
    constants: [floatTensor('zero', [], [0]), normals('c', [WIDTH])],
  },
  {
    op: 'Clip',
    nodes: [node('Clip', ['x', 'lo', 'hi'], ['y'])],
    constants: [floatTensor('lo', [], [-1]), floatTensor('hi', [], [0.5])],
  },
  {
    op: 'Clip',
    title: 'upper bound only',
    nodes: [node('Clip', ['x', '', 'hi'], ['y'])],
    constants: [floatTensor('hi', [], [0.5])],
  },
  {
    op: 'Gather',
    nodes: [node('Gather', ['x', 'i'], ['y'], { axis: intAttr(1) })],
    constants: [shape('i', 3, -1, 0, 3)],
    outputs: 4,
  },
  {
    op: 'Slice',
    nodes: [node('Slice', ['x', 's', 'e', 'a', 't'], ['y'])],
    constants: [shape('s', -1), shape('e', -100), shape('a', 1), shape('t', -2)],
    outputs: 3,
  },
  {
    op: 'Slice',
    title: 'forward',
    nodes: [node('Slice', ['x', 's', 'e', 'a'], ['y'])],
    constants: [shape('s', 2), shape('e', 100), shape('a', -1)],
    outputs: 4,
  },
  {
    op: 'Concat',
    nodes: [node('Neg', ['x'], ['z']), node('Concat', ['x', 'z', 'x'], ['y'], { axis: intAttr(1) })],
    outputs: 3 * WIDTH,
  },
  {
    op: 'Reshape',
    nodes: [node('Reshape', ['x', 's'], ['z']), node('Reshape', ['z', 't'], ['y'])],
    constants: [shape('s', -1, 2, 3), shape('t', 0, -1)],
  },
  {
    op: 'Flatten',
    nodes: [node('Reshape', ['x', 's'], ['z']), node('Flatten', ['z'], ['y'])],
    constants: [shape('s', -1, 2, 3)],
  },
  {
    op: 'Transpose',
    nodes: [
      node('Reshape', ['x', 's'], ['z']),
      node('Transpose', ['z'], ['w'], { perm: intsAttr([0, 2, 1]) }),
      node('Flatten', ['w'], ['y']),
    ],
    constants: [shape('s', -1, 2, 3)],
  },
  {
    op: 'Unsqueeze',
    nodes: [node('Unsqueeze', ['x', 'a'], ['z']), node('Squeeze', ['z', 'a'], ['y'])],
    constants: [shape('a', 1)],
  },
  {
    op: 'Squeeze',
    nodes: [node('Unsqueeze', ['x', 'a'], ['z']), node('Squeeze', ['z', 'b'], ['y'])],
    constants: [shape('a', -1), shape('b', 2)],
  },
  {
    op: 'Gemm',
    rows: 'finite',
    nodes: [node('Gemm', ['x', 'w', 'c'], ['y'], { alpha: floatAttr(0.5), beta: floatAttr(2), transB: intAttr(1) })],
    constants: [normals('w', [4, WIDTH]), normals('c', [4])],
    outputs: 4,
    tolerance: 2e-6,
  },
  {
    op: 'Gemm',
    title: 'no bias',
    rows: 'finite',
    nodes: [node('Gemm', ['x', 'w'], ['y'])],
    constants: [normals('w', [WIDTH, 4])],
    outputs: 4,
    tolerance: 2e-6,
  },
  {
    op: 'MatMul',
    rows: 'finite',
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
    constants: [normals('w', [WIDTH, 5])],
    outputs: 5,
    tolerance: 2e-6,
  },
  {
    op: 'MatMul',
    title: 'rank three',
    rows: 'finite',
    nodes: [node('Reshape', ['x', 's'], ['z']), node('MatMul', ['z', 'w'], ['v']), node('Flatten', ['v'], ['y'])],
    constants: [shape('s', 0, 2, 3), normals('w', [3, 4])],
    outputs: 8,
    tolerance: 2e-6,
  },
  { op: 'Softmax', nodes: [node('Softmax', ['x'], ['y'], { axis: intAttr(1) })] },
  { op: 'LogSoftmax', nodes: [node('LogSoftmax', ['x'], ['y'])], tolerance: 2e-6 },
  {
    op: 'LayerNormalization',
    rows: 'finite',
    nodes: [node('LayerNormalization', ['x', 'g', 'c'], ['y'], { epsilon: floatAttr(1e-5) })],
    constants: [normals('g', [WIDTH]), normals('c', [WIDTH])],
    tolerance: 2e-6,
  },
  {
    op: 'LSTM',
    title: 'over time, the last hidden state',
    rows: 'finite',
    nodes: [
      node('Reshape', ['x', 's'], ['z']),
      node('Transpose', ['z'], ['t'], { perm: intsAttr([1, 0, 2]) }),
      node('LSTM', ['t', 'w', 'r', 'b'], ['', 'h'], { hidden_size: intAttr(4) }),
      node('Squeeze', ['h', 'first'], ['y']),
    ],
    constants: [
      shape('s', 0, 3, 2),
      normals('w', [1, 16, 2]),
      normals('r', [1, 16, 4]),
      normals('b', [1, 32]),
      shape('first', 0),
    ],
    outputs: 4,
    tolerance: 4e-6,
  },
  {
    op: 'LSTM',
    title: 'every hidden state of two layers',
    rows: 'finite',
    nodes: [
      node('Reshape', ['x', 's'], ['z']),
      node('Transpose', ['z'], ['t'], { perm: intsAttr([1, 0, 2]) }),
      node('LSTM', ['t', 'w', 'r'], ['a'], { hidden_size: intAttr(4) }),
      node('Squeeze', ['a', 'second'], ['u']),
      node('LSTM', ['u', 'r', 'r'], ['c'], { hidden_size: intAttr(4) }),
      node('Squeeze', ['c', 'second'], ['v']),
      node('Transpose', ['v'], ['q'], { perm: intsAttr([1, 0, 2]) }),
      node('Flatten', ['q'], ['y']),
    ],
    constants: [shape('s', 0, 3, 2), normals('w', [1, 16, 2]), normals('r', [1, 16, 4]), shape('second', 1)],
    outputs: 12,
    tolerance: 4e-6,
  },
  {
    op: 'LSTM',
    title: 'one step from a given state',
    rows: 'finite',
    nodes: [
      ...(['x', 'h', 'c'] as const).flatMap((name, part) => [
        node('Slice', ['x', `from${part}`, `to${part}`, 'second'], [`${name}part`]),
        node('Unsqueeze', [`${name}part`, 'first'], [`${name}0`]),
      ]),
      node('LSTM', ['x0', 'w', 'r', 'b', '', 'h0', 'c0'], ['', 'h', 'k'], { hidden_size: intAttr(2) }),
      node('Squeeze', ['h', 'first'], ['hidden']),
      node('Squeeze', ['k', 'first'], ['cell']),
      node('Concat', ['hidden', 'cell'], ['y'], { axis: intAttr(1) }),
    ],
    constants: [
      ...[0, 1, 2].flatMap(part => [shape(`from${part}`, 2 * part), shape(`to${part}`, 2 * part + 2)]),
      shape('first', 0),
      shape('second', 1),
      normals('w', [1, 8, 2]),
      normals('r', [1, 8, 2]),
      normals('b', [1, 16]),
    ],
    outputs: 4,
    tolerance: 4e-6,
  },
  {
    op: 'Imputer',
    nodes: [
      node(
        'Imputer',
        ['x'],
        ['y'],
        { imputed_value_floats: floatsAttr([1, 2, 3, 4, 5, 6]), replaced_value_float: floatAttr(Number.NaN) },
        { domain: 'ai.onnx.ml' },
      ),
    ],
  },
  {
    op: 'Imputer',
    title: 'a number',
    nodes: [
      node(
        'Imputer',
        ['x'],
        ['y'],
        { imputed_value_floats: floatsAttr([7]), replaced_value_float: floatAttr(1) },
        { domain: 'ai.onnx.ml' },
      ),
    ],
  },
  {
    op: 'Scaler',
    nodes: [
      node(
        'Scaler',
        ['x'],
        ['y'],
        { offset: floatsAttr([1, 2, 3, 4, 5, 6]), scale: floatsAttr([1, 0.1, 3, -4, 5, 6]) },
        { domain: 'ai.onnx.ml' },
      ),
    ],
  },
  {
    op: 'Mul',
    title: 'piecewise linear calibration over three dimensions',
    rows: 'finite',
    nodes: [
      node('Unsqueeze', ['x', 'last'], ['p']),
      node('Sub', ['p', 'knots'], ['d']),
      node('Max', ['d', 'zero'], ['up']),
      node('Min', ['up', 'widths'], ['part']),
      node('Mul', ['part', 'slopes'], ['risen']),
      node('ReduceSum', ['risen', 'last'], ['y'], { keepdims: intAttr(0) }),
    ],
    constants: [
      shape('last', -1),
      normals('knots', [8]),
      floatTensor('zero', [], [0]),
      floatTensor('widths', [8], Array(8).fill(0.25)),
      normals('slopes', [8]),
    ],
    tolerance: 2e-6,
  },
]

const oracle = onnxRuntimeOracle()
after(() => oracle.close())

for (const [index, entry] of CASES.entries()) {
  test(`${entry.op} gives what the runtime gives${entry.title === undefined ? '' : `: ${entry.title}`}`, async () => {
    const built = model(entry)
    const rows = rowsOf(entry.rows ?? 'any', `rows ${index}`)
    const expected = await oracle.run(encodeModel(built), rows, COUNT)
    const compiled = unwrap(compileModel(built))
    const actual = compiled.run(rows, COUNT)
    assert.equal(actual.length, expected.length)
    for (const [at, wanted] of expected.entries()) {
      const got = actual[at]!
      const tolerance = (entry.tolerance ?? 1e-6) * Math.max(1, Math.abs(wanted))
      const fits = Object.is(got, wanted) || got === wanted || Math.abs(got - wanted) <= tolerance
      const row = Math.floor(at / compiled.outputs)
      assert.ok(
        fits,
        `element ${at}: ${got} instead of ${wanted} for row ${rows.slice(row * WIDTH, (row + 1) * WIDTH).join(' ')}`,
      )
    }
    const one = compiled.run(rows.slice(0, WIDTH), 1)
    assert.deepEqual(one, actual.slice(0, compiled.outputs), 'one row gives what the batch gives')
  })
}

test('every operator that is evaluated has a case', () => {
  const trees = ['TreeEnsembleClassifier', 'TreeEnsembleRegressor']
  const covered = new Set([...CASES.map(({ op }) => op), ...trees])
  assert.deepEqual(
    evaluatedOps().filter(op => !covered.has(op)),
    [],
  )
})
