// A walk over the protobuf bytes before anything is built from them: truncation, depth, counts and the fields that no model of ours needs.

import type { DescField, DescMessage } from '@bufbuild/protobuf'
import { ScalarType } from '@bufbuild/protobuf'
import { Fault } from '../base/fault.ts'
import { ModelProtoSchema } from './generated/onnx-ml_pb.js'
import { LIMITS } from './limits.ts'

/** Refused wherever they appear, by message and field. */
const FORBIDDEN: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
  'ModelProto.functions': ['ONNX_FUNCTION', 'local functions are not accepted'],
  'ModelProto.training_info': ['ONNX_SUBGRAPH', 'training graphs are not accepted'],
  'GraphProto.sparse_initializer': ['ONNX_SPARSE_TENSOR', 'sparse initialisers are not accepted'],
  'AttributeProto.g': ['ONNX_SUBGRAPH', 'attributes that hold graphs are not accepted'],
  'AttributeProto.graphs': ['ONNX_SUBGRAPH', 'attributes that hold graphs are not accepted'],
  'AttributeProto.ref_attr_name': ['ONNX_FUNCTION', 'references to attributes of functions are not accepted'],
  'AttributeProto.sparse_tensor': ['ONNX_SPARSE_TENSOR', 'sparse tensors are not accepted'],
  'AttributeProto.sparse_tensors': ['ONNX_SPARSE_TENSOR', 'sparse tensors are not accepted'],
  'TensorProto.external_data': ['ONNX_EXTERNAL_DATA', 'a tensor keeps its data outside the file'],
  'TensorProto.segment': ['ONNX_TENSOR_SIZE', 'tensors in segments are not accepted'],
}

/** How often a repeated field may appear in its message. */
const COUNTED: Readonly<Record<string, readonly [code: string, limit: number]>> = {
  'GraphProto.node': ['ONNX_TOO_MANY_NODES', LIMITS.nodes],
  'GraphProto.initializer': ['ONNX_TOO_MANY_INITIALIZERS', LIMITS.initializers],
  'GraphProto.input': ['ONNX_TOO_MANY_VALUES', LIMITS.values],
  'GraphProto.output': ['ONNX_TOO_MANY_VALUES', LIMITS.values],
  'ModelProto.metadata_props': ['ONNX_TOO_MUCH_METADATA', LIMITS.metadataEntries],
}

const METADATA_VALUE = 'StringStringEntryProto.value'
const RAW_DATA = 'TensorProto.raw_data'

type FieldRule = {
  readonly name: string
  readonly repeated: boolean
  readonly kind: 'message' | 'text' | 'number'
  readonly message: DescMessage | undefined
  /** Of one number; a packed list has wire type 2. */
  readonly wireType: number
}

/** 29 bits (protobuf encoding, "Message Structure"). */
const LARGEST_FIELD = 2 ** 29 - 1

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

const rules = new Map<string, ReadonlyMap<number, FieldRule>>()

function rulesOf(message: DescMessage): ReadonlyMap<number, FieldRule> {
  const known = rules.get(message.typeName)
  if (known !== undefined) return known
  const made = new Map(message.fields.map(field => [field.number, ruleOf(message, field)]))
  rules.set(message.typeName, made)
  return made
}

function ruleOf(message: DescMessage, field: DescField): FieldRule {
  const scalar = field.scalar
  const text = scalar === ScalarType.STRING || scalar === ScalarType.BYTES
  const number = scalar === ScalarType.FLOAT ? FIXED32 : scalar === ScalarType.DOUBLE ? FIXED64 : VARINT
  return {
    name: `${message.name}.${field.name}`,
    repeated: field.fieldKind === 'list',
    kind: field.message !== undefined ? 'message' : text ? 'text' : 'number',
    message: field.message,
    wireType: field.message !== undefined || text ? BYTES : number,
  }
}

/** Throws the fault of the first thing that is wrong. Time and memory are bounded by the caps. */
export function checkWire(bytes: Uint8Array): void {
  if (bytes.length === 0) throw malformed('the file is empty', 0)
  if (bytes.length > LIMITS.bytes) {
    throw new Fault('ONNX_TOO_LARGE', `${bytes.length} bytes are above ${LIMITS.bytes}`, { place: 'file' })
  }
  walkMessage({ bytes, unknown: 0, items: 0, numbers: 0 }, ModelProtoSchema, 0, bytes.length, 1)
}

type Walk = { readonly bytes: Uint8Array; unknown: number; items: number; numbers: number }

const malformed = (sentence: string, at: number): Fault =>
  new Fault('ONNX_MALFORMED', sentence, { place: `byte ${at}`, fix: 'fetch the file again' })

