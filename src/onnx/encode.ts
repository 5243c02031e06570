// A model as the bytes of an .onnx file. Equal models give equal bytes: attributes and metadata are written in the order of their names.

import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx-ml_pb.js'
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from './model.ts'
import { elementTypeNumber, writeTensor } from './tensor-codec.ts'

const utf8 = new TextEncoder()

/** By code unit, so that no locale decides. */
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0

/**
 * @example
 * const bytes = encodeModel(assembleGraph({ ... }))
 * unwrap(decodeModel(bytes)) // the same model
 */
export function encodeModel(model: OnnxModel): Uint8Array {
  const opsetImport = [{ domain: '', version: BigInt(model.opset) }]
  if (model.mlOpset > 0) opsetImport.push({ domain: 'ai.onnx.ml', version: BigInt(model.mlOpset) })
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(model.irVersion),
      opsetImport,
      producerName: model.producer,
      graph: writeGraph(model),
      metadataProps: Object.entries(model.metadata)
        .sort(byName)
        .map(([key, value]) => ({ key, value })),
    }),
  )
}

const writeGraph = ({ name, nodes, initializers, inputs, outputs }: OnnxGraph) =>
  create(GraphProtoSchema, {
    name,
    node: nodes.map(writeNode),
    initializer: initializers.map(writeTensor),
    input: inputs.map(writeValue),
    output: outputs.map(writeValue),
  })

const writeNode = (node: OnnxNode) =>
  create(NodeProtoSchema, {
    name: node.name,
    opType: node.opType,
    domain: node.domain,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).sort(byName).map(writeAttribute),
  })

const writeAttribute = ([name, attribute]: readonly [string, OnnxAttribute]): AttributeProto =>
  create(AttributeProtoSchema, { name, ...attributeFields(attribute) })

function attributeFields(attribute: OnnxAttribute): MessageInitShape<typeof AttributeProtoSchema> {
  const { kind, value } = attribute
  if (kind === 'float') return { type: AttributeType.FLOAT, f: value }
  if (kind === 'int') return { type: AttributeType.INT, i: value }
  if (kind === 'string') return { type: AttributeType.STRING, s: utf8.encode(value) }
  if (kind === 'floats') return { type: AttributeType.FLOATS, floats: Array.from(value) }
  if (kind === 'ints') return { type: AttributeType.INTS, ints: Array.from(value) }
  if (kind === 'strings') return { type: AttributeType.STRINGS, strings: value.map(text => utf8.encode(text)) }
  if (kind === 'graph') return { type: AttributeType.GRAPH, g: writeGraph(value) }
  return { type: AttributeType.TENSOR, t: writeTensor(value) }
}

function writeValue({ name, type, dims }: OnnxValue): ValueInfoProto {
  const dim = dims.map(size => {
    if (typeof size === 'number') return { value: { case: 'dimValue' as const, value: BigInt(size) } }
    return size === '' ? {} : { value: { case: 'dimParam' as const, value: size } }
  })
  const value = { elemType: elementTypeNumber(type), shape: { dim } }
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } })
}
