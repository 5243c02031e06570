// LSTM over a sequence. In ONNX time stands before the batch; a row is computed without its neighbours, so that here a sequence of one
// row has the elements of `[batch, steps, width]` in the same order and only its type remembers where the batch is.

import { intOf, intsOf, stringOf } from '../attributes.ts'
import type { OnnxNode } from '../model.ts'
import { sigmoid } from './functions.ts'
import { type Compiled, type Kernel, nothingToRun } from './kernel.ts'
import {
  checkedSize,
  type FloatValue,
  floatInput,
  intsInput,
  type SequenceValue,
  shapeFault,
  type Value,
} from './value.ts'

const SWAPPED = '1,0,2'

const sequence = (data: Float32Array, ...dims: number[]): SequenceValue => ({
  type: 'sequence',
  batched: true,
  dims,
  data,
})

const viewed = (value: Value): Compiled => ({ outputs: [value], run: nothingToRun })

/** `[batch, steps, width]` to `[steps, batch, width]` or back; undefined for any other transposition. */
export function timeTransposed(node: OnnxNode, inputs: readonly (Value | undefined)[]): Compiled | undefined {
  const [input] = inputs
  if (input?.dims.length !== 2 || !input.batched || intsOf(node, 'perm').join() !== SWAPPED) return undefined
  if (input.type === 'float') return viewed(sequence(input.data, ...input.dims))
  return input.type === 'sequence' ? viewed({ ...input, type: 'float' }) : undefined
}

/** `[batch, width]` to a sequence of one step; undefined where no axis comes before the batch. */
export function timeUnsqueezed(node: OnnxNode, inputs: readonly (Value | undefined)[]): Compiled | undefined {
  const [input] = inputs
  const isTime = input?.type === 'float' && input.batched && intsInput(node, inputs, 1).data.join() === '0'
  if (!isTime) return undefined
  if (input.dims.length !== 1) throw shapeFault(node, 'only rows are put into a sequence')
  return viewed(sequence(input.data, 1, ...input.dims))
}

/** Drops the one step of a sequence, or the one direction of an LSTM's; undefined for what is no sequence. */
export function timeSqueezed(node: OnnxNode, inputs: readonly (Value | undefined)[]): Compiled | undefined {
  const [input] = inputs
  if (input?.type !== 'sequence') return undefined
  const axes = intsInput(node, inputs, 1).data.join()
  const [steps, second] = input.dims
  if (axes === '1' && input.dims.length === 3 && second === 1)
    return viewed({ ...input, dims: input.dims.toSpliced(1, 1) })
  if (axes === '0' && input.dims.length === 2 && steps === 1)
    return viewed({ ...input, type: 'float', dims: [second!] })
  throw shapeFault(node, `axis ${axes} of a sequence of [${input.dims.join(', ')}] cannot be dropped`)
}

function sequenceInput(node: OnnxNode, inputs: readonly (Value | undefined)[], index: number): SequenceValue {
  const value = inputs[index]
  if (value?.type === 'sequence' && value.dims.length === 2) return value
  throw shapeFault(node, `input ${index} is no [steps, batch, width]`)
}

/** A constant of the given dimensions. */
function weightInput(
  node: OnnxNode,
  inputs: readonly (Value | undefined)[],
  index: number,
  dims: readonly number[],
): FloatValue {
  const value = floatInput(node, inputs, index)
  if (!value.batched && value.dims.join() === dims.join()) return value
  throw shapeFault(node, `input ${index} is [${value.dims.join(', ')}], not a constant [${dims.join(', ')}]`)
}

/** The state before the first step; zeros where none is given. */
function stateInput(
  node: OnnxNode,
  inputs: readonly (Value | undefined)[],
  index: number,
  units: number,
): Float32Array {
  if (inputs[index] === undefined) return new Float32Array(units)
  const { data, dims } = sequenceInput(node, inputs, index)
  if (dims[0] === 1 && dims[1] === units) return data
  throw shapeFault(node, `input ${index} is no state of ${units} units`)
}

/** Forward, with the usual activations (ONNX, LSTM-14). Gates stand in the order input, output, forget, cell. */
export const lstm: Kernel = (node, inputs) => {
  const x = sequenceInput(node, inputs, 0)
  const [steps, width] = x.dims as [number, number]
  const units = intOf(node, 'hidden_size', 0)
  if (units < 1 || stringOf(node, 'direction', 'forward') !== 'forward' || intOf(node, 'layout', 0) !== 0) {
    throw shapeFault(node, 'LSTM is evaluated forward, with its hidden_size, time before the batch')
  }
  if (inputs[4] !== undefined || inputs[7] !== undefined) {
    throw shapeFault(node, 'LSTM is evaluated without sequence lengths and peepholes')
  }
  const gates = 4 * units
  const w = weightInput(node, inputs, 1, [1, gates, width]).data
  const r = weightInput(node, inputs, 2, [1, gates, units]).data
  const b = inputs[3] === undefined ? new Float32Array(2 * gates) : weightInput(node, inputs, 3, [1, 2 * gates]).data
  const firstHidden = stateInput(node, inputs, 5, units)
  const firstCell = stateInput(node, inputs, 6, units)
  const all = new Float32Array(checkedSize(node, [steps, 1, units]))
  const hidden = new Float32Array(units)
  const cell = new Float32Array(units)
  const raw = new Float32Array(gates)
  const from = x.data
  return {
    outputs: [sequence(all, steps, 1, units), sequence(hidden, 1, units), sequence(cell, 1, units)],
    run: () => {
      hidden.set(firstHidden)
      cell.set(firstCell)
      for (let step = 0; step < steps; step++) {
        for (let gate = 0; gate < gates; gate++) {
          let sum = b[gate]! + b[gates + gate]!
          for (let k = 0; k < width; k++) sum += w[gate * width + k]! * from[step * width + k]!
          for (let k = 0; k < units; k++) sum += r[gate * units + k]! * hidden[k]!
          raw[gate] = sum
        }
        for (let unit = 0; unit < units; unit++) {
          const entering = sigmoid(raw[unit]!) * Math.tanh(raw[3 * units + unit]!)
          cell[unit] = sigmoid(raw[2 * units + unit]!) * cell[unit]! + entering
          hidden[unit] = sigmoid(raw[units + unit]!) * Math.tanh(cell[unit]!)
        }
        all.set(hidden, step * units)
      }
    },
  }
}
