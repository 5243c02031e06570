// One training step as a graph: from the parameters and a minibatch to the values told and the parameters after it. Both evaluators
// run this graph; neither knows what a gradient or an optimiser is.

import { Fault } from '../base/fault.ts'
import { gradientsOf } from './gradient.ts'
import { div, minimum, mul } from './ops/arithmetic.ts'
import { sqrt, square } from './ops/elementwise.ts'
import { sum } from './ops/reductions.ts'
import { reshape } from './ops/reshape.ts'
import { concat } from './ops/slice.ts'
import { constant, input, ordered, type Shape, sizeOf, type Tensor } from './tensor.ts'
import type { TrainingProgram } from './training.ts'

/** Leaves of the update that no program names: no name of a program begins so. */
export const FLAT = '~parameters'
export const momentName = (place: number): string => `~moment${place}`
export const scalarName = (place: number): string => `~scalar${place}`

export type Leaf = { readonly name: string; readonly shape: Shape; readonly size: number }

export type Step = {
  /** In the order in which they lie in the long row. */
  readonly parameters: readonly Leaf[]
  /** Length of the long row. */
  readonly size: number
  readonly batch: number
  readonly rows: readonly Leaf[]
  readonly perStep: readonly Leaf[]
  readonly fixed: readonly Leaf[]
  /** What is told of a step; `loss` is the first. */
  readonly told: readonly { readonly name: string; readonly value: Tensor }[]
  /** The long row after the step, and the moments. */
  readonly next: readonly Tensor[]
  /** How many numbers the optimiser gets in a step. */
  readonly scalars: number
}

const refused = (sentence: string): Fault => new Fault('TRAINING_INPUT', sentence)

/** Faults: `TRAINING_INPUT`, `TENSOR_NAME`. */
export function stepOf(program: TrainingProgram): Step {
  const { loss, outputs = {}, optimiser, gradientNorm } = program
  const told = Object.entries({ loss, ...outputs }).map(([name, value]) => ({ name, value }))
  const odd = told.find(({ value }) => value.shape.length > 0)
  if (odd !== undefined) throw refused(`${odd.name} is told of each step and must be a scalar`)
  const nodes = ordered(told.map(({ value }) => value))
  const leaves = nodes.flatMap(node => (node.kind === 'parameter' ? [node] : []))
  if (leaves.length === 0) throw refused('the loss has no parameter')
  const size = leaves.reduce((total, { shape }) => total + sizeOf(shape), 0)

  const flat = input(FLAT, [size])
  const moments = Array.from({ length: optimiser.moments }, (_, place) => input(momentName(place), [size]))
  const scalars = optimiser.scalars(0, 1).map((_, place) => input(scalarName(place), [1]))
  const gradients = gradientsOf(loss, leaves)
  const whole = concat(gradients.map(gradient => reshape(gradient, [sizeOf(gradient.shape)])))
  const gradient = gradientNorm === undefined ? whole : mul(whole, shortening(whole, gradientNorm))
  const update = optimiser.update(flat, gradient, moments, scalars)
  return {
    parameters: leaves.map(leafOf),
    size,
    ...inputsOf(program, nodes),
    told,
    next: [update.parameters, ...update.moments],
    scalars: scalars.length,
  }
}

const leafOf = ({ name, shape }: { readonly name: string; readonly shape: Shape }): Leaf => ({
  name,
  shape,
  size: sizeOf(shape),
})

/** The factor that makes a gradient at most `limit` long (Pascanu et al. 2013). */
const shortening = (gradient: Tensor, limit: number): Tensor =>
  minimum(constant([], [1]), div(constant([], [limit]), sqrt(sum(square(gradient)))))

function inputsOf(
  { rows, perStep = [] }: TrainingProgram,
  nodes: readonly Tensor[],
): Pick<Step, 'batch' | 'rows' | 'perStep' | 'fixed'> {
  const inputs = new Map(nodes.flatMap(node => (node.kind === 'input' ? [[node.name, leafOf(node)] as const] : [])))
  const named = (name: string): Leaf => {
    const leaf = inputs.get(name)
    if (leaf === undefined) throw refused(`the program has no input ${name}`)
    return leaf
  }
  const rowLeaves = rows.map(named)
  const batch = rowLeaves[0]?.shape[0]
  if (batch === undefined || rowLeaves.some(({ shape }) => shape[0] !== batch)) {
    throw refused(`the row inputs ${rows.join(', ')} want one batch as their first extent`)
  }
  return {
    batch,
    rows: rowLeaves,
    perStep: perStep.map(named),
    fixed: [...inputs.values()].filter(({ name }) => !rows.includes(name) && !perStep.includes(name)),
  }
}
