// Generalised advantage estimation: how much better an action was than expected, with one knob between bias and variance.

export type GaeInput = {
  /** Step-major: all environments at step 0, then at step 1. Every array is of one length, a multiple of `environments`. */
  readonly rewards: Float64Array
  /** V of each state. */
  readonly values: Float64Array
  /** V of the state that followed, before any new episode began. Not looked at where the episode terminated. */
  readonly following: Float64Array
  /** 1 where the episode terminated with this step: nothing follows. */
  readonly terminated: Uint8Array
  /** 1 where the episode ended with this step, terminated or truncated: the next step belongs to another one. */
  readonly done: Uint8Array
  readonly environments: number
  readonly gamma: number
  readonly lambda: number
}

/**
 * `delta = r + gamma*(1-terminated)*V(next) - V` and `A = delta + gamma*lambda*(1-done)*A(next)`; the return is `A + V` (Schulman et al.
 * 2016, High-dimensional continuous control using generalized advantage estimation, equations 11 to 16). A truncated episode still
 * expects what would have followed; a terminated one does not.
 *
 * @example
 * const one = { values: Float64Array.of(0.5), following: Float64Array.of(2), environments: 1, gamma: 0.9, lambda: 0.95 }
 * gae({ ...one, rewards: Float64Array.of(1), terminated: Uint8Array.of(1), done: Uint8Array.of(1) }).advantages[0] // 0.5
 */
export function gae({ rewards, values, following, terminated, done, environments, gamma, lambda }: GaeInput): {
  readonly advantages: Float64Array
  readonly returns: Float64Array
} {
  const advantages = new Float64Array(rewards.length)
  for (let at = rewards.length - 1; at >= 0; at--) {
    const delta = rewards[at]! + (terminated[at] === 1 ? 0 : gamma * following[at]!) - values[at]!
    const later = done[at] === 1 || at + environments >= rewards.length ? 0 : advantages[at + environments]!
    advantages[at] = delta + gamma * lambda * later
  }
  return { advantages, returns: advantages.map((advantage, at) => advantage + values[at]!) }
}
