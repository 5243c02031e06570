// A dense tanh network that is trained in float32 by our own kernels: rows go in, outputs come out, gradients go back, Adam steps.

import { shared } from '../crew.ts'
import { workspace } from '../trees/wasm/workspace.ts'
import { ADAM_NUMBERS } from './wasm/adam.ts'
import { type DenseKernels, denseModule } from './wasm/dense-kernels.ts'
import { BLOCK } from './wasm/kernel.ts'

export type DenseShape = {
  /** Inputs, hidden layers, outputs. Hidden layers are tanh, the last is linear. */
  readonly widths: readonly number[]
  /** Most rows at a time. */
  readonly rows: number
  /** Parameters that no input reaches, such as a state-independent log standard deviation. */
  readonly free?: number
}

export type AdamStep = {
  readonly rate: number
  readonly epsilon: number
  /** Every gradient is multiplied by it: 1, or less where the gradient is too long. */
  readonly scale: number
}

/** What training has made of a net, in arrays that threads share. */
export type Learnt = {
  readonly steps: Int32Array
  readonly parameters: Float32Array
  readonly first: Float32Array
  readonly second: Float32Array
}

/** The same, to be kept. */
export type DenseState = {
  readonly step: number
  readonly parameters: readonly number[]
  readonly first: readonly number[]
  readonly second: readonly number[]
}

export interface DenseNet {
  /** Floats of a row of `input` and of `output`: widths rounded up to a multiple of 4. What is past the width stays 0. */
  readonly inputStride: number
  readonly outputStride: number
  readonly input: Float32Array
  readonly output: Float32Array
  /** The loss by each output, for `backward`. */
  readonly outputGradient: Float32Array
  /** The free parameters and the loss by them, which the caller writes. */
  readonly free: Float32Array
  readonly freeGradient: Float32Array
  /** `input` to `output`. */
  forward(rows: number): void
  /** `outputGradient` to the gradients of all weights, for the rows of the last `forward`. */
  backward(rows: number): void
  /** Sum of the squares of all gradients. */
  gradientSquares(): number
  step(adam: AdamStep): void
  /** Weights of a layer `[from, into]` row-major and its bias, without padding; `gradients` likewise. */
  layer(index: number, of?: 'values' | 'gradients'): { readonly weights: Float64Array; readonly bias: Float64Array }
  /** @param bias zeros where it is shorter than the layer */
  setLayer(index: number, weights: Float64Array, bias: readonly number[]): void
  /** A copy for another net of this shape. */
  learnt(): Learnt
  /** Writes into such a copy. */
  give(into: Learnt): void
  /** Goes on from such a copy. */
  take(from: Learnt): void
  save(): DenseState
  load(state: DenseState): void
}

const BETA1 = 0.9
const BETA2 = 0.999
const padded = (width: number): number => Math.ceil(width / BLOCK) * BLOCK

type Layer = {
  readonly from: number
  readonly into: number
  readonly weights: Float32Array
  readonly bias: Float32Array
  readonly weightGradient: Float32Array
  readonly biasGradient: Float32Array
  readonly turned: Float32Array
}

/**
 * All parameters are 0 until they are loaded or drawn by `drawWeights`.
 *
 * @example
 * const net = denseNet({ widths: [16, 64, 64, 6], rows: 256 })
 * drawWeights(net, { widths: [16, 64, 64, 6], lastGain: 0.01 }, seededRng(1))
 * net.input.set(states)
 * net.forward(256)
 */
