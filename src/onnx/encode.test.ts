// Models survive the way to bytes and back, equal models are equal bytes, and the standard's own checker accepts them.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { unwrap } from '../base/fault.ts'
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
  stringsAttr,
  tensorAttr,
} from './build.ts'
import { decodeModel } from './decode.ts'
import { encodeModel } from './encode.ts'
import type { OnnxAttribute, OnnxModel, OnnxTensor } from './model.ts'
import { treeEnsembleRegressor } from './tree-ensemble.ts'

const empty: OnnxModel = {
  irVersion: 8,
  opset: 17,
  mlOpset: 3,
  producer: 'ratchet',
  name: 'graph',
  nodes: [],
  inputs: [],
  outputs: [],
  initializers: [],
  metadata: {},
}

const name = fc.string({ minLength: 1, maxLength: 8 })
const float = fc.float({ noNaN: false })
const int = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

const tensors = fc.oneof<fc.Arbitrary<OnnxTensor>[]>(
  fc.array(float, { maxLength: 5 }).map(data => floatTensor('t', [data.length], data)),
  fc.array(fc.nat(), { maxLength: 5 }).map(data => int64Tensor('t', [1, data.length], data)),
  fc.array(fc.boolean(), { maxLength: 5 }).map(data => boolTensor('t', [data.length], data)),
  fc.array(fc.string(), { maxLength: 5 }).map(data => ({ name: 't', type: 'string', dims: [data.length], data })),
  fc
    .array(fc.double(), { maxLength: 5 })
    .map(data => ({ name: 't', type: 'double', dims: [data.length], data: Float64Array.from(data) })),
  fc
    .array(fc.integer(), { maxLength: 5 })
    .map(data => ({ name: 't', type: 'int32', dims: [data.length], data: Int32Array.from(data) })),
)

const attributes = fc.oneof<fc.Arbitrary<OnnxAttribute>[]>(
  float.map(floatAttr),
  int.map(value => ({ kind: 'int', value })),
  fc.string().map(stringAttr),
  fc.array(float).map(floatsAttr),
  fc.array(int).map(value => ({ kind: 'ints', value: BigInt64Array.from(value) })),
  fc.array(fc.string()).map(stringsAttr),
  tensors.map(tensorAttr),
)

const dimensions = fc.array(fc.oneof(fc.nat(), fc.string({ maxLength: 5 })), { maxLength: 4 })
const plain = { noNullPrototype: true }
const types = fc.constantFrom('float' as const, 'int64' as const)
const values = fc.array(fc.record({ name, type: types, dims: dimensions }, plain))

const models: fc.Arbitrary<OnnxModel> = fc.record(
  {
    irVersion: fc.nat(20),
    opset: fc.nat(30),
    mlOpset: fc.nat(5),
    producer: fc.string(),
    name: fc.string(),
    nodes: fc.array(
      fc.record(
        {
          name: fc.string(),
          opType: name,
          domain: fc.constantFrom('' as const, 'ai.onnx.ml' as const),
          inputs: fc.array(fc.string()),
          outputs: fc.array(fc.string()),
          attributes: fc.dictionary(name, attributes, plain),
        },
        plain,
      ),
      { maxLength: 4 },
    ),
    inputs: values,
    outputs: values,
    initializers: fc.array(tensors, { maxLength: 3 }),
    metadata: fc.dictionary(name, fc.string(), plain),
  },
  plain,
)

test('a model that is written and read is the same model', () => {
  fc.assert(
    fc.property(models, model => {
      assert.deepEqual(unwrap(decodeModel(encodeModel(model))), model)
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('the order in which metadata and attributes are given leaves no trace in the bytes', () => {
  const model = (turned: boolean): OnnxModel => {
    const order = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
      Object.fromEntries(turned ? entries.toReversed() : entries)
    const attributes = order([
      ['alpha', floatAttr(1)],
      ['beta', floatAttr(2)],
      ['transB', intAttr(1)],
    ])
    return {
      ...empty,
      nodes: [node('Gemm', ['x', 'w'], ['y'], attributes)],
      metadata: order([
        ['b', '1'],
        ['a', '2'],
        ['B', '3'],
      ]),
    }
  }
  assert.deepEqual(encodeModel(model(true)), encodeModel(model(false)))
})

test('noise is malformed, not an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const outcome = decodeModel(bytes)
      assert.ok(outcome.ok || outcome.fault.code.startsWith('ONNX_'))
    }),
    { seed: 2, numRuns: 1_000 },
  )
})

/** Debian's python3-onnx 1.12. */
const PYTHON = '/usr/bin/python3'
const hasChecker = spawnSync(PYTHON, ['-c', 'import onnx']).status === 0

test('the checker of the ONNX project accepts what we build', {
  skip: hasChecker ? false : 'python3-onnx is not installed',
}, () => {
  const stump = {
    feature: Int32Array.of(0, -1, -1),
    threshold: Float32Array.of(0.5, 0, 0),
    left: Int32Array.of(1, 0, 0),
    right: Int32Array.of(2, 0, 0),
    value: Float32Array.of(0, -1, 1),
  }
  const model: OnnxModel = {
    ...empty,
    nodes: [
      node(
        'Imputer',
        ['input'],
        ['whole'],
        { imputed_value_floats: floatsAttr([0]), replaced_value_float: floatAttr(Number.NaN) },
        { domain: 'ai.onnx.ml' },
      ),
      node('Gather', ['whole', 'columns'], ['some'], { axis: intAttr(1) }),
      node('Constant', [], ['shift'], { value: tensorAttr(floatTensor('', [2], [1, 2])) }),
      node('Add', ['some', 'shift'], ['moved']),
      treeEnsembleRegressor({ trees: [stump], targets: 1, baseValues: [0.5] }, 'moved', 'sum', 'trees'),
      node('Reshape', ['moved', 'shape'], ['cube']),
      node('Transpose', ['cube'], ['turned'], { perm: intsAttr([0, 2, 1]) }),
      node('Flatten', ['turned'], ['flat']),
      node('Concat', ['sum', 'flat'], ['y'], { axis: intAttr(1) }),
    ],
    inputs: [{ name: 'input', type: 'float', dims: ['batch', 3] }],
    outputs: [{ name: 'y', type: 'float', dims: ['batch', 3] }],
    initializers: [int64Tensor('columns', [2], [2, 0]), int64Tensor('shape', [3], [0, 1, 2])],
    metadata: { zoo: 'test' },
  }
  const script = 'import sys, onnx; onnx.checker.check_model(onnx.load_model_from_string(sys.stdin.buffer.read()))'
  const { status, stderr } = spawnSync(PYTHON, ['-c', script], { input: encodeModel(model) })
  assert.equal(status, 0, stderr.toString())
})
