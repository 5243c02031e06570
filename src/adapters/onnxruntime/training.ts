// ONNX Runtime as a training engine: programs become one graph each, a run of steps one native call.

import { Fault } from '../../base/fault.ts'
import { encodeModel } from '../../onnx/encode.ts'
import { epochModel, measureModel, stateNames } from '../../tensor/epoch-model.ts'
import { type Step, stepOf } from '../../tensor/step.ts'
import { byName, checkRows, checkState, checkSteps, laidOut, scalarsOf } from '../../tensor/steps-check.ts'
import type {
  Numbers,
  Steps,
  StepValues,
  TrainingEngine,
  TrainingProgram,
  TrainingSession,
} from '../../tensor/training.ts'
import { trainer } from './trainer.ts'
import type { Told, Trainer, TrainerProgram } from './trainer-message.ts'
import { RUNTIME } from './version.ts'

export type OnnxRuntimeTrainingOptions = {
  /** Threads of one operation. One is fastest for nets under a million parameters, and its sums have one order. */
  readonly threads?: number
}

/**
 * @example
 * const session = await onnxRuntimeTraining().open(program, weights)
 * await session.load({ x, y })
 * const { loss } = await session.epoch({ order, rate: 1e-3 })
 */
export function onnxRuntimeTraining({ threads = 1 }: OnnxRuntimeTrainingOptions = {}): TrainingEngine {
  return {
    name: `onnxruntime ${RUNTIME.version} cpu`,
    async open(program, initial) {
      const step = stepOf(program)
      const flat = Float32Array.from(laidOut(step, initial))
      const zeros = Array.from({ length: program.optimiser.moments }, () => new Float32Array(step.size))
      return sessionOn(await trainer(compiled(step, threads), [flat, ...zeros]), step, program)
    },
  }
}

const compiled = (step: Step, threads: number): TrainerProgram => ({
  epoch: encodeModel(epochModel(step)),
  measure: encodeModel(measureModel(step)),
  batch: step.batch,
  rows: step.rows,
  perStep: step.perStep,
  fixed: step.fixed,
  told: step.told.map(({ name }) => name),
  states: stateNames(step),
  size: step.size,
  scalars: step.scalars,
  threads,
})

const narrowed = (given: Readonly<Record<string, Numbers>> = {}): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(given).map(([name, data]) => [name, data instanceof Float32Array ? data : Float32Array.from(data)]),
  )

const widened = (told: Told): StepValues =>
  Object.fromEntries(Object.entries(told).map(([name, values]) => [name, Float64Array.from(values)]))

function sessionOn(held: Trainer, step: Step, program: TrainingProgram): TrainingSession {
  let rowCount = 0
  let done = 0
  const callOf = (given: Steps) => {
    const { order, perStep, fixed } = given
    const steps = checkSteps(step, given, rowCount)
    return { steps, order, perStep: narrowed(perStep), fixed: narrowed(fixed) }
  }
  return {
    async load(rows) {
      rowCount = checkRows(step, rows)
      await held.load(rows, rowCount)
    },
    async epoch(epoch) {
      const call = callOf(epoch)
      const scalars = Float32Array.from(scalarsOf(program, epoch, done, call.steps))
      const told = await held.call({ ...call, scalars }, epoch.signal)
      done += call.steps
      return widened(told)
    },
    measure: async steps => widened(await held.call(callOf(steps))),
    async save() {
      const [flat, ...moments] = await held.save()
      if (flat === undefined) throw new Fault('TRAINING_FAILED', 'onnxruntime gave no parameters')
      return { steps: done, parameters: byName(step, flat), moments: moments.map(row => Float64Array.from(row)) }
    },
    async restore(state) {
      checkState(step, program, state)
      const flat = laidOut(step, state.parameters)
      await held.restore([flat, ...state.moments].map(row => Float32Array.from(row)))
      done = state.steps
    },
    close: () => held.close(),
  }
}
