// Adam (Kingma and Ba 2015, algorithm 1), with the decoupled weight decay of AdamW (Loshchilov and Hutter 2019) when asked for.

export type Parameters = Readonly<Record<string, Float64Array>>

export type AdamState = {
  /** Updates made so far. */
  step: number
  /** Running means of the gradients and of their squares. */
  readonly first: Parameters
  readonly second: Parameters
}

export type AdamOptions = {
  readonly rate?: number
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  /** Share of a weight taken away per unit of rate, apart from the gradient. */
  readonly weightDecay?: number
}

const zeros = (like: Parameters): Parameters =>
  Object.fromEntries(Object.entries(like).map(([name, values]) => [name, new Float64Array(values.length)]))

export function adamInit(parameters: Parameters): AdamState {
  return { step: 0, first: zeros(parameters), second: zeros(parameters) }
}

/**
 * One update, in place: parameters and state change.
 *
 * @example
 * const weights = { w: Float64Array.of(1) }
 * const state = adamInit(weights)
 * adamUpdate(state, weights, { w: Float64Array.of(0.5) }, { rate: 0.1 })
 * weights.w // Float64Array [0.9] up to epsilon
 */
export function adamUpdate(
  state: AdamState,
  parameters: Parameters,
  gradients: Parameters,
  { rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamOptions = {},
): void {
  state.step++
  const correction1 = 1 - beta1 ** state.step
  const correction2 = 1 - beta2 ** state.step
  for (const [name, values] of Object.entries(parameters)) {
    const gradient = gradients[name]!
    const first = state.first[name]!
    const second = state.second[name]!
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]!
      first[i] = beta1 * first[i]! + (1 - beta1) * g
      second[i] = beta2 * second[i]! + (1 - beta2) * g * g
      const kept = values[i]! * (1 - rate * weightDecay)
      values[i] = kept - (rate * (first[i]! / correction1)) / (Math.sqrt(second[i]! / correction2) + epsilon)
    }
  }
}
