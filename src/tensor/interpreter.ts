// The reference engine (TENSOR-03): steps in float64, one after the other, in this thread. What other engines are held against.

import { layOut, run } from './evaluate.ts'
import { FLAT, momentName, scalarName, stepOf } from './step.ts'
import { byName, checkRows, checkSignal, checkState, checkSteps, laidOut, scalarsOf } from './steps-check.ts'
import type {
  Epoch,
  Steps,
  StepValues,
  TrainingEngine,
  TrainingProgram,
  TrainingSession,
  TrainingState,
} from './training.ts'

/** As the port, and nothing to wait for. */
export interface InterpreterSession extends TrainingSession {
  load(rows: Readonly<Record<string, Float32Array>>): void
  epoch(epoch: Epoch): StepValues
  measure(steps: Steps): StepValues
  save(): TrainingState
  restore(state: TrainingState): void
  close(): void
}

export interface Interpreter extends TrainingEngine {
  open(program: TrainingProgram, initial: Readonly<Record<string, Float64Array>>): InterpreterSession
}

/**
 * @example
 * const session = interpreter().open(program, weights)
 * session.load({ x, y })
 * const { loss } = session.epoch({ order: Int32Array.from([0, 1, 2, 3]), rate: 1e-3 })
 */
export function interpreter(): Interpreter {
  return { name: 'interpreter float64', open: openSession }
}

function openSession(program: TrainingProgram, initial: Readonly<Record<string, Float64Array>>): InterpreterSession {
  const step = stepOf(program)
  const toldTensors = step.told.map(({ value }) => value)
  const learning = layOut([...toldTensors, ...step.next])
  const looking = layOut(toldTensors)
  let state: { steps: number; flat: Float64Array; moments: Float64Array[] } = {
    steps: 0,
    flat: laidOut(step, initial),
    moments: Array.from({ length: program.optimiser.moments }, () => new Float64Array(step.size)),
  }
  let rows: Readonly<Record<string, Float32Array>> = {}
  let count = 0

  /** Fills one batch and the leaves of one step. */
  const feedsOf = ({ order, perStep = {}, fixed = {} }: Steps, place: number): Record<string, Float64Array> => {
    const feeds: Record<string, Float64Array> = { [FLAT]: state.flat, ...byName(step, state.flat) }
    for (const { name, size } of step.rows) {
      const width = size / step.batch
      const batch = new Float64Array(size)
      for (let i = 0; i < step.batch; i++) {
        const row = order[place * step.batch + i]!
        batch.set(rows[name]!.subarray(row * width, (row + 1) * width), i * width)
      }
      feeds[name] = batch
    }
    for (const { name, size } of step.perStep) {
      feeds[name] = Float64Array.from(perStep[name]!.subarray(place * size, (place + 1) * size))
    }
    for (const { name } of step.fixed) feeds[name] = Float64Array.from(fixed[name]!)
    return feeds
  }

  const toldOf = (steps: number, each: (place: number) => readonly Float64Array[]): StepValues => {
    const values: Record<string, Float64Array> = {}
    for (const { name } of step.told) values[name] = new Float64Array(steps)
    for (let place = 0; place < steps; place++) {
      const results = each(place)
      for (const [i, { name }] of step.told.entries()) values[name]![place] = results[i]![0]!
    }
    return values
  }

  return {
    device: 'cpu',
    load(given) {
      count = checkRows(step, given)
      rows = given
    },
    epoch(epoch) {
      const steps = checkSteps(step, epoch, count)
      const scalars = scalarsOf(program, epoch, state.steps, steps)
      return toldOf(steps, place => {
        checkSignal(epoch)
        const feeds = feedsOf(epoch, place)
        for (const [i, moment] of state.moments.entries()) feeds[momentName(i)] = moment
        for (let i = 0; i < step.scalars; i++)
          feeds[scalarName(i)] = scalars.subarray(place * step.scalars + i).subarray(0, 1)
        run(learning, feeds)
        const [flat, ...moments] = learning.results.slice(step.told.length)
        state = { steps: state.steps + 1, flat: flat!.slice(), moments: moments.map(moment => moment.slice()) }
        return learning.results
      })
    },
    measure(steps) {
      return toldOf(checkSteps(step, steps, count), place => {
        run(looking, feedsOf(steps, place))
        return looking.results
      })
    },
    save: () => ({
      steps: state.steps,
      parameters: byName(step, state.flat),
      moments: state.moments.map(moment => moment.slice()),
    }),
    restore(saved) {
      checkState(step, program, saved)
      state = {
        steps: saved.steps,
        flat: laidOut(step, saved.parameters),
        moments: saved.moments.map(moment => moment.slice()),
      }
    },
    close: () => undefined,
  }
}
