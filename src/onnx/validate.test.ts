// Hostile and broken files (fault catalogue, section D) are refused with their code; any bytes at all are answered.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { floatsAttr, floatTensor, int64Tensor, intAttr, node } from './build.ts'
import { encodeModel } from './encode.ts'
import { compileModel } from './evaluate.ts'
import { codeOf, codeOfModel, good } from './fixtures/sound-model.ts'
import {
  AttributeProto_AttributeType,
  type GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataLocation,
} from './generated/onnx-ml_pb.js'
import { LIMITS } from './limits.ts'
import type { OnnxNode } from './model.ts'
import { validateModel } from './validate.ts'

type ModelInit = MessageInitShape<typeof ModelProtoSchema>
type GraphInit = MessageInitShape<typeof GraphProtoSchema>
type NodeInit = NonNullable<GraphInit['node']>[number]
type TensorInit = NonNullable<GraphInit['initializer']>[number]

const { EXTERNAL } = TensorProto_DataLocation

/** A file with parts that our own encoder cannot write. */
const raw = (graph: GraphInit, model: Omit<ModelInit, '$typeName' | '$unknown'> = {}): Uint8Array => {
  const whole: ModelInit = { irVersion: 8n, opsetImport: [{ domain: '', version: 17n }], graph, ...model }
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, whole))
}

const floatIo = (name: string) => {
  const shape = {
    dim: [
      { value: { case: 'dimParam' as const, value: 'batch' } },
      { value: { case: 'dimValue' as const, value: 2n } },
    ],
  }
  return { name, type: { value: { case: 'tensorType' as const, value: { elemType: 1, shape } } } }
}
const io = { input: [floatIo('x')], output: [floatIo('y')] }
const withNode = (changed: NodeInit): Uint8Array =>
  raw({ ...io, node: [{ opType: 'Abs', input: ['x'], output: ['y'], ...changed }] })
const withTensor = (changed: TensorInit): Uint8Array =>
  raw({
    ...io,
    node: [{ opType: 'Add', input: ['x', 'c'], output: ['y'] }],
    initializer: [{ name: 'c', dims: [2n], dataType: 1, ...changed }],
  })

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
const field = (number: number, body: Uint8Array): Uint8Array =>
  Uint8Array.from([...varint(number * 8 + 2), ...varint(body.length), ...body])
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

test('a sound model is accepted and is the one that was written', () => {
  const outcome = validateModel(encodeModel(good))
  assert.ok(outcome.ok)
  assert.deepEqual(outcome.value, good)
})

test('fault 47: nothing, half a file and noise are malformed', () => {
  assert.equal(codeOf(new Uint8Array()), 'ONNX_MALFORMED')
  const whole = encodeModel(good)
  assert.equal(codeOf(whole.slice(0, whole.length / 2)), 'ONNX_MALFORMED')
  assert.equal(codeOf(Uint8Array.from({ length: 500 }, (_, i) => (i * 197) % 256)), 'ONNX_MALFORMED')
})

test('fault 47: a file cut off at any byte is refused', () => {
  // Without metadata, the last field: a cut before it leaves a whole file, which only a hash tells from the first.
  const whole = encodeModel({ ...good, metadata: {} })
  for (let length = 0; length < whole.length; length++)
    assert.notEqual(codeOf(whole.slice(0, length)), 'accepted', `${length} bytes`)
})

test('any bytes get an answer, and what is accepted compiles or is refused again', () => {
  const whole = encodeModel(good)
  const answered = (bytes: Uint8Array): void => {
    const outcome = validateModel(bytes)
    if (!outcome.ok) return assert.match(outcome.fault.code, /^ONNX_[A-Z_]+$/)
    const compiled = compileModel(outcome.value)
    if (compiled.ok) compiled.value.run(new Float32Array(compiled.value.width), 1)
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), answered), { numRuns: 2_000, seed: 1 })
  for (let at = 0; at < whole.length; at++) {
    for (const flip of [0x01, 0x08, 0x80, 0xff]) {
      const changed = Uint8Array.from(whole)
      changed[at]! ^= flip
      answered(changed)
    }
  }
  const splice = fc.tuple(fc.nat(whole.length), fc.nat(20), fc.uint8Array({ maxLength: 20 }))
  fc.assert(
    fc.property(splice, ([at, removed, put]) => answered(join(whole.slice(0, at), put, whole.slice(at + removed)))),
    { numRuns: 3_000, seed: 2 },
  )
})

