import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { type GaeInput, gae } from './gae.ts'

const GAMMA = 0.9

/** Two environments, nine steps: episodes end after steps 2 (terminated) and 5 (truncated) of the first, 3 (terminated) of the second. */
function played(lambda: number, change: Partial<GaeInput> = {}): GaeInput {
  const rng = seededRng(3)
  const draw = (): Float64Array => Float64Array.from({ length: 18 }, () => rng.normal())
  const [terminated, done] = [new Uint8Array(18), new Uint8Array(18)]
  for (const at of [4, 7]) terminated[at] = done[at] = 1
  done[10] = 1
  const [rewards, values, cut] = [draw(), draw(), draw()]
  const following = values.map((_, at) => (done[at] === 1 || at > 15 ? cut[at]! : values[at + 2]!))
  return { rewards, values, following, terminated, done, environments: 2, gamma: GAMMA, lambda, ...change }
}

const near = (found: number, wanted: number): void => assert.ok(Math.abs(found - wanted) < 1e-12, `${found}, ${wanted}`)

test('with lambda 0 the advantage is the temporal difference', () => {
  const input = played(0)
  const { advantages } = gae(input)
  for (const [at, advantage] of advantages.entries()) {
    const next = input.terminated[at] === 1 ? 0 : GAMMA * input.following[at]!
    near(advantage, input.rewards[at]! + next - input.values[at]!)
  }
})

test('with lambda 1 the advantage is the discounted sum of rewards, and of what is expected where it is cut, less V', () => {
  const input = played(1)
  const { advantages } = gae(input)
  for (const [start, advantage] of advantages.entries()) {
    let [sum, weight] = [0, 1]
    for (let at = start; at < 18; at += 2) {
      sum += weight * input.rewards[at]!
      weight *= GAMMA
      const last = input.done[at] === 1 || at + 2 >= 18
      if (last && input.terminated[at] !== 1) sum += weight * input.following[at]!
      if (last) break
    }
    near(advantage, sum - input.values[start]!)
  }
})

test('nothing flows across the end of an episode, terminated or truncated', () => {
  for (const [end, before] of [
    [4, [0, 2, 4]],
    [10, [6, 8, 10]],
  ] as const) {
    const usual = played(0.95)
    const rewards = usual.rewards.slice()
    for (let at = end + 2; at < 18; at += 2) rewards[at]! += 100
    const changed = gae({ ...usual, rewards }).advantages
    const { advantages } = gae(usual)
    for (const at of before) assert.equal(changed[at], advantages[at])
    assert.notEqual(changed[end + 2], advantages[end + 2])
  }
})

test('a truncated episode expects what would have followed, a terminated one does not', () => {
  const usual = played(0.95)
  const following = usual.following.slice()
  following[4]! += 50
  following[10]! += 50
  const { advantages } = gae({ ...usual, following })
  const before = gae(usual).advantages
  assert.equal(advantages[4], before[4])
  near(advantages[10]! - before[10]!, 50 * GAMMA)
})

test('environments side by side do not touch each other, and the return is advantage plus V', () => {
  const usual = played(0.95)
  const rewards = usual.rewards.map((reward, at) => (at % 2 === 0 ? reward : 1000))
  const { advantages, returns } = gae({ ...usual, rewards })
  const before = gae(usual).advantages
  for (let at = 0; at < 18; at += 2) assert.equal(advantages[at], before[at])
  for (const [at, value] of returns.entries()) assert.equal(value, advantages[at]! + usual.values[at]!)
})
