// The value function's part of an iteration: on this thread, or on one that helps while this one moves the policy. The two share no weight,
// so nothing depends on who does it.

import { type Crew, shared, type Turns, takeTurn, turns } from '../crew.ts'
import { type DenseNet, type DenseShape, denseNet, type Learnt } from './dense-net.ts'
import type { PpoOptions } from './ppo-options.ts'
import { descend, valueGradient } from './ppo-update.ts'
import type { Experience } from './rollout.ts'

type Lesson = Pick<Experience, 'states' | 'returns'>
type LessonOptions = Pick<PpoOptions, 'value' | 'rate' | 'epsilon' | 'gradientNorm' | 'batch'>

export interface ValuePart {
  /** Goes once through the experience in this order. */
  epoch(order: Int32Array): void
  /** Waits for what is not done; @returns the loss of the last minibatch. Faults: those of `Crew`. */
  finish(): number
}

/** @returns the loss of the last minibatch */
function valueEpoch(critic: DenseNet, lesson: Lesson, order: Int32Array, options: LessonOptions): number {
  let loss = 0
  for (let from = 0; from < order.length; from += options.batch) {
    loss = valueGradient(critic, lesson, order.subarray(from, from + options.batch), options)
    descend(critic, options)
  }
  return loss
}

/** All arrays are shared. */
export type ValueTask = Lesson & {
  /** For the one helper that does it. */
  readonly turn: Turns
  readonly shape: DenseShape
  readonly learnt: Learnt
  readonly options: LessonOptions
  /** One order after the other. */
  readonly orders: Int32Array
  /** Twice the epochs whose order is there, one more when no other will come. */
  readonly gate: Int32Array
}

/** A helper's part; undefined where another one has it. */
export function valueShare(task: ValueTask): number | undefined {
  if (takeTurn(task.turn) === undefined) return undefined
  const { shape, learnt, options, orders, gate, returns } = task
  const critic = denseNet(shape)
  critic.take(learnt)
  let loss = 0
  for (let epoch = 0; ; ) {
    const state = Atomics.load(gate, 0)
    if (epoch < state >> 1) {
      loss = valueEpoch(critic, task, orders.subarray(epoch * returns.length, (epoch + 1) * returns.length), options)
      epoch++
    } else if ((state & 1) === 1) break
    else Atomics.wait(gate, 0, state)
  }
  critic.give(learnt)
  return loss
}

export type ValuePartInput = {
  readonly critic: DenseNet
  /** Of `critic`. */
  readonly shape: DenseShape
  readonly experience: Experience
  readonly options: LessonOptions & Pick<PpoOptions, 'epochs'>
  readonly crew?: Crew | undefined
}

export function valuePart({ critic, shape, experience, options, crew }: ValuePartInput): ValuePart {
  let loss = 0
  if (crew === undefined) {
    return {
      epoch(order) {
        loss = valueEpoch(critic, experience, order, options)
      },
      finish: () => loss,
    }
  }
  const { states, returns } = experience
  const count = returns.length
  const learnt = critic.learnt()
  const task: ValueTask = {
    turn: turns(1),
    shape,
    learnt,
    options,
    states: shared(states),
    returns: shared(returns),
    orders: new Int32Array(new SharedArrayBuffer(4 * options.epochs * count)),
    gate: new Int32Array(new SharedArrayBuffer(4)),
  }
  const finish = crew.start('value', task)
  const open = (by: number): void => {
    Atomics.add(task.gate, 0, by)
    Atomics.notify(task.gate, 0)
  }
  return {
    epoch(order) {
      task.orders.set(order, (Atomics.load(task.gate, 0) >> 1) * count)
      open(2)
    },
    finish() {
      open(1)
      loss = (finish() as (number | undefined)[]).find(own => own !== undefined) ?? 0
      critic.take(learnt)
      return loss
    },
  }
}
