import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { interpreter } from '../../tensor/interpreter.ts'
import type { ArmScore } from './bandit.ts'
import { epsilonGreedy, mostOptimistic } from './choice.ts'
import { linUcb } from './lin-ucb.ts'
import { neuralUcb } from './neural-ucb.ts'

const WIDTH = 5
const ARMS = ['a', 'b', 'c']

/** x with A x = b by elimination with pivots: nothing of ours is in it. */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!])
  for (let column = 0; column < b.length; column++) {
    const pivot = rows
      .slice(column)
      .reduce((most, row) => (Math.abs(row[column]!) > Math.abs(most[column]!) ? row : most))
    const at = rows.indexOf(pivot)
    rows[at] = rows[column]!
    rows[column] = pivot
    for (const row of rows.slice(column + 1)) {
      const factor = row[column]! / pivot[column]!
      for (let k = column; k <= b.length; k++) row[k]! -= factor * pivot[k]!
    }
  }
  const x = Array<number>(b.length).fill(0)
  for (let i = b.length - 1; i >= 0; i--) {
    x[i] =
      (rows[i]![b.length]! - x.reduce((sum, value, k) => sum + (k > i ? rows[i]![k]! * value : 0), 0)) / rows[i]![i]!
  }
  return x
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0)

test('with the identity for a trunk it is LinUCB as published, arm by arm, over 400 decisions', t => {
  const [own, plain] = [
    neuralUcb({ arms: ARMS, width: WIDTH, rng: seededRng(1), hidden: [], noise: 1 }),
    linUcb({ arms: ARMS, width: WIDTH, noise: 1 }),
  ]
  let [state, plainState] = [own.init(), plain.init()]
  const identity = () =>
    Array.from({ length: WIDTH }, (_, i) => Array.from({ length: WIDTH }, (_, k) => Number(i === k)))
  // Algorithm 1 of Li et al. 2010: A_a and b_a, every score from a fresh solution.
  const published = ARMS.map(() => ({ a: identity(), b: Array<number>(WIDTH).fill(0) }))
  const rng = seededRng('contexts')
  let worst = 0
  for (let step = 0; step < 400; step++) {
    const x = Array.from({ length: WIDTH }, () => rng.normal())
    const wanted = published.map(({ a, b }) => dot(x, solve(a, b)) + 0.3 * Math.sqrt(dot(x, solve(a, x))))
    const scores = own.score(state, x)
    assert.deepEqual(plain.score(plainState, x), scores)
    for (const [k, { mean, deviation }] of scores.entries()) {
      worst = Math.max(worst, Math.abs(mean + 0.3 * deviation - wanted[k]!))
    }
    const { arm } = mostOptimistic(scores, 0.3)
    const chosen = wanted.indexOf(Math.max(...wanted))
    assert.equal(arm, ARMS[chosen])
    const r = 0.5 * x[chosen]! + 0.3 * rng.normal()
    state = own.learn(state, { arm, context: x, r })
    plainState = plain.learn(plainState, { arm, context: x, r })
    const { a, b } = published[chosen]!
    for (let i = 0; i < WIDTH; i++) {
      b[i]! += x[i]! * Math.min(Math.max(r, -2), 3)
      for (let k = 0; k < WIDTH; k++) a[i]![k]! += x[i]! * x[k]!
    }
  }
  t.diagnostic(`largest difference of a score ${worst.toExponential(1)}`)
  assert.ok(worst <= 1e-12)
})

const one = { arms: ['a'], width: 1 }

test('an arm is the surer of itself the more often it earned the same', () => {
  const bandit = linUcb(one)
  let state = bandit.init()
  const confidences = [5, 20, 80].map(count => {
    while (state.arms[0]!.outcomes < count)
      state = bandit.learn(state, { arm: 'a', context: [1], r: state.arms[0]!.outcomes % 2 })
    return bandit.score(state, [1])[0]!.confidence
  })
  assert.ok(confidences[0]! < confidences[1]! && confidences[1]! < confidences[2]! && confidences[2]! > 0.99)
  assert.equal(bandit.score(bandit.init(), [1])[0]!.confidence, 0.5)
})

