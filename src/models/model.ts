// The contract of every model that learns from a whole table at once: a kind that fits, and what it leaves behind when fitted.

import type { Rng } from '../base/rng.ts'
import type { Crew } from './crew.ts'
import type { Exportable } from './graph.ts'
import type { Watch } from './watch.ts'

/** Plain data that survives JSON unchanged. */
export type Saved = { readonly kind: string; readonly [key: string]: unknown }

/** Rows with what is to be learnt from them. Nothing in it is ever written to. */
export type LearningSet = {
  /** Row-major, `count * width`. NaN is a missing value. */
  readonly rows: Float32Array
  readonly count: number
  readonly width: number
  /** Class index (an integer from 0) or value, one a row. */
  readonly targets: Float32Array | Float64Array
  /** How much each row counts; all equal when absent. Not negative, not all zero. */
  readonly weights?: Float64Array
  /** How many classes there are, also those without a row here. Classifiers need it. */
  readonly classes?: number
}

export type FitContext = {
  readonly rng: Rng
  /** Rows after the training rows, by which a model that learns in rounds knows when to stop. */
  readonly validation?: LearningSet
  /** Told how the fit goes. A model that is made in one go tells nothing. */
  readonly watch?: Watch | undefined
  /** Threads that help. What is fitted does not depend on them. */
  readonly crew?: Crew | undefined
}

/** What a fit leaves behind. `predict` is pure: equal rows give equal bytes, alone or in a batch. */
export interface FittedModel extends Exportable {
  readonly kind: string
  readonly width: number
  /** Values per row: one per class, or 1. */
  readonly outputs: number
  /** @returns row-major, `count * outputs`: probabilities that sum to 1, or values in the target's unit */
  predict(rows: Float32Array, count: number): Float32Array
  /** Share of the split gain of each column; sums to 1, all 0 where nothing was split. */
  importance(): Float64Array
  save(): Saved
}

export type Task = 'classification' | 'regression'

export interface BatchModel {
  readonly kind: string
  readonly task: Task
  /**
   * Faults: `TOO_FEW_ROWS` for an empty set, `DEGENERATE_INPUT` for targets or weights that are no finite numbers
   * of the task's kind.
   */
  fit(set: LearningSet, context: FitContext): FittedModel
  /** The inverse of `save`. Faults: `MODEL_STATE_INVALID` for data of another kind. */
  load(saved: Saved): FittedModel
}
