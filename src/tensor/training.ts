// Training as a port: a program is opened in an engine, and each call of its session is a run of steps, an epoch as a rule.

import type { Optimiser } from './optimiser.ts'
import type { Tensor } from './tensor.ts'

export type TrainingProgram = {
  /** What a step lowers: a scalar of inputs and parameters. */
  readonly loss: Tensor
  /** More scalars that are told of each step, by name. */
  readonly outputs?: Readonly<Record<string, Tensor>>
  /** Inputs that a minibatch is drawn for: their first axis is the batch, the same for all. The others are fixed for a call. */
  readonly rows: readonly string[]
  /** Inputs with a value of their own in each step: dropout masks, noise. */
  readonly perStep?: readonly string[]
  readonly optimiser: Optimiser
  /** Longest gradient of a step, all parameters taken together. */
  readonly gradientNorm?: number
}

export type TrainingState = {
  /** Steps made so far. */
  readonly steps: number
  readonly parameters: Readonly<Record<string, Float64Array>>
  /** The optimiser's own, one value for each parameter value, parameters in the order of their first use in the loss. */
  readonly moments: readonly Float64Array[]
}

export type Numbers = Float32Array | Float64Array

export type Steps = {
  /** Numbers of the rows in the order of their use: steps times batch of them. */
  readonly order: Int32Array
  /** Values of the `perStep` inputs: steps times the size of the input. */
  readonly perStep?: Readonly<Record<string, Numbers>>
  /** Values of the inputs that are neither rows nor per step. */
  readonly fixed?: Readonly<Record<string, Numbers>>
}

export type Epoch = Steps & {
  /** The learning rate, or one for each step. */
  readonly rate: number | readonly number[]
  /** Ends the run, and with it the session. */
  readonly signal?: AbortSignal
}

/** `loss` and the program's outputs: a value for each step, found before the step's update. */
export type StepValues = Readonly<Record<string, Float64Array>>

export type Awaitable<T> = T | Promise<T>

/** Everything is refused with a Fault: `TRAINING_INPUT` for what the caller gave, `TRAINING_FAILED`, `TRAINING_CANCELLED`. */
export interface TrainingSession {
  /** Runs on `cpu` repeat bit for bit for an equal engine; those on `cuda` only within a tolerance (TENSOR-04). */
  readonly device: 'cpu' | 'cuda'
  /** The rows that later orders name: for each row input, row-major, as many rows in each. They replace what was loaded before. */
  load(rows: Readonly<Record<string, Float32Array>>): Awaitable<void>
  /** Makes the steps: parameters and moments change. */
  epoch(epoch: Epoch): Awaitable<StepValues>
  /** The same values of the same rows, nothing changed. */
  measure(steps: Steps): Awaitable<StepValues>
  save(): Awaitable<TrainingState>
  restore(state: TrainingState): Awaitable<void>
  close(): Awaitable<void>
}

/** Whether a fit comes out the same again: bit for bit, or only within a tolerance (TENSOR-04). */
export type Reproducible = 'exact' | 'tolerance'

export const reproducibleOn = (device: TrainingSession['device']): Reproducible =>
  device === 'cpu' ? 'exact' : 'tolerance'

export interface TrainingEngine {
  /** Who computes, in which version: what a run's report says. */
  readonly name: string
  /** @param initial parameters by name */
  open(program: TrainingProgram, initial: Readonly<Record<string, Float64Array>>): Awaitable<TrainingSession>
}
