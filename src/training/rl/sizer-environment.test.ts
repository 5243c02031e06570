import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SizerMarket } from './sizer-environment.ts'
import { sessionStarts, sizerEnvironment } from './sizer-environment.ts'

/** Sessions of ten units of time. Inputs are one number of the candidate and the two of the account. */
function marketOf(trades: readonly (readonly [time: number, labelEnd: number, r: number])[], limit = 20): SizerMarket {
  const column = (at: 0 | 1 | 2): Float64Array => Float64Array.from(trades, trade => trade[at])
  const nameOf = (time: number): string => `${Math.floor(time / 10)}`
  return {
    inputs: Float32Array.from(trades.flatMap((_, i) => [i + 1, 0, 0])),
    r: column(2),
    slipR: new Float64Array(trades.length).fill(0.2),
    time: column(0),
    labelEnd: column(1),
    session: trades.map(([time]) => nameOf(time)),
    endSession: trades.map(([, end]) => nameOf(end)),
    scale: rows => rows,
    kappa: 0.1,
    drawdownLimitR: limit,
  }
}

const state = new Float32Array(3)
const close = (found: ArrayLike<number>, wanted: readonly number[]): void => {
  for (const [i, value] of wanted.entries())
    assert.ok(Math.abs(found[i]! - value) < 1e-6, `value ${i} is ${found[i]} instead of ${value}`)
}

test('the reward is size times R less the extra slippage of size above 1', () => {
  const environment = sizerEnvironment(
    marketOf([
      [0, 1, 2],
      [2, 3, -1],
      [4, 5, 1],
    ]),
    0,
  )
  environment.reset(state)
  assert.deepEqual(environment.step(0.5, state), { reward: 1, ending: 'none' })
  assert.deepEqual(environment.step(1, state), { reward: -1, ending: 'none' })
  close([environment.step(2, state).reward], [2 - 0.1 * 0.2])
})

test('the account follows the sizes taken, and only when an outcome is known', () => {
  const environment = sizerEnvironment(
    marketOf([
      [0, 3, 2],
      [1, 8, -3],
      [4, 9, 1],
      [9, 9.5, 1],
    ]),
    0,
  )
  environment.reset(state)
  close(state, [1, 0, 0])
  environment.step(0.5, state)
  close(state, [2, 0, 0])
  environment.step(0.5, state)
  close(state, [3, 1, 0])
  environment.step(1, state)
  close(state, [4, 1 - 1.5 + 1, 1.5 / 20 - 1 / 20])
})

test('an episode is a session; the account and what is still open go on into the next', () => {
  const market = marketOf([
    [0, 12, -4],
    [5, 6, -2],
    [11, 13, 1],
    [15, 16, 1],
  ])
  assert.deepEqual(sessionStarts(market), [0, 2])
  const environment = sizerEnvironment(market, 0)
  environment.reset(state)
  environment.step(1, state)
  assert.equal(environment.step(1, state).ending, 'terminated')
  environment.reset(state)
  close(state, [3, 0, 2 / 20])
  environment.step(1, state)
  close(state, [4, -4 + 1, 5 / 20])
})

test('a used-up drawdown ends the session, and the next has a fresh account', () => {
  const environment = sizerEnvironment(
    marketOf(
      [
        [0, 1, -3],
        [2, 3, 1],
        [4, 5, 1],
        [11, 12, 1],
      ],
      4,
    ),
    0,
  )
  environment.reset(state)
  assert.equal(environment.step(1, state).ending, 'none')
  environment.step(1, state)
  const again = sizerEnvironment(
    marketOf(
      [
        [0, 1, -3],
        [2, 3, 1],
        [4, 5, 1],
        [11, 12, 1],
      ],
      4,
    ),
    0,
  )
  again.reset(state)
  assert.equal(again.step(1.5, state).ending, 'terminated')
  again.reset(state)
  close(state, [4, 0, 0])
})

test('after the last session the first follows with a fresh account', () => {
  const environment = sizerEnvironment(
    marketOf([
      [0, 1, -3],
      [11, 12, 1],
    ]),
    1,
  )
  environment.reset(state)
  assert.equal(environment.step(1, state).ending, 'terminated')
  environment.reset(state)
  close(state, [1, 0, 0])
})

test('what is saved goes on where it stood', () => {
  const market = marketOf([
    [0, 3, 2],
    [1, 8, -3],
    [4, 9, 1],
    [9, 9.5, 1],
  ])
  const [environment, again] = [sizerEnvironment(market, 0), sizerEnvironment(market, 0)]
  environment.reset(state)
  environment.step(1.3, state)
  environment.step(0.7, state)
  again.load(JSON.parse(JSON.stringify(environment.save())))
  const other = new Float32Array(3)
  assert.deepEqual(again.step(1.1, other), environment.step(1.1, state))
  assert.deepEqual(other, state)
})
