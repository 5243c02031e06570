// A model compiled to closures over preallocated float32 arrays: synchronous, without native memory, the same bits every time (SRV-31).

import { accepted, Fault, type Outcome } from '../base/fault.ts'
import { kernelOf } from './kernels/index.ts'
import type { Compiled } from './kernels/kernel.ts'
import { constantValue, type FloatValue, placeOf, type Value } from './kernels/value.ts'
import { VERSIONS } from './limits.ts'
import type { Evaluator, OnnxModel, OnnxNode } from './model.ts'

/** Since opset 13 Softmax, Squeeze and ReduceSum mean what the kernels do. */
const FIRST_OPSET = 13
/** Elements of the inputs and outputs of all nodes together: what a run reads and writes, and a bound on what is allocated. */
const BUDGET = 16_000_000

/**
 * Refusals: `ONNX_OP_NOT_EVALUATED` (an operator, or a form of it), `ONNX_SHAPE_NOT_EVALUATED`, `ONNX_TYPE_NOT_EVALUATED`,
 * `ONNX_ATTRIBUTE`, `ONNX_OPSET`, `ONNX_INTERFACE` (not one float input `[batch, n]` and one float output), `ONNX_DANGLING_INPUT`,
 * `ONNX_TREE_...`.
 *
 * @example
 * const model = unwrap(compileModel(unwrap(validateModel(bytes))))
 * model.run(Float32Array.of(0.5, 1.5), 1) // one row of two columns
 */
export function compileModel(model: OnnxModel): Outcome<Evaluator> {
  try {
    return accepted(compile(model))
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

function compile(model: OnnxModel): Evaluator {
  if (model.opset < FIRST_OPSET || model.opset > VERSIONS.opset.last) {
    throw new Fault('ONNX_OPSET', `opset ${model.opset} is not evaluated`, { place: 'model' })
  }
  const { input, width } = inputOf(model)
  const values = new Map<string, Value>([[model.inputs[0]!.name, input]])
  for (const tensor of model.initializers) values.set(tensor.name, constantValue(tensor))

  const steps: (() => void)[] = []
  let elements = 0
  const spend = (spent: readonly (Value | undefined)[]): void => {
    for (const value of spent) elements += value?.data.length ?? 0
    if (elements > BUDGET)
      throw new Fault('ONNX_SHAPE_NOT_EVALUATED', `the nodes touch more than ${BUDGET} elements a row`)
  }
  for (const node of model.nodes) {
    spend(node.inputs.map(name => values.get(name)))
    const { outputs, run } = compileNode(node, values)
    spend(outputs)
    if (outputs.some(output => output.batched)) steps.push(run)
    else run()
    for (const [index, name] of node.outputs.entries()) {
      const output = outputs[index]
      if (name !== '' && output !== undefined) values.set(name, output)
    }
  }
  const output = outputOf(model, values)
  return evaluator(model, input.data, width, output.data, steps)
}

function compileNode(node: OnnxNode, values: ReadonlyMap<string, Value>): Compiled {
  if (node.domain === '' && node.opType === 'Constant') return constantNode(node)
  const entry = kernelOf(node.domain, node.opType)
  if (entry === undefined) {
    throw new Fault('ONNX_OP_NOT_EVALUATED', `operator ${node.opType} is not evaluated`, { place: placeOf(node) })
  }
  const strange = Object.keys(node.attributes).find(name => !entry.attributes.includes(name))
  if (strange !== undefined) {
    throw new Fault('ONNX_ATTRIBUTE', `attribute ${strange} is not one of ${node.opType}`, { place: placeOf(node) })
  }
  const inputs = node.inputs.map(name => {
    const value = values.get(name)
    if (name === '' || value !== undefined) return value
    throw new Fault('ONNX_DANGLING_INPUT', `nothing gives "${name}"`, { place: placeOf(node) })
  })
  return entry.kernel(node, inputs)
}

function constantNode(node: OnnxNode): Compiled {
  const value = node.attributes['value']
  if (value?.kind !== 'tensor') {
    throw new Fault('ONNX_ATTRIBUTE', 'a Constant is evaluated where its value is a tensor', { place: placeOf(node) })
  }
  return { outputs: [constantValue(value.value)], run: () => {} }
}

function inputOf({ inputs }: OnnxModel): { readonly input: FloatValue; readonly width: number } {
  const [first] = inputs
  const width = first?.dims[1]
  if (
    inputs.length !== 1 ||
    first?.type !== 'float' ||
    first.dims.length !== 2 ||
    typeof width !== 'number' ||
    width < 1
  ) {
    throw new Fault('ONNX_INTERFACE', 'one float input [batch, width] is wanted', { place: 'inputs' })
  }
  return { width, input: { type: 'float', batched: true, dims: [width], data: new Float32Array(width) } }
}

function outputOf({ outputs }: OnnxModel, values: ReadonlyMap<string, Value>): FloatValue {
  const value = values.get(outputs[0]?.name ?? '')
  if (outputs.length !== 1 || value?.type !== 'float' || !value.batched || value.dims.length > 1) {
    throw new Fault('ONNX_INTERFACE', 'one float output [batch, outputs] that depends on the input is wanted', {
      place: 'outputs',
    })
  }
  return value
}

function evaluator(
  model: OnnxModel,
  row: Float32Array,
  width: number,
  result: Float32Array,
  steps: readonly (() => void)[],
): Evaluator {
  const outputs = result.length
  const evaluateRow = (rows: Float32Array, start: number): void => {
    for (let i = 0; i < width; i++) row[i] = rows[start + i]!
    for (let s = 0; s < steps.length; s++) steps[s]!()
  }
  return {
    inputName: model.inputs[0]!.name,
    outputName: model.outputs[0]!.name,
    width,
    outputs,
    metadata: model.metadata,
    run(rows, count) {
      if (rows.length !== count * width) {
        throw new RangeError(`${rows.length} values are not ${count} rows of ${width}`)
      }
      if (count === 1) {
        evaluateRow(rows, 0)
        return result
      }
      const all = new Float32Array(count * outputs)
      for (let r = 0; r < count; r++) {
        evaluateRow(rows, r * width)
        all.set(result, r * outputs)
      }
      return all
    },
  }
}
