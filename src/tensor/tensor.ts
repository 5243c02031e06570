// The nodes of a static graph: named inputs and parameters, constants, and operations whose shapes are checked when they are made.

import { Fault } from '../base/fault.ts'

/** [] is a scalar; data are row-major. */
export type Shape = readonly number[]

/** What an operation does with buffers that were made for its shapes. */
export interface Kernel {
  forward(output: Float64Array, inputs: readonly Float64Array[]): void
  /**
   * Adds the gradient of each input to its buffer; an undefined buffer is not wanted. Runs after `forward` on the same buffers.
   */
  backward(
    gradient: Float64Array,
    inputGradients: readonly (Float64Array | undefined)[],
    output: Float64Array,
    inputs: readonly Float64Array[],
  ): void
}

export type Tensor =
  | { readonly kind: 'input' | 'parameter'; readonly name: string; readonly shape: Shape }
  | { readonly kind: 'constant'; readonly data: Float64Array; readonly shape: Shape }
  | {
      readonly kind: 'operation'
      readonly op: string
      readonly inputs: readonly Tensor[]
      readonly kernel: Kernel
      readonly shape: Shape
    }

export const sizeOf = (shape: Shape): number => shape.reduce((size, extent) => size * extent, 1)

const printed = (shape: Shape): string => `[${shape.join(', ')}]`

/** The shapes do not go together: names the operation and what it got. */
export function shapeFault(op: string, shapes: readonly Shape[], rule: string): Fault {
  return new Fault('TENSOR_SHAPE', `${op} of ${shapes.map(printed).join(' and ')}: ${rule}`)
}

function checkedShape(op: string, shape: Shape): Shape {
  if (shape.every(extent => Number.isInteger(extent) && extent > 0)) return shape
  throw shapeFault(op, [shape], 'every extent must be a whole number above 0')
}

/** A value that changes from call to call and needs no gradient. */
export function input(name: string, shape: Shape): Tensor {
  return { kind: 'input', name, shape: checkedShape(`input ${name}`, shape) }
}

/** A value that the loss is differentiated by. */
export function parameter(name: string, shape: Shape): Tensor {
  return { kind: 'parameter', name, shape: checkedShape(`parameter ${name}`, shape) }
}

/**
 * @example
 * constant([], [0.1]) // a scalar
 */
export function constant(shape: Shape, values: ArrayLike<number>): Tensor {
  if (sizeOf(checkedShape('constant', shape)) !== values.length) {
    throw shapeFault('constant', [shape], `${values.length} values given`)
  }
  return { kind: 'constant', shape, data: Float64Array.from(values) }
}

export function operation(op: string, shape: Shape, inputs: readonly Tensor[], kernel: Kernel): Tensor {
  return { kind: 'operation', op, shape, inputs, kernel }
}
