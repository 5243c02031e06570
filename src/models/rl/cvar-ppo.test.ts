import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { categoricalPolicy } from './categorical-policy.ts'
import { type CvarPpo, cvarPpo } from './cvar-ppo.ts'
import type { Environment } from './environment.ts'
import { cartPole } from './fixtures/cart-pole.ts'
import { twoArms } from './fixtures/two-arms.ts'
import { gaussianPolicy } from './gaussian-policy.ts'
import type { Policy } from './policy.ts'
import type { PpoOptions } from './ppo-options.ts'

const SMALL: Partial<PpoOptions> = { hidden: [16, 12], horizon: 64, batch: 64, cvar: undefined }
const FOUR = [0, 1, 2, 3]

function learnerOf(
  options: Partial<PpoOptions> = {},
  {
    seed = 1,
    make = cartPole,
    policy = categoricalPolicy([0, 1]),
  }: { seed?: number; make?: typeof cartPole; policy?: Policy } = {},
): CvarPpo {
  const rng = seededRng(seed)
  const environments = FOUR.map(e => make(rng.fork(`environment ${e}`)))
  return cvarPpo({ policy, environments, rng: rng.fork('ppo'), options: { ...SMALL, ...options } })
}

function learnt(learner: CvarPpo, iterations: number): CvarPpo {
  for (let i = 0; i < iterations; i++) learner.iterate()
  return learner
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('equal seeds give equal weights bit for bit, other seeds give others', () => {
  assert.deepEqual(learnt(learnerOf(), 3).save(), learnt(learnerOf(), 3).save())
  assert.notDeepEqual(learnt(learnerOf(), 3).weights(), learnt(learnerOf({}, { seed: 2 }), 3).weights())
})

test('a run goes on from a checkpoint as if it had not stopped, in the middle of episodes, bit for bit', () => {
  const options = { cvar: { alpha: 0.1, limit: -15, memory: 50 } }
  for (const policy of [categoricalPolicy([0, 1]), gaussianPolicy()]) {
    const saved = plain(learnt(learnerOf(options, { policy }), 3).save())
    const again = learnerOf(options, { policy })
    again.load(saved as ReturnType<CvarPpo['save']>)
    assert.equal(again.iteration, 3)
    assert.deepEqual(learnt(again, 3).save(), learnt(learnerOf(options, { policy }), 6).save())
  }
})

test('an infinite limit makes the updates of plain PPO, bit for bit; a limit that binds does not', () => {
  const weightsOf = (cvar: PpoOptions['cvar']) => learnt(learnerOf({ cvar }), 4).weights()
  const without = weightsOf(undefined)
  assert.deepEqual(weightsOf({ limit: Number.POSITIVE_INFINITY }), without)
  assert.notDeepEqual(weightsOf({ limit: -400, alpha: 0.1 }), without)
})

test('the last reward of an episode is charged for its loss, and gains are told without the charge', () => {
  const learner = learnerOf({ cvar: { alpha: 0.25, limit: -1 } }, { make: twoArms })
  for (let i = 0; i < 3; i++) {
    const { gains, multiplier, cvar } = learner.iterate()
    assert.equal(gains.length, 256)
    assert.ok(gains.every(gain => gain >= -0.05 && gain <= 0.07))
    assert.ok(multiplier > 0 && Number.isFinite(cvar))
  }
})

test('a pole stays up longer the more it has learnt', () => {
  const learner = learnerOf({ hidden: [32, 32], horizon: 128, rate: 1e-3 })
  const first = learner.iterate().gains
  learnt(learner, 70)
  const last = [0, 1, 2].flatMap(() => learner.iterate().gains)
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  assert.ok(mean(first) < 40, `${mean(first)}`)
  assert.ok(mean(last) > 150, `${mean(last)}`)
})

test('a normal policy learns the size of best gain', () => {
  // The gain of a size is -(size - 1.6)^2, so the best is 1.6.
  const target = (): Environment => ({
    width: 1,
    reset: state => void state.fill(1),
    step: (size, state) => {
      state.fill(1)
      return { reward: -((size - 1.6) ** 2), ending: 'terminated' }
    },
    save: () => ({ kind: 'target' }),
    load: () => undefined,
  })
  const learner = learnt(learnerOf({ rate: 3e-3 }, { make: target, policy: gaussianPolicy() }), 60)
  assert.ok(Math.abs(learner.act(Float32Array.of(1), 1)[0]! - 1.6) < 0.1)
})

test('what it answers is told for many states at once as for each alone', () => {
  const learner = learnt(learnerOf(), 2)
  const rng = seededRng(8)
  const states = Float32Array.from({ length: 4 * 150 }, () => rng.normal())
  const all = learner.act(states, 150)
  for (const row of [0, 63, 64, 149]) assert.equal(learner.act(states.subarray(4 * row, 4 * row + 4), 1)[0], all[row])
})

test('options without meaning are refused', () => {
  for (const options of [
    { horizon: 16 },
    { horizon: 4000 },
    { hidden: [] },
    { epochs: 0 },
    { gamma: 1.1 },
    { rate: 0 },
  ]) {
    assert.throws(() => learnerOf(options), { code: 'RL_OPTIONS' })
  }
})

test('a checkpoint of another shape is refused', () => {
  const saved = learnerOf().save()
  assert.throws(() => learnerOf({ hidden: [8, 8] }).load(saved), { code: 'MODEL_STATE_INVALID' })
  assert.throws(() => learnerOf({ cvar: {} }).load(saved), { code: 'MODEL_STATE_INVALID' })
  assert.throws(() => learnerOf().load({ kind: 'sizer' }), { code: 'MODEL_STATE_INVALID' })
})

test('rewards that are no numbers end the run with a reason', () => {
  const broken = (): Environment => ({
    width: 1,
    reset: state => void state.fill(1),
    step: () => ({ reward: Number.NaN, ending: 'terminated' }),
    save: () => ({ kind: 'broken' }),
    load: () => undefined,
  })
  assert.throws(() => learnerOf({}, { make: broken }).iterate(), { code: 'RL_DIVERGED' })
})
