// A walk over the protobuf bytes before anything is built from them: truncation, depth, counts and the fields that no model of ours needs.

import { isUtf8 } from 'node:buffer'
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

/** Texts that may be longer than a name; tensors are bounded by the file. */
const LONGEST: Readonly<Record<string, number>> = {
  'StringStringEntryProto.value': LIMITS.metadataValueBytes,
  'TensorProto.raw_data': LIMITS.bytes,
}

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

/** 29 bits (protobuf encoding, "Message Structure"). */
const LARGEST_FIELD = 2 ** 29 - 1

type FieldRule = {
  readonly name: string
  readonly repeated: boolean
  readonly kind: 'message' | 'text' | 'number'
  /** Whether it must be UTF-8: a name that is not would be another one after it was read. */
  readonly utf8: boolean
  readonly message: DescMessage | undefined
  /** Of one number; a packed list has wire type 2. */
  readonly wireType: number
  readonly forbidden: readonly [code: string, sentence: string] | undefined
  readonly counted: readonly [code: string, limit: number] | undefined
  /** Bytes of a text. */
  readonly longest: number
}

/** By message, then by field number. */
const rules = new Map<string, readonly (FieldRule | undefined)[]>()

function rulesOf(message: DescMessage): readonly (FieldRule | undefined)[] {
  const known = rules.get(message.typeName)
  if (known !== undefined) return known
  const made: (FieldRule | undefined)[] = []
  for (const field of message.fields) made[field.number] = ruleOf(message, field)
  rules.set(message.typeName, made)
  return made
}

function ruleOf(message: DescMessage, field: DescField): FieldRule {
  const name = `${message.name}.${field.name}`
  const { scalar } = field
  const text = scalar === ScalarType.STRING || scalar === ScalarType.BYTES
  const number = scalar === ScalarType.FLOAT ? FIXED32 : scalar === ScalarType.DOUBLE ? FIXED64 : VARINT
  return {
    name,
    repeated: field.fieldKind === 'list',
    kind: field.message !== undefined ? 'message' : text ? 'text' : 'number',
    utf8: scalar === ScalarType.STRING,
    message: field.message,
    wireType: field.message !== undefined || text ? BYTES : number,
    forbidden: FORBIDDEN[name],
    counted: COUNTED[name],
    longest: LONGEST[name] ?? LIMITS.stringBytes,
  }
}

/** Throws the fault of the first thing that is wrong. Time and memory are bounded by the caps. */
export function checkWire(bytes: Uint8Array): void {
  if (bytes.length === 0) throw malformed('the file is empty', 0)
  if (bytes.length > LIMITS.bytes) {
    throw new Fault('ONNX_TOO_LARGE', `${bytes.length} bytes are above ${LIMITS.bytes}`, { place: 'file' })
  }
  walkMessage({ bytes, at: 0, unknown: 0, items: 0, numbers: 0 }, ModelProtoSchema, bytes.length, 1)
}

/** `at` is the byte that is read next. */
type Walk = { readonly bytes: Uint8Array; at: number; unknown: number; items: number; numbers: number }

const malformed = (sentence: string, at: number): Fault =>
  new Fault('ONNX_MALFORMED', sentence, { place: `byte ${at}`, fix: 'fetch the file again' })

const capped = (code: string, sentence: string, at: number): Fault => new Fault(code, sentence, { place: `byte ${at}` })

/** Reads from `at` to `end`. */
function walkMessage(walk: Walk, message: DescMessage, end: number, depth: number): void {
  if (depth > LIMITS.depth) throw capped('ONNX_TOO_DEEP', `messages are nested deeper than ${LIMITS.depth}`, walk.at)
  const fields = rulesOf(message)
  const counts: number[] = []
  while (walk.at < end) {
    const start = walk.at
    const tag = readVarint(walk, end)
    const field = Math.floor(tag / 8)
    if (field === 0 || field > LARGEST_FIELD) throw malformed(`field number ${field} does not exist`, start)
    const rule = fields[field]
    const stop = bodyEnd(walk, tag % 8, end)
    if (rule === undefined) {
      walk.unknown += stop - start
      if (walk.unknown > LIMITS.unknownBytes) {
        throw capped('ONNX_UNKNOWN_FIELDS', `unknown fields take more than ${LIMITS.unknownBytes} bytes`, start)
      }
    } else {
      counts[field] = (counts[field] ?? 0) + 1
      checkCount(rule, counts[field], start)
      walkField(walk, rule, tag % 8, stop, depth)
    }
    walk.at = stop
  }
}

