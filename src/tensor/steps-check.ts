// What a session is given, checked once for every engine, and the optimiser's numbers for a run of steps.

import { Fault } from '../base/fault.ts'
import type { Leaf, Step } from './step.ts'
import type { Epoch, Numbers, Steps, TrainingProgram, TrainingState } from './training.ts'

const refused = (sentence: string): Fault => new Fault('TRAINING_INPUT', sentence)

function checkSizes(leaves: readonly Leaf[], given: Readonly<Record<string, Numbers>>, times: number): void {
  for (const { name, size } of leaves) {
    const found = given[name]?.length
    if (found !== size * times) throw refused(`${name} wants ${size * times} values, got ${found ?? 'none'}`)
  }
  const unknown = Object.keys(given).find(name => !leaves.some(leaf => leaf.name === name))
  if (unknown !== undefined) throw refused(`the program has no place for ${unknown}`)
}

/** @returns how many rows there are */
export function checkRows({ rows, batch }: Step, given: Readonly<Record<string, Float32Array>>): number {
  const { name, size } = rows[0]!
  const count = ((given[name]?.length ?? 0) * batch) / size
  if (!(Number.isInteger(count) && count > 0)) throw refused(`${name} wants rows of ${size / batch} values`)
  checkSizes(rows, given, count / batch)
  return count
}

/** @returns how many steps there are */
export function checkSteps(step: Step, { order, perStep = {}, fixed = {} }: Steps, rows: number): number {
  if (rows === 0) throw refused('no rows are loaded')
  const steps = order.length / step.batch
  if (!(Number.isInteger(steps) && steps > 0)) {
    throw refused(`an order of ${order.length} rows does not fall into batches of ${step.batch}`)
  }
  for (const row of order) if (!(row >= 0 && row < rows)) throw refused(`there is no row ${row}, only ${rows}`)
  checkSizes(step.perStep, perStep, steps)
  checkSizes(step.fixed, fixed, 1)
  return steps
}

/** @throws Fault TRAINING_CANCELLED */
export function checkSignal({ signal }: Epoch): void {
  if (signal?.aborted === true) throw new Fault('TRAINING_CANCELLED', 'training was cancelled')
}

/** The optimiser's numbers, step by step. */
export function scalarsOf({ optimiser }: TrainingProgram, { rate }: Epoch, done: number, steps: number): Float64Array {
  if (typeof rate !== 'number' && rate.length !== steps) {
    throw refused(`${rate.length} learning rates for ${steps} steps`)
  }
  const rateOf = (place: number): number => (typeof rate === 'number' ? rate : rate[place]!)
  return Float64Array.from(
    Array.from({ length: steps }, (_, place) => optimiser.scalars(done + place, rateOf(place))).flat(),
  )
}

/** All parameters as one long row. */
export function laidOut({ parameters, size }: Step, given: TrainingState['parameters']): Float64Array {
  checkSizes(parameters, given, 1)
  const flat = new Float64Array(size)
  let at = 0
  for (const { name, size: width } of parameters) {
    flat.set(given[name]!, at)
    at += width
  }
  return flat
}

/** The long row by name. */
export function byName({ parameters }: Step, flat: Numbers): Record<string, Float64Array> {
  let at = 0
  return Object.fromEntries(
    parameters.map(({ name, size }) => [name, Float64Array.from(flat.subarray(at, (at += size)))]),
  )
}

export function checkState({ parameters, size }: Step, { optimiser }: TrainingProgram, state: TrainingState): void {
  checkSizes(parameters, state.parameters, 1)
  if (state.moments.length !== optimiser.moments || state.moments.some(moment => moment.length !== size)) {
    throw refused(`the state is not one of ${optimiser.name} for this program`)
  }
}
