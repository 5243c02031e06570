// What the evaluator refuses, folds and promises besides the numbers, which evaluate.test.ts holds against the runtime.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { foreignOps, usesOnlyAllowedOps } from './allow-list.ts'
import {
  boolTensor,
  floatAttr,
  floatsAttr,
  floatTensor,
  int64Tensor,
  intAttr,
  intsAttr,
  node,
  stringAttr,
  tensorAttr,
} from './build.ts'
import { compileModel } from './evaluate.ts'
import type { OnnxModel, OnnxNode, OnnxTensor } from './model.ts'
import { treeEnsembleRegressor } from './tree-ensemble.ts'

const model = (
  nodes: readonly OnnxNode[],
  initializers: readonly OnnxTensor[] = [],
  changed: Partial<OnnxModel> = {},
): OnnxModel => ({
  irVersion: 8,
  opset: 17,
  mlOpset: 3,
  producer: 'test',
  name: 'test',
  nodes,
  inputs: [{ name: 'x', type: 'float', dims: ['batch', 4] }],
  outputs: [{ name: 'y', type: 'float', dims: ['batch', 4] }],
  initializers,
  metadata: { zoo: 'test' },
  ...changed,
})

const codeOf = (built: OnnxModel): string => {
  const outcome = compileModel(built)
  return outcome.ok ? 'accepted' : outcome.fault.code
}
const ints = (name: string, ...values: number[]): OnnxTensor => int64Tensor(name, [values.length], values)

test('an operator on the allow-list that is not evaluated is refused by name', () => {
  const outcome = compileModel(model([node('Erf', ['x'], ['y'])]))
  assert.ok(!outcome.ok)
  assert.equal(outcome.fault.code, 'ONNX_OP_NOT_EVALUATED')
  assert.match(outcome.fault.message, /Erf/)
  assert.equal(outcome.fault.place, 'node y (Erf)')
})

/** An LSTM of two units over the row as one step. */
const recurrent = (attributes: OnnxNode['attributes'], inputs: readonly string[] = ['z', 'w', 'r']): OnnxModel =>
  model(
    [
      node('Unsqueeze', ['x', 'a'], ['z']),
      node('LSTM', inputs, ['', 'h'], { hidden_size: intAttr(2), ...attributes }),
      node('Squeeze', ['h', 'a'], ['y']),
    ],
    [ints('a', 0), floatTensor('w', [1, 8, 4], Array(32).fill(0)), floatTensor('r', [1, 8, 2], Array(16).fill(0))],
  )