export function denseNet({ widths, rows, free = 0 }: DenseShape): DenseNet {
  const wide = widths.map(padded)
  const most = padded(rows)
  const freeRoom = padded(free)
  const sizes = wide.slice(1).map((into, layer) => (wide[layer]! + 1) * into)
  const count = sizes.reduce((sum, size) => sum + size, freeRoom)
  const activations = wide.reduce((sum, width) => sum + width, 0) * most
  const turnedFloats = wide.slice(1).reduce((sum, into, layer) => sum + into * wide[layer]!, 0)
  const floats = 4 * count + 2 * activations + turnedFloats + ADAM_NUMBERS.length
  const arrays = 5 + 3 * wide.length
  const room = workspace<DenseKernels>(denseModule(wide), floats * 4, arrays)
  const { kernels } = room
  const floatsOf = (length: number): Float32Array => room.floats(length)

  const [parameters, gradients, first, second] = [floatsOf(count), floatsOf(count), floatsOf(count), floatsOf(count)]
  const numbers = floatsOf(ADAM_NUMBERS.length)
  const units = wide.map(width => floatsOf(width * most))
  const unitGradients = wide.map(width => floatsOf(width * most))
  let used = freeRoom
  const layers = wide.slice(1).map((into, layer): Layer => {
    const from = wide[layer]!
    const [start, middle, end] = [used, used + from * into, used + (from + 1) * into]
    used = end
    return {
      from,
      into,
      weights: parameters.subarray(start, middle),
      bias: parameters.subarray(middle, end),
      weightGradient: gradients.subarray(start, middle),
      biasGradient: gradients.subarray(middle, end),
      turned: floatsOf(from * into),
    }
  })
  let steps = 0
  let turnedAt = -1

  /** Transposed weights, once per step: the backward pass reads them row by row. */
  const turn = (): void => {
    for (const { from, into, weights, turned } of layers.slice(1)) {
      for (let i = 0; i < from; i++) for (let j = 0; j < into; j++) turned[j * from + i] = weights[i * into + j]!
    }
    turnedAt = steps
  }

  return {
    inputStride: wide[0]!,
    outputStride: wide.at(-1)!,
    input: units[0]!,
    output: units.at(-1)!,
    outputGradient: unitGradients.at(-1)!,
    free: parameters.subarray(0, free),
    freeGradient: gradients.subarray(0, free),
    forward(count) {
      const all = padded(count)
      for (const [index, { weights, bias }] of layers.entries()) {
        kernels[`forward${index}`]!(
          units[index]!.byteOffset,
          weights.byteOffset,
          bias.byteOffset,
          units[index + 1]!.byteOffset,
          all,
        )
      }
    },
    backward(count) {
      const all = padded(count)
      if (turnedAt !== steps) turn()
      // Rows that only fill the last block must not count.
      unitGradients.at(-1)!.fill(0, count * wide.at(-1)!, all * wide.at(-1)!)
      for (let index = layers.length - 1; index >= 0; index--) {
        const { turned, weightGradient, biasGradient } = layers[index]!
        const [x, dx] = [units[index]!.byteOffset, unitGradients[index]!.byteOffset]
        const dy = unitGradients[index + 1]!.byteOffset
        kernels[`weights${index}`]!(x, dy, weightGradient.byteOffset, all)
        kernels[`bias${index}`]!(dy, biasGradient.byteOffset, all)
        if (index > 0) kernels[`backward${index}`]!(dy, turned.byteOffset, x, dx, all)
      }
    },
    gradientSquares() {
      let squares = 0
      for (let i = 0; i < count; i++) squares += gradients[i]! * gradients[i]!
      return squares
    },
    step({ rate, epsilon, scale }) {
      steps++
      const values = {
        scale,
        rate: rate / (1 - BETA1 ** steps),
        root: 1 / Math.sqrt(1 - BETA2 ** steps),
        epsilon,
        keep1: BETA1,
        take1: 1 - BETA1,
        keep2: BETA2,
        take2: 1 - BETA2,
      }
      for (const [place, name] of ADAM_NUMBERS.entries()) numbers[place] = values[name]
      const start = parameters.byteOffset
      const rest = [gradients, first, second, numbers].map(array => array.byteOffset) as [
        number,
        number,
        number,
        number,
      ]
      kernels.adam(start, start + parameters.byteLength, ...rest)
    },
    layer(index, of = 'values') {
      const { into, weights, bias, weightGradient, biasGradient } = layers[index]!
      const [from, to] = [widths[index]!, widths[index + 1]!]
      const [matrix, row] = of === 'values' ? [weights, bias] : [weightGradient, biasGradient]
      return {
        weights: Float64Array.from({ length: from * to }, (_, i) => matrix[Math.floor(i / to) * into + (i % to)]!),
        bias: Float64Array.from(row.subarray(0, to)),
      }
    },
    setLayer(index, values, biases) {
      const { into, weights, bias } = layers[index]!
      const to = widths[index + 1]!
      for (const [i, value] of values.entries()) weights[Math.floor(i / to) * into + (i % to)] = value
      bias.set(biases)
      turnedAt = -1
    },
    learnt: () => ({
      steps: shared(Int32Array.of(steps)),
      parameters: shared(parameters),
      first: shared(first),
      second: shared(second),
    }),
    give(into) {
      into.steps[0] = steps
      into.parameters.set(parameters)
      into.first.set(first)
      into.second.set(second)
    },
    take(from) {
      steps = from.steps[0]!
      parameters.set(from.parameters)
      first.set(from.first)
      second.set(from.second)
      turnedAt = -1
    },
    save: () => ({ step: steps, parameters: [...parameters], first: [...first], second: [...second] }),
    load(state) {
      parameters.set(state.parameters)
      first.set(state.first)
      second.set(state.second)
      steps = state.step
      turnedAt = -1
    },
  }
}