test('a history becomes the prior mean, shrunk by 20 outcomes of nothing', async () => {
  const bandit = linUcb({ ...one, arms: ['a', 'b'] })
  const history = Array.from({ length: 30 }, (_, i) => ({ arm: 'a', context: [i % 2], r: 1 }))
  const state = await bandit.start(history, { engine: interpreter(), rng: seededRng(1) })
  assert.equal(state.arms[0]!.prior, 30 / 50)
  const [a, b] = bandit.score(state, [0])
  assert.deepEqual([a!.isCold, b!.isCold, b!.mean], [false, true, 0])
  assert.deepEqual(await bandit.start([], { engine: interpreter(), rng: seededRng(1) }), bandit.init())
})

test('rewards are learnt as -2 to 3 R', () => {
  const bandit = linUcb(one)
  const after = (r: number) => bandit.learn(bandit.init(), { arm: 'a', context: [1], r })
  assert.deepEqual(after(50), after(3))
  assert.deepEqual(after(-9), after(-2))
})

test('learning leaves the state before as it was, and the ring keeps the newest', () => {
  const bandit = linUcb({ ...one, ring: 3 })
  let state = bandit.init()
  const text = JSON.stringify(state)
  const first = state
  for (let r = 0; r < 5; r++) state = bandit.learn(state, { arm: 'a', context: [r], r: r / 2 })
  assert.equal(JSON.stringify(first), text)
  assert.deepEqual(
    state.arms[0]!.ring.map(({ context }) => context[0]),
    [2, 3, 4],
  )
  assert.deepEqual([state.arms[0]!.outcomes, state.arms[0]!.head.count, state.sinceRetrain], [5, 5, 5])
})

test('a category is one of its indices, not a size', () => {
  const bandit = linUcb({ arms: ['a'], width: 2, categories: [{ column: 1, size: 3 }] })
  const state = bandit.learn(bandit.init(), { arm: 'a', context: [0, 2], r: 1 })
  assert.deepEqual(
    [0, 1, 2].map(regime => bandit.score(state, [0, regime])[0]!.mean),
    [0, 0, 0.5],
  )
})

test('what is no context, arm or reward of the bandit is refused by name', () => {
  const bandit = linUcb({ arms: ['a'], width: 2, categories: [{ column: 1, size: 3 }] })
  const state = bandit.init()
  for (const context of [[1], [1, 0, 0], [Number.NaN, 0], [1, 3], [1, 0.5], [1, -1]]) {
    assert.throws(() => bandit.score(state, context), { code: 'BANDIT_CONTEXT' })
    assert.throws(() => bandit.learn(state, { arm: 'a', context, r: 1 }), { code: 'BANDIT_CONTEXT' })
  }
  assert.throws(() => bandit.learn(state, { arm: 'z', context: [1, 0], r: 1 }), { code: 'BANDIT_ARM' })
  assert.throws(() => bandit.learn(state, { arm: 'a', context: [1, 0], r: Number.NaN }), { code: 'BANDIT_REWARD' })
})

const score = (arm: string, mean: number, deviation: number): ArmScore => ({
  arm,
  mean,
  deviation,
  confidence: 0.5,
  outcomes: 0,
  isCold: true,
})

test('optimism takes the unsure arm where it may be better, the first of equal ones, and none of none', () => {
  const scores = [score('a', 0.2, 0.1), score('b', 0.1, 0.6)]
  assert.equal(mostOptimistic(scores, 0.3).arm, 'b')
  assert.equal(mostOptimistic(scores, 0.1).arm, 'a')
  assert.equal(mostOptimistic([score('x', 0, 1), score('y', 0, 1)]).arm, 'x')
  assert.throws(() => mostOptimistic([]), RangeError)
})

test('epsilon of the time any arm is taken, else the best', () => {
  const rng = seededRng('epsilon')
  const scores = [score('a', 0, 9), score('b', 1, 0)]
  const share =
    Array.from({ length: 4000 }, () => epsilonGreedy(scores, 0.1, rng).arm).filter(arm => arm === 'a').length / 4000
  assert.ok(Math.abs(share - 0.05) < 0.015)
})