const REFUSED: readonly (readonly [string, string, OnnxModel])[] = [
  ['an unknown attribute', 'ONNX_ATTRIBUTE', model([node('Add', ['x', 'x'], ['y'], { axis: intAttr(1) })])],
  ['an attribute of another kind', 'ONNX_ATTRIBUTE', model([node('LeakyRelu', ['x'], ['y'], { alpha: intAttr(1) })])],
  [
    'a Constant without a tensor',
    'ONNX_ATTRIBUTE',
    model([node('Constant', [], ['y'], { value_float: floatAttr(1) })]),
  ],
  ['a name that nothing gives', 'ONNX_DANGLING_INPUT', model([node('Abs', ['ghost'], ['y'])])],
  ['an opset before 13', 'ONNX_OPSET', model([node('Abs', ['x'], ['y'])], [], { opset: 12 })],
  ['an opset that the runtime does not read', 'ONNX_OPSET', model([node('Abs', ['x'], ['y'])], [], { opset: 99 })],
  [
    'an output that does not depend on the input',
    'ONNX_INTERFACE',
    model([node('Abs', ['c'], ['y'])], [floatTensor('c', [4], [1, 2, 3, 4])]),
  ],
  [
    'two inputs',
    'ONNX_INTERFACE',
    model([node('Abs', ['x'], ['y'])], [], {
      inputs: [
        { name: 'x', type: 'float', dims: ['b', 4] },
        { name: 'z', type: 'float', dims: ['b', 4] },
      ],
    }),
  ],
  [
    'an input of open width',
    'ONNX_INTERFACE',
    model([node('Abs', ['x'], ['y'])], [], { inputs: [{ name: 'x', type: 'float', dims: ['b', 'n'] }] }),
  ],
  ['a boolean output', 'ONNX_INTERFACE', model([node('Less', ['x', 'x'], ['y'])])],
  [
    'shapes that do not fit',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Add', ['x', 'c'], ['y'])], [floatTensor('c', [3], [1, 2, 3])]),
  ],
  [
    'a constant that stretches the batch',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Add', ['x', 'c'], ['y'])], [floatTensor('c', [2, 1], [1, 2])]),
  ],
  [
    'batches of different rank',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Unsqueeze', ['x', 'a'], ['z']), node('Add', ['x', 'z'], ['y'])], [ints('a', 1)]),
  ],
  [
    'a reduction over the batch',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('ReduceSum', ['x', 'a'], ['y'])], [ints('a', 0)]),
  ],
  ['a reduction over everything', 'ONNX_SHAPE_NOT_EVALUATED', model([node('ReduceSum', ['x'], ['y'])])],
  [
    'a new axis before the batch of more than rows',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Unsqueeze', ['x', 'b'], ['z']), node('Unsqueeze', ['z', 'a'], ['y'])], [ints('a', 0), ints('b', 1)]),
  ],
  ['a sequence as the result', 'ONNX_INTERFACE', model([node('Unsqueeze', ['x', 'a'], ['y'])], [ints('a', 0)])],
  [
    'a sequence in an operator that is not recurrent',
    'ONNX_TYPE_NOT_EVALUATED',
    model([node('Unsqueeze', ['x', 'a'], ['z']), node('Neg', ['z'], ['y'])], [ints('a', 0)]),
  ],
  [
    'Squeeze of the batch of a sequence',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Unsqueeze', ['x', 'a'], ['z']), node('Squeeze', ['z', 'b'], ['y'])], [ints('a', 0), ints('b', 1)]),
  ],
  ['LSTM over rows instead of a sequence', 'ONNX_SHAPE_NOT_EVALUATED', recurrent({}, ['x', 'w', 'r'])],
  ['LSTM backward', 'ONNX_SHAPE_NOT_EVALUATED', recurrent({ direction: stringAttr('reverse') })],
  ['LSTM with the batch before time', 'ONNX_SHAPE_NOT_EVALUATED', recurrent({ layout: intAttr(1) })],
  ['LSTM with a clip', 'ONNX_ATTRIBUTE', recurrent({ clip: floatAttr(1) })],
  ['LSTM with weights of another size', 'ONNX_SHAPE_NOT_EVALUATED', recurrent({ hidden_size: intAttr(3) })],
  ['LSTM with sequence lengths', 'ONNX_SHAPE_NOT_EVALUATED', recurrent({}, ['z', 'w', 'r', '', 'a'])],
  ['LSTM with a state of another size', 'ONNX_SHAPE_NOT_EVALUATED', recurrent({}, ['z', 'w', 'r', '', '', 'z'])],
  ['an axis given twice', 'ONNX_SHAPE_NOT_EVALUATED', model([node('Unsqueeze', ['x', 'a'], ['y'])], [ints('a', 1, 1)])],
  ['Squeeze without axes', 'ONNX_SHAPE_NOT_EVALUATED', model([node('Squeeze', ['x'], ['y'])])],
  [
    'Squeeze of a dimension of 4',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Squeeze', ['x', 'a'], ['y'])], [ints('a', 1)]),
  ],
  [
    'a shape that fixes the batch',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Reshape', ['x', 's'], ['y'])], [ints('s', 4, 1)]),
  ],
  [
    'a shape of another size',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Reshape', ['x', 's'], ['y'])], [ints('s', 0, 5)]),
  ],
  ['two open dimensions', 'ONNX_SHAPE_NOT_EVALUATED', model([node('Reshape', ['x', 's'], ['y'])], [ints('s', -1, -1)])],
  [
    'allowzero',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Reshape', ['x', 's'], ['y'], { allowzero: intAttr(1) })], [ints('s', 0, 4)]),
  ],
  [
    'a column that is not there',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Gather', ['x', 'i'], ['y'], { axis: intAttr(1) })], [ints('i', 4)]),
  ],
  [
    'rows picked out of the batch',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Gather', ['x', 'i'], ['y'])], [ints('i', 0)]),
  ],
  [
    'a slice along two axes',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Slice', ['x', 's', 's'], ['y'])], [ints('s', 0, 0)]),
  ],
  [
    'a step of 0',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Slice', ['x', 's', 's', 'a', 's'], ['y'])], [ints('s', 0), ints('a', 1)]),
  ],
  ['a transposed batch', 'ONNX_SHAPE_NOT_EVALUATED', model([node('Transpose', ['x'], ['y'])])],
  [
    'a repeated axis',
    'ONNX_SHAPE_NOT_EVALUATED',
    model(
      [node('Unsqueeze', ['x', 'a'], ['z']), node('Transpose', ['z'], ['y'], { perm: intsAttr([0, 1, 1]) })],
      [ints('a', 1)],
    ),
  ],
  [
    'a constant joined to a batch',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Concat', ['x', 'c'], ['y'], { axis: intAttr(1) })], [floatTensor('c', [1, 1], [1])]),
  ],
  [
    'a matrix that does not fit',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('MatMul', ['x', 'c'], ['y'])], [floatTensor('c', [1, 1], [1])]),
  ],
  [
    'a transposed left side',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Gemm', ['x', 'c'], ['y'], { transA: intAttr(1) })], [floatTensor('c', [4, 1], [1, 2, 3, 4])]),
  ],
  [
    'a bias that does not fit',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Gemm', ['x', 'c', 'c'], ['y'])], [floatTensor('c', [4, 1], [1, 2, 3, 4])]),
  ],
  [
    'softmax over the middle',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Unsqueeze', ['x', 'a'], ['z']), node('Softmax', ['z'], ['y'], { axis: intAttr(1) })], [ints('a', 1)]),
  ],
  [
    'the mean of layer normalisation',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('LayerNormalization', ['x', 'c'], ['y', 'mean'])], [floatTensor('c', [4], [1, 2, 3, 4])]),
  ],
  [
    'a scale that does not fit',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('LayerNormalization', ['x', 'c'], ['y'])], [floatTensor('c', [1], [1])]),
  ],
  ['a bound that is no scalar', 'ONNX_SHAPE_NOT_EVALUATED', model([node('Clip', ['x', 'x'], ['y'])])],
  ['a cast to integers', 'ONNX_SHAPE_NOT_EVALUATED', model([node('Cast', ['x'], ['y'], { to: intAttr(7) })])],
  [
    'columns that do not fit',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([
      node('Scaler', ['x'], ['y'], { offset: floatsAttr([1, 2]), scale: floatsAttr([1]) }, { domain: 'ai.onnx.ml' }),
    ]),
  ],
  [
    'an intermediate that is too large',
    'ONNX_SHAPE_NOT_EVALUATED',
    model(
      [node('Unsqueeze', ['x', 'a'], ['z']), node('Add', ['z', 'c'], ['y'])],
      [ints('a', -1), floatTensor('c', [500_000], new Float32Array(500_000))],
    ),
  ],
  [
    'a rank that is too high',
    'ONNX_SHAPE_NOT_EVALUATED',
    model([node('Unsqueeze', ['x', 'a'], ['y'])], [ints('a', 1, 2, 3, 4, 5, 6, 7, 8)]),
  ],
  [
    'too much in all',
    'ONNX_SHAPE_NOT_EVALUATED',
    model(
      Array.from({ length: 40 }, (_, i) => node('Add', ['c', 'c'], [`z${i}`])),
      [floatTensor('c', [500_000], new Float32Array(500_000))],
    ),
  ],
  ['arithmetic on integers', 'ONNX_TYPE_NOT_EVALUATED', model([node('Add', ['x', 'i'], ['y'])], [ints('i', 1)])],
  ['logic on numbers', 'ONNX_TYPE_NOT_EVALUATED', model([node('Not', ['x'], ['y'])])],
  ['a computed shape', 'ONNX_TYPE_NOT_EVALUATED', model([node('Reshape', ['x', 'x'], ['y'])])],
  ['an omitted input', 'ONNX_TYPE_NOT_EVALUATED', model([node('Add', ['x', ''], ['y'])])],
  [
    'double precision',
    'ONNX_TYPE_NOT_EVALUATED',
    model([node('Abs', ['x'], ['y'])], [{ name: 'd', type: 'double', dims: [1], data: Float64Array.of(1) }]),
  ],
]

