// What a policy learns in: states are read, an action is taken, a reward follows, until the episode ends.

import type { Saved } from '../model.ts'

/** Terminated: nothing follows by the rules of the task. Truncated: more would follow, but the episode is cut. */
export type Ending = 'none' | 'terminated' | 'truncated'

export type StepResult = { readonly reward: number; readonly ending: Ending }

/** One episode at a time, all from its own seed: equal actions give equal states, rewards and ends. */
export interface Environment {
  /** Numbers in a state. */
  readonly width: number
  /** Starts the next episode and writes its first state. */
  reset(state: Float32Array): void
  /** Acts, and writes the state that follows, also after the last step. */
  step(action: number, state: Float32Array): StepResult
  /** Where it stands, in the middle of an episode too. */
  save(): Saved
  load(saved: Saved): void
}
