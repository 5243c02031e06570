// The bytes of an .onnx file as a model. What the plain form cannot hold (subgraphs, functions, outside data, foreign domains) is refused.

import { fromBinary } from '@bufbuild/protobuf'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type StringStringEntryProto,
  type ValueInfoProto,
} from './generated/onnx-ml_pb.js'
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxValue } from './model.ts'
import { elementTypeName, readTensor } from './tensor-codec.ts'

/**
 * Reads a file that may be anything. Only `validateModel` also checks what the model would do.
 * Refusals: `ONNX_MALFORMED` and the codes of the parts.
 */
export function decodeModel(bytes: Uint8Array): Outcome<OnnxModel> {
  try {
    return accepted(readModel(fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false })))
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    return refused('ONNX_MALFORMED', 'the bytes are not an ONNX model', { cause })
  }
}

function readModel(proto: ModelProto): OnnxModel {
  const { graph } = proto
  if (graph === undefined) throw new Fault('ONNX_MALFORMED', 'the file holds no graph', { place: 'model' })
  if (proto.functions.length > 0)
    throw new Fault('ONNX_FUNCTION', 'local functions are not accepted', { place: 'model' })
  if (graph.sparseInitializer.length > 0) {
    throw new Fault('ONNX_SPARSE_TENSOR', 'sparse initialisers are not accepted', { place: 'graph' })
  }
  return {
    irVersion: Number(proto.irVersion),
    ...readOpsets(proto),
    producer: proto.producerName,
    name: graph.name,
    ...readGraph(graph),
    metadata: readMetadata(proto.metadataProps),
  }
}

const readGraph = (graph: GraphProto): Pick<OnnxModel, 'nodes' | 'inputs' | 'outputs' | 'initializers'> => ({
  nodes: graph.node.map(readNode),
  inputs: graph.input.map((value, index) => readValue(value, `input ${index}`)),
  outputs: graph.output.map((value, index) => readValue(value, `output ${index}`)),
  initializers: graph.initializer.map(tensor => readTensor(tensor, `initializer ${tensor.name}`)),
})

function readOpsets({ opsetImport }: ModelProto): Pick<OnnxModel, 'opset' | 'mlOpset'> {
  const versions = new Map<OnnxNode['domain'], number>()
  for (const { domain, version } of opsetImport) {
    const known = readDomain(domain, 'opset import')
    if (versions.has(known)) throw new Fault('ONNX_OPSET', `opset of "${known}" is imported twice`, { place: 'model' })
    versions.set(known, Number(version))
  }
  return { opset: versions.get('') ?? 0, mlOpset: versions.get('ai.onnx.ml') ?? 0 }
}

function readDomain(domain: string, place: string): OnnxNode['domain'] {
  if (domain === '' || domain === 'ai.onnx') return ''
  if (domain === 'ai.onnx.ml') return domain
  throw new Fault('ONNX_DOMAIN', `operators of domain "${domain}" are not accepted`, { place })
}

function readMetadata(entries: readonly StringStringEntryProto[]): OnnxModel['metadata'] {
  return distinct(entries, 'metadata', ({ key, value }) => [key, value])
}

function readNode(proto: NodeProto, index: number): OnnxNode {
  const place = `node ${index} ${proto.opType}`
  return {
    name: proto.name,
    opType: proto.opType,
    domain: readDomain(proto.domain, place),
    inputs: proto.input,
    outputs: proto.output,
    attributes: distinct(proto.attribute, place, attribute => [
      attribute.name,
      readAttribute(attribute, `${place}.${attribute.name}`),
    ]),
  }
}

/** An object of own properties only, whatever the names in the file are. */
function distinct<T, V>(items: readonly T[], place: string, entry: (item: T) => [string, V]): Record<string, V> {
  const entries = new Map<string, V>()
  for (const item of items) {
    const [key, value] = entry(item)
    if (entries.has(key)) throw new Fault('ONNX_DUPLICATE_NAME', `"${key}" is given twice`, { place })
    entries.set(key, value)
  }
  return Object.fromEntries(entries)
}

// What is no UTF-8 would turn into other text when it is read, and two texts could become one.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const text = (bytes: Uint8Array): string => utf8.decode(bytes)

function readAttribute(proto: AttributeProto, place: string): OnnxAttribute {
  const { type } = proto
  if (type === AttributeType.FLOAT) return { kind: 'float', value: proto.f }
  if (type === AttributeType.INT) return { kind: 'int', value: proto.i }
  if (type === AttributeType.STRING) return { kind: 'string', value: text(proto.s) }
  if (type === AttributeType.FLOATS) return { kind: 'floats', value: Float32Array.from(proto.floats) }
  if (type === AttributeType.INTS) return { kind: 'ints', value: BigInt64Array.from(proto.ints) }
  if (type === AttributeType.STRINGS) return { kind: 'strings', value: proto.strings.map(text) }
  if (type === AttributeType.TENSOR && proto.t !== undefined) {
    return { kind: 'tensor', value: readTensor(proto.t, place) }
  }
  if (type === AttributeType.GRAPH || type === AttributeType.GRAPHS) {
    throw new Fault('ONNX_SUBGRAPH', 'attributes that hold graphs are not accepted', { place })
  }
  throw new Fault('ONNX_ATTRIBUTE', `attribute type ${type} is not accepted`, { place })
}

function readValue(proto: ValueInfoProto, place: string): OnnxValue {
  const tensor = proto.type?.value
  if (tensor?.case !== 'tensorType' || tensor.value.shape === undefined) {
    throw new Fault('ONNX_VALUE_TYPE', `"${proto.name}" is not declared as a tensor with a shape`, { place })
  }
  const type = elementTypeName(tensor.value.elemType)
  if (type === undefined) {
    throw new Fault('ONNX_VALUE_TYPE', `"${proto.name}" has element type ${tensor.value.elemType}`, { place })
  }
  const dims = tensor.value.shape.dim.map(({ value }) => {
    if (value.case === undefined) return ''
    if (value.case === 'dimParam') return value.value
    // A larger one would be another number as a double.
    if (value.value >= 0n && value.value <= Number.MAX_SAFE_INTEGER) return Number(value.value)
    throw new Fault('ONNX_VALUE_TYPE', `"${proto.name}" has a dimension of ${value.value}`, { place })
  })
  return { name: proto.name, type, dims }
}
