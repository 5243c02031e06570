// Experience of the policy as it is now: environments step side by side, and each action is judged by what followed.

import type { Rng } from '../../base/rng.ts'
import type { CvarMultiplier } from './cvar-multiplier.ts'
import type { DenseNet } from './dense-net.ts'
import type { Environment } from './environment.ts'
import { gae } from './gae.ts'
import type { Policy } from './policy.ts'

/** What one iteration learns from: one row a step, all environments at step 0 first. */
export type Experience = {
  /** Row-major, of the stride of the nets' inputs. */
  readonly states: Float32Array
  readonly actions: Float64Array
  readonly logProbs: Float64Array
  readonly advantages: Float64Array
  readonly returns: Float64Array
  /** Gains of the episodes that ended, without penalties. */
  readonly gains: readonly number[]
}

/** Where each environment stands between two iterations. */
export type Standing = {
  /** The state to act on next, of the stride of the nets' inputs. */
  readonly states: Float32Array
  /** What the open episode has gained so far. */
  readonly gains: Float64Array
}

export type RolloutInput = {
  readonly policy: Policy
  readonly actor: DenseNet
  readonly critic: DenseNet
  readonly environments: readonly Environment[]
  readonly standing: Standing
  readonly horizon: number
  readonly gamma: number
  readonly lambda: number
  /** Charges an episode's last reward for its loss and remembers it (RL-05); absent: plain PPO. */
  readonly tail?: CvarMultiplier | undefined
  readonly rng: Rng
}

/** V of states, as many at a time as the critic takes. */
function valuesOf(critic: DenseNet, states: Float32Array): Float64Array {
  const { input, output, inputStride, outputStride } = critic
  const count = states.length / inputStride
  const most = input.length / inputStride
  const values = new Float64Array(count)
  for (let from = 0; from < count; from += most) {
    const to = Math.min(count, from + most)
    input.set(states.subarray(from * inputStride, to * inputStride))
    critic.forward(to - from)
    for (let row = from; row < to; row++) values[row] = output[(row - from) * outputStride]!
  }
  return values
}

/** Steps every environment `horizon` times; the standing is moved on. */
export function rollOut(input: RolloutInput): Experience {
  const { policy, actor, critic, environments, standing, horizon, gamma, lambda, tail, rng } = input
  const [n, stride] = [environments.length, actor.inputStride]
  const count = horizon * n
  const states = new Float32Array((count + n) * stride)
  const [actions, logProbs, rewards] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  const [terminated, done] = [new Uint8Array(count), new Uint8Array(count)]
  const gains: number[] = []
  /** Steps that were cut off, and the states that would have gone on. */
  const cut: { readonly at: number; readonly state: Float32Array }[] = []
  const places = environments.map((_, e) => standing.states.subarray(e * stride, (e + 1) * stride))

  for (let t = 0; t < horizon; t++) {
    states.set(standing.states, t * n * stride)
    actor.input.set(standing.states)
    actor.forward(n)
    for (const [e, environment] of environments.entries()) {
      const at = t * n + e
      const action = policy.draw(actor, e, rng)
      actions[at] = action
      logProbs[at] = policy.judge(actor, e, action).logProb
      const { reward, ending } = environment.step(policy.decode(action), places[e]!)
      rewards[at] = reward
      standing.gains[e]! += reward
      if (ending === 'none') continue
      done[at] = 1
      if (ending === 'terminated') terminated[at] = 1
      else cut.push({ at, state: places[e]!.slice() })
      const gain = standing.gains[e]!
      gains.push(gain)
      if (tail !== undefined) {
        rewards[at] = reward - tail.penalty(-gain)
        tail.remember(-gain)
      }
      standing.gains[e] = 0
      environment.reset(places[e]!)
    }
  }
  states.set(standing.states, count * stride)

  const all = valuesOf(critic, states)
  const values = all.subarray(0, count)
  const following = all.slice(n)
  const left = new Float32Array(cut.length * stride)
  for (const [i, { state }] of cut.entries()) left.set(state, i * stride)
  for (const [i, value] of valuesOf(critic, left).entries()) following[cut[i]!.at] = value
  const { advantages, returns } = gae({ rewards, values, following, terminated, done, environments: n, gamma, lambda })
  return { states: states.subarray(0, count * stride), actions, logProbs, advantages, returns, gains }
}
