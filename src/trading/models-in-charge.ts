// The port through which the brain reaches the models in charge. One lease covers one decision: never two releases in one.

/** A process that runs the graph did not answer by its deadline, or not at all. */
export type Silence = 'INFERENCE_LATE' | 'INFERENCE_FAILED'

export interface ModelLease {
  /** `baseline` where no release is in charge. */
  readonly releaseId: string
  readonly setSeq: number
  /** Strategy names and `None`, in the order of the probabilities. */
  readonly classes: readonly string[]
  /** Bit i: the models learned from column i; a row whose mask lacks it is not shown to them (FEAT-03). */
  readonly featureMask: number
  /** @param row the 17 columns of the strongest candidate; @returns one probability a class (a view, valid until the next call) */
  probabilities(row: Float32Array): Float32Array
  /** @param row the execution role's columns of one candidate; @returns expected net R; null: a stand-in that tells no candidate from another */
  expectedR(row: Float32Array): number | null
  /** @param row the sizer role's columns; @returns multiplier 0.1-2.0, or 0 to skip */
  size(row: Float32Array): number
  /** Why what was asked since the last `probabilities` gave no number, where that was not the graph's own doing; absent: it never is. */
  silence?(): Silence | undefined
  /** Sorted blended scores of the release's validation candidates: the reference of the confidence percentile. */
  readonly scores: readonly number[]
  /** The position, named by its entry decision, is this set's from now on; absent where there is only one. */
  pin?(position: string): void
  release(): void
}

export interface ModelsInCharge {
  /** @param position whose set decides: the one it is pinned to, else the one in charge */
  lease(position?: string): ModelLease
  /** The position is closed. */
  unpin?(position: string): void
}
