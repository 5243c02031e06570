// Short names for the pieces of a graph: tensors, nodes and attributes, as exporters write them.

import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from './model.ts'

/** A float32 constant; `data` is row-major and rounded to float32. */
export function floatTensor(name: string, dims: readonly number[], data: ArrayLike<number>): OnnxTensor {
  return { name, type: 'float', dims, data: Float32Array.from(data) }
}

/** An int64 constant: indices, axes, shapes. */
export function int64Tensor(name: string, dims: readonly number[], data: ArrayLike<number>): OnnxTensor {
  return { name, type: 'int64', dims, data: BigInt64Array.from(Array.from(data), BigInt) }
}

export function boolTensor(name: string, dims: readonly number[], data: ArrayLike<boolean | number>): OnnxTensor {
  return { name, type: 'bool', dims, data: Uint8Array.from(Array.from(data), Number) }
}

export const floatAttr = (value: number): OnnxAttribute => ({ kind: 'float', value: Math.fround(value) })
export const intAttr = (value: number): OnnxAttribute => ({ kind: 'int', value: BigInt(value) })
export const stringAttr = (value: string): OnnxAttribute => ({ kind: 'string', value })
export const stringsAttr = (value: readonly string[]): OnnxAttribute => ({ kind: 'strings', value })
export const graphAttr = (value: OnnxGraph): OnnxAttribute => ({ kind: 'graph', value })
export const tensorAttr = (value: OnnxTensor): OnnxAttribute => ({ kind: 'tensor', value })

export const floatsAttr = (value: ArrayLike<number>): OnnxAttribute => ({
  kind: 'floats',
  value: Float32Array.from(value),
})

export const intsAttr = (value: ArrayLike<number>): OnnxAttribute => ({
  kind: 'ints',
  value: BigInt64Array.from(Array.from(value), BigInt),
})

export type NodeOptions = {
  /** The first output's name where not given: value names are unique, so node names are too. */
  readonly name?: string
  readonly domain?: OnnxNode['domain']
}

/**
 * @example
 * node('Gemm', ['x', 'w', 'b'], ['y'], { transB: intAttr(1) })
 * node('Scaler', ['x'], ['y'], { offset: floatsAttr([0]), scale: floatsAttr([2]) }, { domain: 'ai.onnx.ml' })
 */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
  { name = outputs[0] ?? '', domain = '' }: NodeOptions = {},
): OnnxNode {
  return { name, opType, domain, inputs, outputs, attributes }
}