for (const [what, code, built] of REFUSED) {
  test(`${what} is refused`, () => assert.equal(codeOf(built), code))
}

test('constants are computed once, at compile time', () => {
  const nodes = [
    node('Constant', [], ['one'], { value: tensorAttr(floatTensor('', [], [1])) }),
    node('Exp', ['one'], ['e']),
    node('Reshape', ['c', 's'], ['row']),
    node('Mul', ['row', 'e'], ['factor']),
    node('Mul', ['x', 'factor'], ['y']),
  ]
  const compiled = unwrap(compileModel(model(nodes, [floatTensor('c', [2, 2], [1, 2, 3, 4]), ints('s', -1)])))
  const expected = [1, 2, 3, 4].map(factor => Math.fround(factor * Math.fround(Math.E)))
  assert.deepEqual([...compiled.run(Float32Array.of(1, 1, 1, 1), 1)], expected)
})

test('a boolean constant is true for every byte but 0', () => {
  const flags = { ...boolTensor('b', [4], [0, 0, 0, 0]), data: Uint8Array.of(0, 1, 2, 255) }
  const compiled = unwrap(
    compileModel(model([node('Where', ['b', 'x', 'z'], ['y'])], [flags, floatTensor('z', [], [0])])),
  )
  assert.deepEqual([...compiled.run(Float32Array.of(5, 6, 7, 8), 1)], [0, 6, 7, 8])
})

