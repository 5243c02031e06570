// ONNX Runtime as a training engine: programs become one graph each, a run of steps one native call.

import { availableParallelism } from 'node:os'
import { Fault } from '../../base/fault.ts'
import { encodeModel } from '../../onnx/encode.ts'
import { epochModel, measureModel, stateNames } from '../../tensor/epoch-model.ts'
import { type Step, stepOf } from '../../tensor/step.ts'
import { byName, checkRows, checkSignal, checkState, checkSteps, laidOut, scalarsOf } from '../../tensor/steps-check.ts'
import type {
  Numbers,
  Steps,
  StepValues,
  TrainingEngine,
  TrainingProgram,
  TrainingSession,
} from '../../tensor/training.ts'
import { childTrainer } from './child-trainer.ts'
import { trainer } from './trainer.ts'
import type { Told, Trainer, TrainerProgram } from './trainer-message.ts'
import { runtimeVersion } from './version.ts'

export type OnnxRuntimeTrainingOptions = {
  /** Threads of one operation; by default one for nets under a million parameters, where more only wait for each other, else all. */
  readonly threads?: number
  /** `auto` and `cuda` take the graphics processor where its provider loads, and the CPU with a notice where it does not. */
  readonly device?: 'auto' | 'cpu' | 'cuda'
  /** Told once, where CUDA was to be tried and did not load. */
  readonly notice?: (sentence: string) => void
}

export type TrainingProcessOptions = OnnxRuntimeTrainingOptions & {
  /** Resident memory that one session's process may take. */
  readonly memoryMb?: number
}

/**
 * Sessions in this process: each call blocks it until its steps are done, and cannot be cancelled. For short runs and for programs that
 * do nothing else.
 *
 * @example
 * const session = await onnxRuntimeTraining().open(program, weights)
 * await session.load({ x, y })
 * const { loss } = await session.epoch({ order, rate: 1e-3 })
 */
export const onnxRuntimeTraining = (options: OnnxRuntimeTrainingOptions = {}): TrainingEngine =>
  engineOn(trainer, options)

/** Each session in a process of its own (TENSOR-05), killed when its signal aborts, when it is closed or when it grows too large. */
export const onnxRuntimeTrainingProcess = ({
  memoryMb = 2048,
  ...options
}: TrainingProcessOptions = {}): TrainingEngine =>
  engineOn((program, initial) => childTrainer(program, initial, memoryMb), options)

/** Parameters from which a second thread pays. */
const LARGE = 1_000_000

type Opener = (program: TrainerProgram, initial: readonly Float32Array[]) => Promise<Trainer>

function engineOn(opener: Opener, { threads, device = 'cpu', notice }: OnnxRuntimeTrainingOptions): TrainingEngine {
  let noticed = false
  return {
    name: `onnxruntime ${runtimeVersion()}`,
    async open(program, initial) {
      const step = stepOf(program)
      const flat = Float32Array.from(laidOut(step, initial))
      const zeros = Array.from({ length: program.optimiser.moments }, () => new Float32Array(step.size))
      const held = await opener(
        compiled(step, threads ?? (step.size < LARGE ? 1 : availableParallelism()), device !== 'cpu'),
        [flat, ...zeros],
      )
      if (device !== 'cpu' && held.device === 'cpu' && !noticed) {
        noticed = true
        notice?.('CUDA does not load here: training runs on the CPU')
      }
      return sessionOn(held, step, program)
    },
  }
}

const compiled = (step: Step, threads: number, cuda: boolean): TrainerProgram => ({
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
  cuda,
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
    device: held.device,
    async load(rows) {
      rowCount = checkRows(step, rows)
      await held.load(rows, rowCount)
    },
    async epoch(epoch) {
      checkSignal(epoch)
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