test('faults 48 and 49: data outside the file is refused, wherever it points', () => {
  const places = ['../weights.bin', '/etc/passwd', 'link', 'missing', '*/_ORT_MEM_ADDR_/*']
  for (const location of places) {
    const externalData = [
      { key: 'location', value: location },
      { key: 'offset', value: '99999999999999' },
    ]
    assert.equal(codeOf(withTensor({ externalData, dataLocation: EXTERNAL })), 'ONNX_EXTERNAL_DATA')
    const constant = {
      name: 'value',
      type: AttributeProto_AttributeType.TENSOR,
      t: { dims: [2n], dataType: 1, externalData },
    }
    assert.equal(codeOf(withNode({ opType: 'Constant', input: [], attribute: [constant] })), 'ONNX_EXTERNAL_DATA')
  }
  assert.equal(codeOf(withTensor({ dataLocation: EXTERNAL })), 'ONNX_EXTERNAL_DATA')
})

test('fault 50: operators that allocate by a number are not on the list', () => {
  for (const op of ['ConstantOfShape', 'Expand', 'Tile', 'Range', 'Resize', 'NonZero', 'RandomNormal']) {
    assert.equal(codeOfModel({ nodes: [node(op, ['input'], ['probability'])] }), 'ONNX_OP_NOT_ALLOWED')
  }
  const open = [node('Abs', ['input'], ['shape']), node('Reshape', ['input', 'shape'], ['probability'])]
  assert.equal(codeOfModel({ nodes: open }), 'ONNX_SHAPE_NOT_CONSTANT')
})

test('fault 51: loops and branches are refused for the graphs that they hold, 400 deep as well', () => {
  let graph: GraphInit = { node: [] }
  for (let depth = 0; depth < 400; depth++) {
    graph = {
      node: [
        { opType: 'If', attribute: [{ name: 'then_branch', type: AttributeProto_AttributeType.GRAPH, g: graph }] },
      ],
    }
  }
  assert.equal(codeOf(raw(graph)), 'ONNX_SUBGRAPH')
  for (const op of ['Loop', 'Scan']) {
    assert.equal(
      codeOf(
        withNode({
          opType: op,
          attribute: [{ name: 'body', type: AttributeProto_AttributeType.GRAPH, g: { node: [] } }],
        }),
      ),
      'ONNX_SUBGRAPH',
    )
    assert.equal(codeOf(withNode({ opType: op })), 'ONNX_OP_NOT_ALLOWED')
  }
})

test('fault 52: shapes that are negative, overflow or are unlike their data are refused', () => {
  const rawData = new Uint8Array(8)
  assert.equal(codeOf(withTensor({ rawData })), 'accepted')
  assert.equal(codeOf(withTensor({ rawData, dims: [-2n] })), 'ONNX_TENSOR_SHAPE')
  assert.equal(codeOf(withTensor({ rawData, dims: Array(9).fill(1n) })), 'ONNX_TENSOR_SHAPE')
  assert.equal(codeOf(withTensor({ rawData, dims: [2n ** 62n, 4n] })), 'ONNX_TENSOR_TOO_LARGE')
  assert.equal(codeOf(withTensor({ rawData, dims: [0n, 2n ** 62n] })), 'ONNX_TENSOR_TOO_LARGE')
  assert.equal(codeOf(withTensor({ rawData, dims: [3n] })), 'ONNX_TENSOR_SIZE')
  assert.equal(codeOf(withTensor({ floatData: [1] })), 'ONNX_TENSOR_SIZE')
  assert.equal(codeOf(withTensor({ rawData, dataType: 10 })), 'ONNX_TENSOR_TYPE')
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: -4n, max: 4n }), { maxLength: 4 }), dims => {
      const fits = dims.every(dim => dim >= 0n) && dims.reduce((a, b) => a * b, 1n) === 2n
      const scalars = codeOf(withTensor({ rawData, dims }))
      assert.equal(scalars.startsWith('ONNX_TENSOR_S'), !fits, `[${dims.join()}] is ${scalars}`)
    }),
    { seed: 3 },
  )
})

