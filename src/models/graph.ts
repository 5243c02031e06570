// A model as a chain of graph parts from raw columns to one named output: how every member of the zoo is exported (EXPORT-01).

import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx/model.ts'

/** Nodes that read `[batch, n]` floats under one name and leave `[batch, outputs]` floats under another. */
export type GraphPart = {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly output: string
  readonly outputs: number
}

/** Something fitted that can be a part of a graph. `prefix` keeps names of several parts apart. */
export interface Exportable {
  toGraph(input: string, prefix: string): GraphPart
}

export type GraphDescription = {
  readonly name: string
  /** Columns of the input `input`, `[batch, width]` float32. */
  readonly width: number
  readonly output: string
  /** Applied in order: the first reads `input`. */
  readonly parts: readonly Exportable[]
  readonly metadata: Readonly<Record<string, string>>
}

/** Joins the parts; the last one's output is renamed to `output` by an Identity node. */
export function assembleGraph({ name, width, output, parts, metadata }: GraphDescription): OnnxModel {
  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = []
  let current = 'input'
  let outputs = width
  for (const [index, part] of parts.entries()) {
    const made = part.toGraph(current, `p${index}_`)
    nodes.push(...made.nodes)
    initializers.push(...made.initializers)
    current = made.output
    outputs = made.outputs
  }
  nodes.push({ name: 'result', opType: 'Identity', domain: '', inputs: [current], outputs: [output], attributes: {} })
  return {
    irVersion: 8,
    opset: 17,
    mlOpset: 3,
    producer: 'ratchet',
    name,
    nodes,
    inputs: [{ name: 'input', type: 'float', dims: ['batch', width] }],
    outputs: [{ name: output, type: 'float', dims: ['batch', outputs] }],
    initializers,
    metadata,
  }
}
