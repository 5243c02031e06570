// What makes a step of a gradient. All parameters are one long row here, so that an update is a handful of operations however many
// layers there are; numbers that change from step to step are worked out beside the graph and fed to it.

import { add, div, mul, sub } from './ops/arithmetic.ts'
import { sqrt, square } from './ops/elementwise.ts'
import { constant, type Tensor } from './tensor.ts'

export type Update = { readonly parameters: Tensor; readonly moments: readonly Tensor[] }

export interface Optimiser {
  /** As the field calls it. */
  readonly name: string
  /** How many rows of state it keeps, each as long as the parameters. They start at 0. */
  readonly moments: number
  /** The numbers that `update` gets in a step, of the steps made before it and its learning rate. Always as many. */
  scalars(steps: number, rate: number): readonly number[]
  update(parameters: Tensor, gradient: Tensor, moments: readonly Tensor[], scalars: readonly Tensor[]): Update
}

const number = (value: number): Tensor => constant([], [value])

export type SgdOptions = { readonly momentum?: number; readonly weightDecay?: number }

/** Gradient descent, with momentum (Polyak 1964) and L2 where asked for. */
export function sgd({ momentum = 0, weightDecay = 0 }: SgdOptions = {}): Optimiser {
  return {
    name: 'sgd',
    moments: momentum === 0 ? 0 : 1,
    scalars: (_, rate) => [rate],
    update(parameters, gradient, [velocity], [rate]) {
      const whole = weightDecay === 0 ? gradient : add(gradient, mul(number(weightDecay), parameters))
      const step = velocity === undefined ? whole : add(mul(number(momentum), velocity), whole)
      return { parameters: sub(parameters, mul(rate!, step)), moments: velocity === undefined ? [] : [step] }
    },
  }
}

export type AdamOptions = { readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number }

/** Kingma and Ba 2015, algorithm 1. */
export const adam = (options: AdamOptions = {}): Optimiser => adamLike('adam', options, 0)

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019). */
export const adamW = ({
  weightDecay = 0.01,
  ...options
}: AdamOptions & { readonly weightDecay?: number } = {}): Optimiser => adamLike('adamW', options, weightDecay)

/**
 * The moments are decayed sums, without the factors 1-beta1 and 1-beta2 of means: these and the bias corrections go into the two
 * numbers of the step, which saves passes over the parameters.
 */
function adamLike(
  name: string,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
  weightDecay: number,
): Optimiser {
  return {
    name,
    moments: 2,
    scalars(steps, rate) {
      const first = (1 - beta1) / (1 - beta1 ** (steps + 1))
      const second = Math.sqrt((1 - beta2) / (1 - beta2 ** (steps + 1)))
      return [(rate * first) / second, epsilon / second, ...(weightDecay === 0 ? [] : [1 - rate * weightDecay])]
    },
    update(parameters, gradient, [first, second], [rate, floor, kept]) {
      const m = add(mul(number(beta1), first!), gradient)
      const v = add(mul(number(beta2), second!), square(gradient))
      const step = mul(rate!, div(m, add(sqrt(v), floor!)))
      return { parameters: sub(kept === undefined ? parameters : mul(kept, parameters), step), moments: [m, v] }
    },
  }
}

export type RmspropOptions = { readonly decay?: number; readonly epsilon?: number }

/** Tieleman and Hinton 2012. */
export function rmsprop({ decay = 0.99, epsilon = 1e-8 }: RmspropOptions = {}): Optimiser {
  return {
    name: 'rmsprop',
    moments: 1,
    scalars: (_, rate) => [rate],
    update(parameters, gradient, [squares], [rate]) {
      const v = add(mul(number(decay), squares!), mul(number(1 - decay), square(gradient)))
      return { parameters: sub(parameters, mul(rate!, div(gradient, add(sqrt(v), number(epsilon))))), moments: [v] }
    },
  }
}