test('fault 52: data in two places of a tensor, or in the place of another type, is refused', () => {
  const rawData = new Uint8Array(8)
  assert.equal(codeOf(withTensor({ floatData: [1, 2] })), 'accepted')
  assert.equal(codeOf(withTensor({ rawData, floatData: [1, 2] })), 'ONNX_TENSOR_SIZE')
  assert.equal(codeOf(withTensor({ floatData: [1, 2], int32Data: [1] })), 'ONNX_TENSOR_SIZE')
  assert.equal(codeOf(withTensor({ rawData, int64Data: [1n] })), 'ONNX_TENSOR_SIZE')
  assert.equal(codeOf(withTensor({ dataType: 8, stringData: [rawData, rawData], rawData })), 'ONNX_TENSOR_SIZE')
})

test('fault 52: inputs and outputs of dimensions that no double holds, or below zero, are refused', () => {
  const sized = (size: bigint) => {
    const shape = { dim: [{ value: { case: 'dimValue' as const, value: size } }] }
    const type = { value: { case: 'tensorType' as const, value: { elemType: 1, shape } } }
    return codeOf(raw({ ...io, input: [{ name: 'x', type }], node: [{ opType: 'Abs', input: ['x'], output: ['y'] }] }))
  }
  assert.equal(sized(2n), 'accepted')
  for (const size of [-1n, 2n ** 53n + 1n, 2n ** 63n - 1n]) assert.equal(sized(size), 'ONNX_VALUE_TYPE')
})

test('fault 53: foreign domains, custom operators and local functions are refused', () => {
  assert.equal(codeOf(withNode({ domain: 'com.microsoft', opType: 'FusedMatMul' })), 'ONNX_DOMAIN')
  assert.equal(codeOf(withNode({ opType: 'MyOwn' })), 'ONNX_OP_NOT_ALLOWED')
  const call = { ...io, node: [{ opType: 'Abs', input: ['x'], output: ['y'] }] }
  assert.equal(codeOf(raw(call, { functions: [{ name: 'Abs' }] })), 'ONNX_FUNCTION')
  assert.equal(codeOf(raw(call, { trainingInfo: [{}] })), 'ONNX_SUBGRAPH')
  const both = [
    { domain: '', version: 17n },
    { domain: 'evil', version: 1n },
  ]
  assert.equal(codeOf(raw(call, { opsetImport: both })), 'ONNX_DOMAIN')
  assert.equal(codeOf(raw({ ...call, sparseInitializer: [{}] })), 'ONNX_SPARSE_TENSOR')
})

