// Collects the nodes of an ONNX graph while it is written. Constants are shared, and every name is made here, so that no two meet.

import { floatTensor, int64Tensor, node as onnxNode } from '../onnx/build.ts'
import type { OnnxNode, OnnxTensor } from '../onnx/model.ts'

export interface Emitter {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  /** One node; the name of its only output. */
  node(opType: string, inputs: readonly string[], attributes?: OnnxNode['attributes']): string
  /** One node with `count` outputs, written once however often it is asked for. */
  shared(
    opType: string,
    inputs: readonly string[],
    count: number,
    attributes?: OnnxNode['attributes'],
  ): readonly string[]
  floats(dims: readonly number[], data: ArrayLike<number>): string
  integers(dims: readonly number[], data: ArrayLike<number>): string
  /** A name that nothing else has. */
  fresh(stem: string): string
}

/** @param prefix of every name made */
export function emitter(prefix = ''): Emitter {
  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = []
  const known = new Map<string, string>()
  const several = new Map<string, readonly string[]>()
  let count = 0
  const fresh = (stem: string): string => `${prefix}${stem}_${count++}`
  const held = (kind: string, dims: readonly number[], data: ArrayLike<number>, make: (name: string) => OnnxTensor) => {
    const key = data.length > 64 ? undefined : `${kind} ${dims.join()} ${Array.from(data).join()}`
    const found = key === undefined ? undefined : known.get(key)
    if (found !== undefined) return found
    const name = fresh('constant')
    initializers.push(make(name))
    if (key !== undefined) known.set(key, name)
    return name
  }
  return {
    nodes,
    initializers,
    node(opType, inputs, attributes = {}) {
      const output = fresh(opType)
      nodes.push(onnxNode(opType, inputs, [output], attributes))
      return output
    },
    shared(opType, inputs, outputCount, attributes = {}) {
      const key = `${opType} ${inputs.join()}`
      const made = several.get(key)
      if (made !== undefined) return made
      const outputs = Array.from({ length: outputCount }, () => fresh(opType))
      nodes.push(onnxNode(opType, inputs, outputs, attributes))
      several.set(key, outputs)
      return outputs
    },
    floats: (dims, data) => held('float', dims, data, name => floatTensor(name, dims, data)),
    integers: (dims, data) => held('int64', dims, data, name => int64Tensor(name, dims, data)),
    fresh,
  }
}
