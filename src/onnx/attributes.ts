// A node's attributes by name and kind, with the operator's default where one is not given.

import { Fault } from '../base/fault.ts'
import type { OnnxAttribute, OnnxNode } from './model.ts'

type ValueOf = { [A in OnnxAttribute as A['kind']]: A['value'] }

function attribute<K extends keyof ValueOf>(node: OnnxNode, name: string, kind: K): ValueOf[K] | undefined {
  const found = node.attributes[name]
  if (found === undefined) return undefined
  if (found.kind === kind) return found.value as ValueOf[K]
  throw new Fault('ONNX_ATTRIBUTE', `attribute ${name} is ${found.kind}, not ${kind}`, {
    place: `node ${node.name || node.outputs[0]} (${node.opType})`,
  })
}

export const floatOf = (node: OnnxNode, name: string, otherwise: number): number =>
  attribute(node, name, 'float') ?? otherwise

export const intOf = (node: OnnxNode, name: string, otherwise: number): number =>
  Number(attribute(node, name, 'int') ?? otherwise)

export const stringOf = (node: OnnxNode, name: string, otherwise: string): string =>
  attribute(node, name, 'string') ?? otherwise

export const floatsOf = (node: OnnxNode, name: string): Float32Array =>
  attribute(node, name, 'floats') ?? new Float32Array()

export const intsOf = (node: OnnxNode, name: string): readonly number[] =>
  Array.from(attribute(node, name, 'ints') ?? [], Number)

export const stringsOf = (node: OnnxNode, name: string): readonly string[] => attribute(node, name, 'strings') ?? []