test('fault 54: circles, dangling and repeated names are refused', () => {
  const abs = (from: string, to: string, name = to): OnnxNode => node('Abs', [from], [to], {}, { name })
  const code = (...nodes: OnnxNode[]): string => codeOfModel({ nodes })
  assert.equal(code(abs('input', 'probability')), 'accepted')
  assert.equal(code(node('Add', ['input', 'b'], ['a']), abs('a', 'b'), abs('b', 'probability')), 'ONNX_CYCLE')
  assert.equal(code(node('Add', ['input', 'probability'], ['probability'])), 'ONNX_CYCLE')
  assert.equal(code(abs('a', 'probability'), abs('input', 'a')), 'ONNX_NOT_SORTED')
  assert.equal(code(abs('ghost', 'probability')), 'ONNX_DANGLING_INPUT')
  assert.equal(code(abs('input', 'other')), 'ONNX_DANGLING_OUTPUT')
  assert.equal(code(abs('input', 'probability'), abs('input', 'probability', 'second')), 'ONNX_DUPLICATE_NAME')
  assert.equal(code(abs('input', 'shift'), abs('shift', 'probability')), 'ONNX_DUPLICATE_NAME')
  assert.equal(code(abs('input', 'a', 'same'), abs('a', 'probability', 'same')), 'ONNX_DUPLICATE_NAME')
  const input = floatIo('x')
  assert.equal(
    codeOf(
      raw({ node: [{ opType: 'Abs', input: ['x'], output: ['y'] }], input: [input, input], output: [floatIo('y')] }),
    ),
    'ONNX_DUPLICATE_NAME',
  )
})

test('fault 54: a random graph is accepted exactly when every edge points forward', () => {
  const edges = fc.array(fc.nat(7), { minLength: 2, maxLength: 8 })
  fc.assert(
    fc.property(edges, sources => {
      // Node i reads the output of node sources[i], or the input where that is i itself or does not exist.
      const name = (i: number): string => (i === sources.length - 1 ? 'probability' : `v${i}`)
      const from = sources.map((source, i) => (source === i || source >= sources.length ? 'input' : name(source)))
      const code = codeOfModel({ nodes: from.map((source, i) => node('Abs', [source], [name(i)])) })
      const forward = sources.every((source, i) => from[i] === 'input' || source < i)
      const steps = (start: number): number => {
        let at = start
        for (let count = 0; count < 10; count++) {
          if (from[at] === 'input') return count
          at = sources[at]!
        }
        return Number.POSITIVE_INFINITY
      }
      const circle = sources.some((_, i) => steps(i) === Number.POSITIVE_INFINITY)
      assert.equal(code, forward ? 'accepted' : circle ? 'ONNX_CYCLE' : 'ONNX_NOT_SORTED')
    }),
    { seed: 4, numRuns: 500 },
  )
})

test('fault 57: weights and thresholds that are not finite or not normal are refused', () => {
  const code = (value: number): string => codeOfModel({ initializers: [floatTensor('shift', [2], [0, value])] })
  assert.equal(code(Number.NaN), 'ONNX_NOT_FINITE')
  assert.equal(code(-Infinity), 'ONNX_NOT_FINITE')
  assert.equal(code(1e-40), 'ONNX_DENORMAL')
  assert.equal(code(-(2 ** -126)), 'accepted')
  const trees = good.nodes[1]!
  const threshold = { ...trees, attributes: { ...trees.attributes, nodes_values: floatsAttr([Infinity, 0, 0]) } }
  assert.equal(codeOfModel({ nodes: good.nodes.with(1, threshold) }), 'ONNX_NOT_FINITE')
})

test('fault 59: versions that the runtime does not read are refused', () => {
  assert.equal(codeOfModel({ irVersion: 14 }), 'ONNX_IR_VERSION')
  assert.equal(codeOfModel({ irVersion: 2 }), 'ONNX_IR_VERSION')
  assert.equal(codeOfModel({ opset: 27 }), 'ONNX_OPSET')
  assert.equal(codeOfModel({ opset: 0 }), 'ONNX_OPSET')
  assert.equal(codeOfModel({ mlOpset: 6 }), 'ONNX_OPSET')
  assert.equal(codeOfModel({ mlOpset: 0 }), 'ONNX_OPSET')
})

test('fault 60: a file above the size cap is refused unread', () => {
  assert.equal(codeOf(new Uint8Array(LIMITS.bytes + 1)), 'ONNX_TOO_LARGE')
})