test('NaN wins in ReduceMax and ReduceMin', () => {
  for (const op of ['ReduceMax', 'ReduceMin']) {
    const compiled = unwrap(compileModel(model([node(op, ['x'], ['y'], { axes: intsAttr([1]) })])))
    for (const at of [0, 1, 3]) {
      assert.ok(Number.isNaN(compiled.run(Float32Array.of(1, 2, 3, 4).fill(Number.NaN, at, at + 1), 1)[0]))
    }
  }
})

test('the evaluator tells names, widths and metadata, and wants whole rows', () => {
  const compiled = unwrap(compileModel(model([node('Abs', ['x'], ['y'])])))
  const { inputName, outputName, width, outputs, metadata } = compiled
  assert.deepEqual(
    { inputName, outputName, width, outputs, metadata },
    { inputName: 'x', outputName: 'y', width: 4, outputs: 4, metadata: { zoo: 'test' } },
  )
  assert.throws(() => compiled.run(new Float32Array(5), 1), RangeError)
  assert.equal(compiled.run(new Float32Array(0), 0).length, 0)
})

test('one row at a time leaves nothing on the heap', () => {
  const stump = {
    feature: Int32Array.of(0, -1, -1),
    threshold: Float32Array.of(0.5, 0, 0),
    left: Int32Array.of(1, 0, 0),
    right: Int32Array.of(2, 0, 0),
    value: Float32Array.of(0, 0, -1, -2, 1, 2),
  }
  const nodes = [
    node(
      'Imputer',
      ['x'],
      ['whole'],
      { imputed_value_floats: floatsAttr([0]), replaced_value_float: floatAttr(Number.NaN) },
      { domain: 'ai.onnx.ml' },
    ),
    node('Sub', ['whole', 'c'], ['centred']),
    node('Max', ['centred', 'low'], ['above']),
    node('Where', ['flags', 'above', 'whole'], ['some']),
    treeEnsembleRegressor({ trees: [stump], targets: 2, baseValues: [0.5, 0.5] }, 'some', 'sums', 'trees'),
    node('Gemm', ['sums', 'w'], ['dense']),
    node('Tanh', ['dense'], ['bent']),
    node('Unsqueeze', ['bent', 'last'], ['deep']),
    node('Sub', ['deep', 'c'], ['steps']),
    node('ReduceSum', ['steps', 'last'], ['added'], { keepdims: intAttr(0) }),
    node('Softmax', ['added'], ['y']),
  ]
  const constants = [
    floatTensor('c', [4], [1, 2, 3, 4]),
    floatTensor('low', [], [-1]),
    boolTensor('flags', [4], [1, 0, 1, 0]),
    floatTensor('w', [2, 2], [1, 2, 3, 4]),
    ints('last', -1),
  ]
  const compiled = unwrap(compileModel(model(nodes, constants)))
  const row = Float32Array.of(1, Number.NaN, 3, 4)
  const growth = (calls: number): number => {
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < calls; i++) compiled.run(row, 1)
    return (process.memoryUsage().heapUsed - before) / calls
  }
  growth(20_000)
  // The best of several rounds: the runner itself works beside the test. One boxed number a call would be 12 bytes or more.
  const best = Math.min(...Array.from({ length: 10 }, () => Math.abs(growth(20_000))))
  assert.ok(best < 4, `${best} bytes a call`)
})

test('operators outside the allow-list are named', () => {
  assert.equal(usesOnlyAllowedOps(model([node('Abs', ['x'], ['y'])])), true)
  const foreign = model([
    node('Tile', ['x'], ['z']),
    node('Tile', ['z'], ['w']),
    node('ZipMap', ['w'], ['y'], {}, { domain: 'ai.onnx.ml' }),
  ])
  assert.deepEqual(foreignOps(foreign), ['ai.onnx:Tile', 'ai.onnx.ml:ZipMap'])
  assert.equal(usesOnlyAllowedOps(foreign), false)
})

test('branch modes of equality are refused', () => {
  const stump = {
    feature: Int32Array.of(0, -1, -1),
    threshold: Float32Array.of(0.5, 0, 0),
    left: Int32Array.of(1, 0, 0),
    right: Int32Array.of(2, 0, 0),
    value: Float32Array.of(0, -1, 1),
  }
  const trees = treeEnsembleRegressor({ trees: [stump], targets: 1 }, 'x', 'y', 'trees')
  const modes = { kind: 'strings' as const, value: ['BRANCH_EQ', 'LEAF', 'LEAF'] }
  assert.equal(
    codeOf(model([{ ...trees, attributes: { ...trees.attributes, nodes_modes: modes } }])),
    'ONNX_OP_NOT_EVALUATED',
  )
  assert.equal(
    codeOf(model([{ ...trees, attributes: { ...trees.attributes, nodes_modes: stringAttr('LEAF') } }])),
    'ONNX_ATTRIBUTE',
  )
})
