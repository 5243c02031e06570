// Constant tensors between plain data and the message, with checked arithmetic: a declared shape never decides how much is allocated.

import { create } from '@bufbuild/protobuf'
import { Fault } from '../base/fault.ts'
import {
  TensorProto_DataType as DataType,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from './generated/onnx-ml_pb.js'
import { LIMITS } from './limits.ts'
import type { ElementType, OnnxTensor } from './model.ts'

const TYPE_NUMBER: Readonly<Record<ElementType, DataType>> = {
  float: DataType.FLOAT,
  double: DataType.DOUBLE,
  int64: DataType.INT64,
  int32: DataType.INT32,
  bool: DataType.BOOL,
  string: DataType.STRING,
}

const TYPE_NAME = new Map<number, ElementType>(
  Object.entries(TYPE_NUMBER).map(([name, number]) => [number, name as ElementType]),
)

export const elementTypeNumber = (type: ElementType): number => TYPE_NUMBER[type]

/** Undefined for a type that we do not hold (float16, uint8...). */
export const elementTypeName = (number: number): ElementType | undefined => TYPE_NAME.get(number)

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Every platform that Node runs on for us is little-endian, as raw_data is. */
const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

export function writeTensor(tensor: OnnxTensor): TensorProto {
  const head = { name: tensor.name, dims: tensor.dims.map(BigInt), dataType: TYPE_NUMBER[tensor.type] }
  const { data } = tensor
  return ArrayBuffer.isView(data)
    ? create(TensorProtoSchema, { ...head, rawData: bytesOf(data) })
    : create(TensorProtoSchema, { ...head, stringData: data.map(text => utf8.encode(text)) })
}

/** Faults: `ONNX_EXTERNAL_DATA`, `ONNX_TENSOR_TYPE`, `ONNX_TENSOR_SHAPE`, `ONNX_TENSOR_TOO_LARGE`, `ONNX_TENSOR_SIZE`. */
export function readTensor(proto: TensorProto, place: string): OnnxTensor {
  if (proto.externalData.length > 0 || proto.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    throw new Fault('ONNX_EXTERNAL_DATA', 'the tensor keeps its data outside the file', { place })
  }
  const type = elementTypeName(proto.dataType)
  if (type === undefined) {
    throw new Fault('ONNX_TENSOR_TYPE', `tensor element type ${proto.dataType} is not accepted`, { place })
  }
  const count = elementCount(proto.dims, place)
  const data = readData(proto, type, count, place)
  if (data.length !== count) {
    throw new Fault('ONNX_TENSOR_SIZE', `the shape asks for ${count} elements, the data holds ${data.length}`, {
      place,
    })
  }
  return { name: proto.name, type, dims: proto.dims.map(Number), data }
}

function elementCount(dims: readonly bigint[], place: string): number {
  if (dims.length > LIMITS.rank) {
    throw new Fault('ONNX_TENSOR_SHAPE', `rank ${dims.length} is above ${LIMITS.rank}`, { place })
  }
  let product = 1n
  for (const dim of dims) {
    if (dim < 0n) throw new Fault('ONNX_TENSOR_SHAPE', `dimension ${dim} is negative`, { place })
    product *= dim
  }
  if (product > BigInt(LIMITS.elements) || dims.some(dim => dim > BigInt(LIMITS.elements))) {
    throw new Fault('ONNX_TENSOR_TOO_LARGE', `shape [${dims.join(', ')}] is above ${LIMITS.elements} elements`, {
      place,
    })
  }
  return Number(product)
}

const BYTES: Readonly<Record<Exclude<ElementType, 'string'>, number>> = {
  float: 4,
  double: 8,
  int64: 8,
  int32: 4,
  bool: 1,
}

/** Data in two places, or in the place of another type: readers differ in which they take. */
function checkOnePlace(proto: TensorProto, type: ElementType, place: string): void {
  const typed = {
    float: proto.floatData.length,
    double: proto.doubleData.length,
    int64: proto.int64Data.length + proto.uint64Data.length,
    int32: proto.int32Data.length,
    string: proto.stringData.length,
  }
  const own = type === 'bool' ? 'int32' : type
  const elsewhere = Object.entries(typed).some(
    ([name, count]) => count > 0 && (name !== own || proto.rawData.length > 0),
  )
  const rawText = type === 'string' && proto.rawData.length > 0
  if (elsewhere || rawText)
    throw new Fault('ONNX_TENSOR_SIZE', 'the tensor has data in more than its one place', { place })
}

function readData(proto: TensorProto, type: ElementType, count: number, place: string): OnnxTensor['data'] {
  checkOnePlace(proto, type, place)
  if (type === 'string') return proto.stringData.map(bytes => fromUtf8.decode(bytes))
  const raw = proto.rawData
  if (raw.length === 0) return readTyped(proto, type)
  if (raw.length !== count * BYTES[type]) {
    throw new Fault(
      'ONNX_TENSOR_SIZE',
      `the shape asks for ${count * BYTES[type]} bytes, the data holds ${raw.length}`,
      {
        place,
      },
    )
  }
  // A copy: typed arrays need an aligned start, and the model should not keep the whole file alive.
  const buffer = new Uint8Array(raw).buffer
  if (type === 'float') return new Float32Array(buffer)
  if (type === 'double') return new Float64Array(buffer)
  if (type === 'int64') return new BigInt64Array(buffer)
  if (type === 'int32') return new Int32Array(buffer)
  return new Uint8Array(buffer)
}

function readTyped(proto: TensorProto, type: Exclude<ElementType, 'string'>): OnnxTensor['data'] {
  if (type === 'float') return Float32Array.from(proto.floatData)
  if (type === 'double') return Float64Array.from(proto.doubleData)
  if (type === 'int64') return BigInt64Array.from(proto.int64Data)
  return type === 'int32' ? Int32Array.from(proto.int32Data) : Uint8Array.from(proto.int32Data)
}
