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

export function intsOf(node: OnnxNode, name: string): readonly number[] {
  const given = attribute(node, name, 'ints') ?? new BigInt64Array()
  const numbers = Array<number>(given.length)
  for (let i = 0; i < given.length; i++) numbers[i] = Number(given[i])
  return numbers
}

export const stringsOf = (node: OnnxNode, name: string): readonly string[] => attribute(node, name, 'strings') ?? []
