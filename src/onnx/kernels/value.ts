// What flows along an edge while a graph is compiled: a preallocated array and its shape. The array holds one row of a batch.

import { Fault } from '../../base/fault.ts'
import { LIMITS } from '../limits.ts'
import type { OnnxNode, OnnxTensor } from '../model.ts'

type Shape = {
  /** True where the first dimension is the batch; `dims` are then the ones after it. */
  readonly batched: boolean
  readonly dims: readonly number[]
}

export type FloatValue = Shape & { readonly type: 'float'; readonly data: Float32Array }
export type BoolValue = Shape & { readonly type: 'bool'; readonly data: Uint8Array }
/** Indices, axes and shapes: constants only. */
export type IntValue = Shape & { readonly type: 'int64'; readonly data: readonly number[] }
/** Floats `[steps, batch, ...]`, the order of recurrent operators. `dims` are those without the batch. */
export type SequenceValue = Shape & { readonly type: 'sequence'; readonly data: Float32Array }
export type Value = FloatValue | BoolValue | IntValue | SequenceValue

/** Elements of one row's intermediate: far above any model that decides within a bar, far below what would hurt. */
const LARGEST = 1_000_000

export const sizeOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1)

/** To be asked before any array of that size is made. */
export function checkedSize(node: OnnxNode, dims: readonly number[]): number {
  const size = sizeOf(dims)
  if (dims.length <= LIMITS.rank && size <= LARGEST) return size
  throw shapeFault(node, `an intermediate of rank ${dims.length} and ${size} elements a row is too large`)
}

export function newFloats(node: OnnxNode, batched: boolean, dims: readonly number[]): FloatValue {
  return { type: 'float', batched, dims, data: new Float32Array(checkedSize(node, dims)) }
}

export function newBools(node: OnnxNode, batched: boolean, dims: readonly number[]): BoolValue {
  return { type: 'bool', batched, dims, data: new Uint8Array(checkedSize(node, dims)) }
}

export const placeOf = (node: OnnxNode): string => `node ${node.name || node.outputs[0]} (${node.opType})`

export const shapeFault = (node: OnnxNode, sentence: string): Fault =>
  new Fault('ONNX_SHAPE_NOT_EVALUATED', sentence, { place: placeOf(node) })

export function constantValue({ name, type, dims, data }: OnnxTensor): Value {
  const shape = { batched: false, dims }
  if (data instanceof Float32Array) return { type: 'float', ...shape, data }
  if (data instanceof Uint8Array) return { type: 'bool', ...shape, data: data.map(Math.sign) }
  if (data instanceof BigInt64Array || data instanceof Int32Array) {
    return { type: 'int64', ...shape, data: Array.from(data, Number) }
  }
  throw new Fault('ONNX_TYPE_NOT_EVALUATED', `constants of type ${type} are not evaluated`, {
    place: `constant ${name}`,
  })
}

function typeFault(node: OnnxNode, index: number, wanted: string, value: Value | undefined): Fault {
  const found = value === undefined ? 'absent' : value.type
  return new Fault('ONNX_TYPE_NOT_EVALUATED', `input ${index} is ${found}, not ${wanted}`, { place: placeOf(node) })
}

export function floatInput(node: OnnxNode, inputs: readonly (Value | undefined)[], index: number): FloatValue {
  const value = inputs[index]
  if (value?.type !== 'float') throw typeFault(node, index, 'float', value)
  return value
}

export function boolInput(node: OnnxNode, inputs: readonly (Value | undefined)[], index: number): BoolValue {
  const value = inputs[index]
  if (value?.type !== 'bool') throw typeFault(node, index, 'bool', value)
  return value
}

/** The numbers of a constant of indices, axes or a shape. */
export function intsInput(node: OnnxNode, inputs: readonly (Value | undefined)[], index: number): IntValue {
  const value = inputs[index]
  if (value?.type !== 'int64' || value.batched) throw typeFault(node, index, 'a constant of integers', value)
  return value
}

/** Where an axis of the whole tensor lies within `dims`. The batch axis is refused: a row is computed without its neighbours. */
export function axisWithin(node: OnnxNode, { batched, dims }: Shape, axis: number): number {
  const rank = dims.length + (batched ? 1 : 0)
  const positive = axis < 0 ? axis + rank : axis
  const within = positive - (batched ? 1 : 0)
  if (!Number.isInteger(axis) || within < 0 || within >= dims.length) {
    throw shapeFault(node, `axis ${axis} of a ${batched ? 'batch of' : ''} [${dims.join(', ')}] is not evaluated`)
  }
  return within
}