test('fault 60: too many nodes, initialisers, values and metadata are refused while they are counted', () => {
  const repeated = (number: number, count: number): Uint8Array =>
    field(
      7,
      new Uint8Array(2 * count).map((_, i) => (i % 2 === 0 ? number * 8 + 2 : 0)),
    )
  assert.equal(codeOf(repeated(1, 1_000_000)), 'ONNX_TOO_MANY_NODES')
  assert.equal(codeOf(repeated(5, 4_001)), 'ONNX_TOO_MANY_INITIALIZERS')
  assert.equal(codeOf(repeated(11, 65)), 'ONNX_TOO_MANY_VALUES')
  assert.equal(codeOf(repeated(13, 1_000_001)), 'ONNX_TOO_LARGE')
  const metadata = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, '']))
  assert.equal(codeOfModel({ metadata }), 'ONNX_TOO_MUCH_METADATA')
  const many = Array.from({ length: 64 }, (_, i) => ({ name: `x${i}`, type: 'float' as const, dims: ['batch', 1] }))
  assert.equal(codeOfModel({ inputs: many }), 'ONNX_TOO_MANY_VALUES')
})

test('fault 60: long names, long metadata and many numbers are refused', () => {
  assert.equal(codeOfModel({ name: 'n'.repeat(100_000) }), 'ONNX_STRING_TOO_LONG')
  assert.equal(codeOfModel({ metadata: { mask: 'm'.repeat(4_096) } }), 'accepted')
  assert.equal(codeOfModel({ metadata: { mask: 'm'.repeat(4_097) } }), 'ONNX_STRING_TOO_LONG')
  const packed = field(5, field(7, new Uint8Array(LIMITS.numbers + 1)))
  assert.equal(codeOf(field(7, packed)), 'ONNX_TOO_LARGE')
})

test('fault 60: messages nested too deep are refused', () => {
  let type = new Uint8Array()
  for (let depth = 0; depth < 100; depth++) type = new Uint8Array(field(4, field(1, type)))
  assert.equal(codeOf(field(7, field(11, field(2, type)))), 'ONNX_TOO_DEEP')
})

test('unknown fields are accepted up to 1 KiB in all', () => {
  const whole = encodeModel(good)
  assert.equal(codeOf(join(whole, field(500, new Uint8Array(1_000)))), 'accepted')
  const halves = field(500, new Uint8Array(600))
  assert.equal(codeOf(join(whole, halves, halves)), 'ONNX_UNKNOWN_FIELDS')
})

test('text that is not UTF-8 is refused: read leniently, two names could become one', () => {
  const whole = encodeModel({ ...good, name: 'namename' })
  const at = Buffer.from(whole).indexOf('namename')
  assert.equal(codeOf(whole.with(at, 0xff)), 'ONNX_MALFORMED')
  const label = new Uint8Array([0xc3, 0x28])
  const strings = { name: 'a', type: AttributeProto_AttributeType.STRINGS, strings: [label] }
  assert.equal(codeOf(withNode({ attribute: [strings] })), 'ONNX_MALFORMED')
  assert.equal(codeOf(withTensor({ dataType: 8, stringData: [label, label] })), 'ONNX_MALFORMED')
})

test('a second graph is refused, since parsers differ in which one counts', () => {
  assert.equal(codeOf(join(encodeModel(good), encodeModel(good))), 'ONNX_MALFORMED')
})

test('integers and names that would change an object are only data', () => {
  const outcome = validateModel(
    encodeModel({ ...good, metadata: JSON.parse('{"__proto__": "x"}') as Record<string, string> }),
  )
  assert.ok(outcome.ok)
  assert.deepEqual(Object.keys(outcome.value.metadata), ['__proto__'])
  const attribute = { ...good.nodes[0]!, attributes: { constructor: intAttr(1) } }
  assert.equal(codeOfModel({ nodes: good.nodes.with(0, attribute) }), 'accepted')
  assert.equal(codeOfModel({ initializers: [...good.initializers, int64Tensor('big', [1], [2 ** 53])] }), 'accepted')
})
