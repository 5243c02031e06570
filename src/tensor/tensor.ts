// The nodes of a static graph: named inputs and parameters, constants, and operations whose shapes are checked when they are made.

import { Fault } from '../base/fault.ts'
import type { Emitter } from './emitter.ts'

/** [] is a scalar; data are row-major. */
export type Shape = readonly number[]

/** What an operation is, in three tongues: loops over float64 buffers, the graph of its gradients, and ONNX. */
export interface Rule {
  /** Buffers were made for the operation's shapes. */
  forward(output: Float64Array, inputs: readonly Float64Array[]): void
  /**
   * The gradient by each input, given that by the output; undefined where none flows. An operation without gradients is flat: the
   * masks and indices that gradients are made of.
   */
  gradients?(gradient: Tensor, output: Tensor): readonly (Tensor | undefined)[]
  /**
   * Writes nodes that read the named inputs.
   *
   * @returns the name of the value made
   */
  onnx(emit: Emitter, inputs: readonly string[]): string
}

export type Tensor =
  | { readonly kind: 'input' | 'parameter'; readonly name: string; readonly shape: Shape }
  | { readonly kind: 'constant'; readonly data: Float64Array; readonly shape: Shape }
  | Operation

export type Operation = {
  readonly kind: 'operation'
  readonly op: string
  readonly inputs: readonly Tensor[]
  readonly rule: Rule
  readonly shape: Shape
}

export const sizeOf = (shape: Shape): number => shape.reduce((size, extent) => size * extent, 1)

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, i) => extent === b[i])

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

/** The same number everywhere. */
export const filled = (shape: Shape, value: number): Tensor =>
  constant(shape, new Float64Array(sizeOf(checkedShape('filled', shape))).fill(value))

/** A node; of constants alone, the constant that it comes to. */
export function operation(op: string, shape: Shape, inputs: readonly Tensor[], rule: Rule): Tensor {
  checkedShape(op, shape)
  const known = inputs.flatMap(below => (below.kind === 'constant' ? [below.data] : []))
  if (known.length < inputs.length) return { kind: 'operation', op, shape, inputs, rule }
  const data = new Float64Array(sizeOf(shape))
  rule.forward(data, known)
  return { kind: 'constant', shape, data }
}

/** Everything below the roots, inputs before their users; all of the first root comes before what only later ones need. */
export function ordered(roots: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = []
  const seen = new Set<Tensor>()
  // A stack of our own: a recurrent net is deeper than the call stack may be.
  const pending: { readonly node: Tensor; readonly entered: boolean }[] = []
  for (const root of roots) {
    pending.push({ node: root, entered: false })
    for (let top = pending.pop(); top !== undefined; top = pending.pop()) {
      const { node, entered } = top
      if (entered) order.push(node)
      if (entered || seen.has(node)) continue
      seen.add(node)
      pending.push({ node, entered: true })
      if (node.kind === 'operation') {
        for (const below of node.inputs.toReversed()) pending.push({ node: below, entered: false })
      }
    }
  }
  return order
}
