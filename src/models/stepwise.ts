// The contract of a model that carries state from bar to bar: the brain calls `step` once a closed bar and keeps what it gives back.

/**
 * Pure: neither argument is changed, equal arguments give equal bytes. The state is plain data that survives JSON unchanged, so a
 * restart goes on where it stopped.
 */
export interface Stepwise<State, Input, Output> {
  init(): State
  step(state: State, input: Input): { readonly state: State; readonly output: Output }
}
