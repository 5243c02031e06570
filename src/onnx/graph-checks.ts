// The shape of a graph: unique names, every input given before it is read, no circle, versions inside the runtime's window, finite numbers.

import { Fault } from '../base/fault.ts'
import { LIMITS, VERSIONS } from './limits.ts'
import type { OnnxModel, OnnxNode, OnnxTensor } from './model.ts'

const place = (node: OnnxNode, index: number): string => `node ${index} ${node.name || node.opType}`

/** Faults: `ONNX_IR_VERSION`, `ONNX_OPSET`. */
export function checkVersions({ irVersion, opset, mlOpset, nodes }: OnnxModel): void {
  if (irVersion < VERSIONS.ir.first || irVersion > VERSIONS.ir.last) {
    const { first, last } = VERSIONS.ir
    throw new Fault('ONNX_IR_VERSION', `IR version ${irVersion} is outside ${first} to ${last}`, { place: 'model' })
  }
  const usesMl = mlOpset !== 0 || nodes.some(({ domain }) => domain === 'ai.onnx.ml')
  for (const [domain, version, { first, last }] of [
    ['ai.onnx', opset, VERSIONS.opset],
    ...(usesMl ? [['ai.onnx.ml', mlOpset, VERSIONS.mlOpset] as const] : []),
  ] as const) {
    if (version >= first && version <= last) continue
    throw new Fault('ONNX_OPSET', `opset ${version} of ${domain} is outside ${first} to ${last}`, { place: 'model' })
  }
}

/** Faults: `ONNX_TOO_MANY_VALUES`, `ONNX_DUPLICATE_NAME`, `ONNX_DANGLING_INPUT`, `ONNX_DANGLING_OUTPUT`, `ONNX_CYCLE`, `ONNX_NOT_SORTED`. */
export function checkGraph({ nodes, inputs, outputs, initializers }: OnnxModel): void {
  if (inputs.length + outputs.length > LIMITS.values) {
    throw new Fault('ONNX_TOO_MANY_VALUES', `inputs and outputs are more than ${LIMITS.values}`, { place: 'graph' })
  }
  if (outputs.length === 0 || nodes.length === 0) {
    throw new Fault('ONNX_DANGLING_OUTPUT', 'the graph computes nothing', { place: 'graph' })
  }
  const produced = uniqueNames({ nodes, inputs, initializers })
  checkOrder(nodes, produced, new Set([...inputs, ...initializers].map(({ name }) => name)))
  const given = new Set<string>()
  for (const { name } of outputs) {
    if (!produced.has(name))
      throw new Fault('ONNX_DANGLING_OUTPUT', `no node gives "${name}"`, { place: `output ${name}` })
    if (given.has(name)) throw new Fault('ONNX_DUPLICATE_NAME', `"${name}" is given twice`, { place: `output ${name}` })
    given.add(name)
  }
}

/** The node that gives each name; no two things that flow in the graph share a name, and no two nodes do. */
function uniqueNames({
  nodes,
  inputs,
  initializers,
}: Pick<OnnxModel, 'nodes' | 'inputs' | 'initializers'>): Map<string, number> {
  const taken = new Set<string>()
  const take = (name: string, where: string): void => {
    if (name === '') throw new Fault('ONNX_DUPLICATE_NAME', 'a name is empty', { place: where })
    if (taken.has(name)) throw new Fault('ONNX_DUPLICATE_NAME', `"${name}" is given twice`, { place: where })
    taken.add(name)
  }
  for (const { name } of inputs) take(name, `input ${name}`)
  for (const { name } of initializers) take(name, `initializer ${name}`)
  const produced = new Map<string, number>()
  const nodeNames = new Set<string>()
  for (const [index, node] of nodes.entries()) {
    if (node.name !== '' && nodeNames.has(node.name)) {
      throw new Fault('ONNX_DUPLICATE_NAME', `two nodes are named "${node.name}"`, { place: place(node, index) })
    }
    nodeNames.add(node.name)
    for (const output of node.outputs) {
      if (output === '') continue
      take(output, place(node, index))
      produced.set(output, index)
    }
  }
  return produced
}

function checkOrder(nodes: readonly OnnxNode[], produced: ReadonlyMap<string, number>, ready: Set<string>): void {
  let late: { readonly index: number; readonly name: string } | undefined
  for (const [index, node] of nodes.entries()) {
    for (const name of node.inputs) {
      if (name === '' || ready.has(name)) continue
      if (!produced.has(name)) {
        throw new Fault('ONNX_DANGLING_INPUT', `nothing gives "${name}"`, { place: place(node, index) })
      }
      late ??= { index, name }
    }
    for (const name of node.outputs) ready.add(name)
  }
  if (late === undefined) return
  const where = { place: place(nodes[late.index]!, late.index) }
  if (hasCycle(nodes, produced)) throw new Fault('ONNX_CYCLE', `"${late.name}" depends on itself`, where)
  throw new Fault('ONNX_NOT_SORTED', `"${late.name}" is read before it is given`, where)
}

/** Kahn's algorithm: nodes that are left over when no node is free of unmet inputs lie on or behind a circle. */
function hasCycle(nodes: readonly OnnxNode[], produced: ReadonlyMap<string, number>): boolean {
  const sources = nodes.map(node => new Set(node.inputs.flatMap(name => produced.get(name) ?? [])))
  const readers = nodes.map((): number[] => [])
  for (const [index, from] of sources.entries()) for (const source of from) readers[source]!.push(index)
  const unmet = sources.map(({ size }) => size)
  const free = nodes.map((_, index) => index).filter(index => unmet[index] === 0)
  for (const index of free) {
    for (const reader of readers[index]!) if (--unmet[reader]! === 0) free.push(reader)
  }
  return free.length < nodes.length
}

/** Faults: `ONNX_NOT_FINITE`, `ONNX_DENORMAL`. */
export function checkNumbers({ nodes, initializers }: OnnxModel): void {
  for (const tensor of initializers) checkTensor(tensor, `initializer ${tensor.name}`)
  for (const [index, node] of nodes.entries()) {
    for (const [name, attribute] of Object.entries(node.attributes)) {
      const where = `${place(node, index)}.${name}`
      // What the Imputer replaces is NaN by design.
      if (name === 'replaced_value_float') continue
      if (attribute.kind === 'float') checkFloats([attribute.value], where)
      if (attribute.kind === 'floats') checkFloats(attribute.value, where)
      if (attribute.kind === 'tensor') checkTensor(attribute.value, where)
    }
  }
}

function checkTensor({ data }: OnnxTensor, where: string): void {
  if (data instanceof Float32Array || data instanceof Float64Array) checkFloats(data, where)
}

const SMALLEST_NORMAL = 2 ** -126

/** Subnormal numbers cost hundreds of cycles each and no training of ours ends there. */
function checkFloats(values: ArrayLike<number>, where: string): void {
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size >= SMALLEST_NORMAL && size < Number.POSITIVE_INFINITY) continue
    if (size === 0) continue
    const found = `element ${i} is ${values[i]}`
    if (Number.isFinite(size))
      throw new Fault('ONNX_DENORMAL', `${found}, below the normal range of float32`, { place: where })
    throw new Fault('ONNX_NOT_FINITE', found, { place: where })
  }
}
