// The contract of every bandit: what a context is worth with each arm and how sure that is, learnt from what arms earned (BRN-07).

import type { Rng } from '../../base/rng.ts'
import type { Reproducible, TrainingEngine } from '../../tensor/training.ts'
import type { Exportable } from '../graph.ts'
import type { Watch } from '../watch.ts'

/** What an arm earned in a context: the one that was stored when the decision was made. */
export type BanditOutcome = {
  readonly arm: string
  readonly context: readonly number[]
  /** R of the trade; learnt as clipped to -2..3. */
  readonly r: number
}

export type ArmScore = {
  readonly arm: string
  /** Expected R in this context, and the standard deviation of that expectation. */
  readonly mean: number
  readonly deviation: number
  /** Phi(mean / deviation): the chance that the expected R is positive. */
  readonly confidence: number
  /** Outcomes that the arm has learnt from, all time. */
  readonly outcomes: number
  /** Fewer than 20 of them: not for live trading, `ARM_COLD`. */
  readonly isCold: boolean
}

/** A Bayesian linear model: sums that a solution is read off, nothing more. */
export type HeadState = {
  /** Outcomes in it. */
  readonly count: number
  /** (I + sum phi phi')^-1, row-major. */
  readonly inverse: readonly number[]
  /** Sum of phi times reward, and of squared rewards; rewards less the arm's prior mean. */
  readonly products: readonly number[]
  readonly squares: number
  /** Only with gradients: 1 + the sum of squared derivatives by each weight. */
  readonly curvature: readonly number[]
}

export type ArmState = {
  /** Shrunk mean R of the labelled history; 0 without one. */
  readonly prior: number
  readonly outcomes: number
  readonly head: HeadState
  /** The newest outcomes, oldest first. */
  readonly ring: readonly { readonly context: readonly number[]; readonly r: number }[]
}

/** Plain data that survives JSON unchanged: saved and loaded it goes on bit for bit. */
export type BanditState = {
  readonly kind: string
  /** In the order of the bandit's arms. */
  readonly arms: readonly ArmState[]
  /** Of the columns that are no categories. */
  readonly scale: { readonly center: readonly number[]; readonly deviation: readonly number[] }
  /** False until a history or the first contexts have said what scale they are of. */
  readonly isScaled: boolean
  /** Weights of the trunk by name; empty where there is none. */
  readonly trunk: Readonly<Record<string, readonly number[]>>
  /** `tolerance` once a graphics processor had a part in the trunk (TENSOR-04). */
  readonly reproducible: Reproducible
  /** Outcomes since the trunk was trained. */
  readonly sinceRetrain: number
}

export type BanditTraining = {
  readonly engine: TrainingEngine
  readonly rng: Rng
  readonly watch?: Watch | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Nothing here changes the state it is given. A decision calls `score` and a choice rule; a closed trade calls `learn`; every 30 min
 * `retrain` if `isRetrainDue`.
 */
export interface Bandit {
  readonly kind: string
  readonly arms: readonly string[]
  /** Numbers in a context. */
  readonly width: number
  /** Knows nothing. */
  init(): BanditState
  /** Knows a labelled history, in order of time: prior means, scaling, trunk and heads. */
  start(history: readonly BanditOutcome[], training: BanditTraining): Promise<BanditState>
  /** One score an arm. Faults: `BANDIT_CONTEXT` for another length or a value that is no number. */
  score(state: BanditState, context: readonly number[]): readonly ArmScore[]
  /** Faults: `BANDIT_CONTEXT`, `BANDIT_ARM`, `BANDIT_REWARD`. */
  learn(state: BanditState, outcome: BanditOutcome): BanditState
  isRetrainDue(state: BanditState): boolean
  /**
   * The trunk trained on, and the heads built from the rings anew. Outcomes that come in meanwhile are to be learnt again by the state
   * that comes back. Faults: those of the engine; the state before stays good.
   */
  retrain(state: BanditState, training: BanditTraining): Promise<BanditState>
  /**
   * The scores of this state: `[batch, width]` raw contexts to `[batch, 2 * arms]`, means and then deviations. Faults:
   * `NOT_EXPORTABLE` where uncertainty comes from gradients.
   */
  exportable(state: BanditState): Exportable
  /** Checks what was read from a file. Faults: `MODEL_STATE_INVALID`. */
  load(saved: unknown): BanditState
}

/** How often the brain does what (UCB-02). */
export const BANDIT_CADENCE = Object.freeze({ retrainMs: 1_800_000, saveOutcomes: 10, saveMs: 300_000 })