function checkCount({ name, forbidden, repeated, counted }: FieldRule, count: number, at: number): void {
  if (forbidden !== undefined) throw capped(forbidden[0], forbidden[1], at)
  // Parsers differ in whether the first, the last or a mixture wins.
  if (!repeated && count > 1) throw malformed(`${name} is given twice`, at)
  if (counted !== undefined && count > counted[1]) throw capped(counted[0], `more than ${counted[1]} of ${name}`, at)
}

/** The body reaches from `at` to `stop`. */
function walkField(walk: Walk, rule: FieldRule, wireType: number, stop: number, depth: number): void {
  const packed = rule.kind === 'number' && rule.repeated && wireType === BYTES
  if (wireType !== rule.wireType && !packed) throw malformed(`${rule.name} has wire type ${wireType}`, walk.at)
  if (rule.kind === 'number') {
    if (rule.repeated) walk.numbers += packed ? packedCount(walk, stop, rule.wireType) : 1
    if (walk.numbers > LIMITS.numbers) throw capped('ONNX_TOO_LARGE', `more than ${LIMITS.numbers} numbers`, walk.at)
    return
  }
  walk.items++
  if (walk.items > LIMITS.items)
    throw capped('ONNX_TOO_LARGE', `more than ${LIMITS.items} messages and strings`, walk.at)
  if (rule.message !== undefined) return walkMessage(walk, rule.message, stop, depth + 1)
  const length = stop - walk.at
  if (length > rule.longest) {
    throw capped(
      'ONNX_STRING_TOO_LONG',
      `${rule.name} has ${length} bytes, at most ${rule.longest} are accepted`,
      walk.at,
    )
  }
  if (rule.utf8 && !isUtf8(walk.bytes.subarray(walk.at, stop))) throw malformed(`${rule.name} is not UTF-8`, walk.at)
}

/** A varint ends with a byte below 128. */
function packedCount({ bytes, at }: Walk, stop: number, wireType: number): number {
  if (wireType !== VARINT) return (stop - at) / (wireType === FIXED32 ? 4 : 8)
  let count = 0
  for (let i = at; i < stop; i++) if (bytes[i]! < 128) count++
  return count
}

/** Where the body of a field ends; `at` moves to where it starts. */
function bodyEnd(walk: Walk, wireType: number, end: number): number {
  if (wireType === VARINT) {
    const start = walk.at
    readVarint(walk, end)
    const stop = walk.at
    walk.at = start
    return stop
  }
  if (wireType !== BYTES && wireType !== FIXED32 && wireType !== FIXED64) {
    throw malformed(`wire type ${wireType} is not accepted`, walk.at)
  }
  const length = wireType === BYTES ? readVarint(walk, end) : wireType === FIXED32 ? 4 : 8
  const stop = walk.at + length
  if (stop > end) throw malformed(`the file is cut off: ${stop - end} bytes are missing`, walk.at)
  return stop
}

/** The value as a double: inexact above 2^53, where no tag or length is accepted. */
function readVarint(walk: Walk, end: number): number {
  const start = walk.at
  let value = 0
  let scale = 1
  for (let i = 0; i < 10; i++) {
    if (walk.at >= end) throw malformed('the file is cut off within a number', walk.at)
    const byte = walk.bytes[walk.at++]!
    value += (byte & 127) * scale
    if (byte < 128) return value
    scale *= 128
  }
  throw malformed('a number has more than 10 bytes', start)
}