const capped = (code: string, sentence: string, at: number): Fault => new Fault(code, sentence, { place: `byte ${at}` })

function walkMessage(walk: Walk, message: DescMessage, start: number, end: number, depth: number): void {
  if (depth > LIMITS.depth) throw capped('ONNX_TOO_DEEP', `messages are nested deeper than ${LIMITS.depth}`, start)
  const fields = rulesOf(message)
  const counts = new Map<number, number>()
  let at = start
  while (at < end) {
    const tag = readVarint(walk.bytes, at, end)
    const field = Math.floor(tag.value / 8)
    const wireType = tag.value % 8
    const rule = fields.get(field)
    const body = bodyOf(walk.bytes, tag.next, end, wireType)
    if (field === 0 || field > LARGEST_FIELD) throw malformed(`field number ${field} does not exist`, at)
    if (rule === undefined) {
      walk.unknown += body.end - at
      if (walk.unknown > LIMITS.unknownBytes) {
        throw capped('ONNX_UNKNOWN_FIELDS', `unknown fields take more than ${LIMITS.unknownBytes} bytes`, at)
      }
    } else {
      const count = (counts.get(field) ?? 0) + 1
      counts.set(field, count)
      checkCount(rule, count, at)
      walkField(walk, rule, wireType, body, depth)
    }
    at = body.end
  }
}

function checkCount(rule: FieldRule, count: number, at: number): void {
  const forbidden = FORBIDDEN[rule.name]
  if (forbidden !== undefined) throw capped(forbidden[0], forbidden[1], at)
  // Parsers differ in whether the first, the last or a mixture wins.
  if (!rule.repeated && count > 1) throw malformed(`${rule.name} is given twice`, at)
  const counted = COUNTED[rule.name]
  if (counted !== undefined && count > counted[1])
    throw capped(counted[0], `more than ${counted[1]} of ${rule.name}`, at)
}

type Body = { readonly start: number; readonly end: number }

function walkField(walk: Walk, rule: FieldRule, wireType: number, { start, end }: Body, depth: number): void {
  const packed = rule.kind === 'number' && rule.repeated && wireType === BYTES
  if (wireType !== rule.wireType && !packed) throw malformed(`${rule.name} has wire type ${wireType}`, start)
  if (rule.kind === 'number') {
    if (rule.repeated) walk.numbers += packed ? packedCount(walk.bytes, start, end, rule.wireType) : 1
    if (walk.numbers > LIMITS.numbers) throw capped('ONNX_TOO_LARGE', `more than ${LIMITS.numbers} numbers`, start)
    return
  }
  walk.items++
  if (walk.items > LIMITS.items) throw capped('ONNX_TOO_LARGE', `more than ${LIMITS.items} messages and strings`, start)
  if (rule.message !== undefined) return walkMessage(walk, rule.message, start, end, depth + 1)
  const limit = rule.name === METADATA_VALUE ? LIMITS.metadataValueBytes : LIMITS.stringBytes
  if (rule.name !== RAW_DATA && end - start > limit) {
    throw capped('ONNX_STRING_TOO_LONG', `${rule.name} has ${end - start} bytes, at most ${limit} are accepted`, start)
  }
}

/** A varint ends with a byte below 128. */
function packedCount(bytes: Uint8Array, start: number, end: number, wireType: number): number {
  if (wireType !== VARINT) return (end - start) / (wireType === FIXED32 ? 4 : 8)
  let count = 0
  for (let at = start; at < end; at++) if (bytes[at]! < 128) count++
  return count
}

function bodyOf(bytes: Uint8Array, start: number, end: number, wireType: number): Body {
  if (wireType === VARINT) return { start, end: readVarint(bytes, start, end).next }
  if (wireType === FIXED32 || wireType === FIXED64) return within(start, start + (wireType === FIXED32 ? 4 : 8), end)
  if (wireType !== BYTES) throw malformed(`wire type ${wireType} is not accepted`, start)
  const length = readVarint(bytes, start, end)
  return within(length.next, length.next + length.value, end)
}

function within(start: number, stop: number, end: number): Body {
  if (stop > end) throw malformed(`the file is cut off: ${stop - end} bytes are missing`, start)
  return { start, end: stop }
}

/** The value as a double: inexact above 2^53, where no tag or length is accepted. */
function readVarint(bytes: Uint8Array, start: number, end: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const at = start + i
    if (at >= end) throw malformed('the file is cut off within a number', at)
    const byte = bytes[at]!
    value += (byte & 127) * 2 ** (7 * i)
    if (byte < 128) return { value, next: at + 1 }
  }
  throw malformed('a number has more than 10 bytes', start)
}
