import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrainRegime } from './regime-table.ts'
import type { RegimeInput, RegimeState, RuleDetector } from './rule-detector.ts'
import { ruleDetector } from './rule-detector.ts'

const MINUTE = 60_000

/**
 * Feeds a detector bars of a wanted `a` (ATR over its median) and `z` (trend strength): 20 sessions of ATR 1, then steps of which each is
 * 50 bars of a straight line, so that the OLS window holds only that step's slope at its end.
 */
function driven(detector: RuleDetector = ruleDetector({ barMs: MINUTE })) {
  const state = detector.init()
  let time = 0
  let close = 1e6
  const feed = (session: string, atr: number, slope: number, extra: Partial<RegimeInput> = {}) => {
    time += MINUTE
    close += slope
    return detector.update(state, { time, session, close, atr, ...extra })
  }
  for (let day = 0; day < 20; day++) for (let bar = 0; bar < 3; bar++) feed(`day ${day}`, 1, 0.1)
  return {
    state,
    feed,
    /** z = slope * 49 / (atr * sqrt(50)), solved for the slope. */
    settle: (a: number, z: number): BrainRegime => {
      let regime: BrainRegime = 'Normal'
      for (let bar = 0; bar < 60; bar++) regime = feed('today', a, (z * a * Math.sqrt(50)) / 49)
      return regime
    },
  }
}

test('each regime is found from bars', () => {
  assert.equal(driven().settle(1.41, 0.5), 'HighVolatility')
  assert.equal(driven().settle(0.79, 0.5), 'LowVolatility')
  assert.equal(driven().settle(1, 0.81), 'Trending')
  assert.equal(driven().settle(1, -0.81), 'Trending')
  assert.equal(driven().settle(1, 0.29), 'Ranging')
  assert.equal(driven().settle(1, 0.5), 'Normal')
})

test('a regime lasts 180 s of market time, 216 s after five winners', () => {
  const heldBars = (winningStreak: number) => {
    const { feed, settle } = driven()
    settle(1, 0.5)
    assert.equal(feed('today', 2, 0.07), 'HighVolatility')
    let bars = 1
    while (feed('today', 0.5, 0.036, { winningStreak }) === 'HighVolatility') bars++
    return bars
  }
  assert.equal(heldBars(0), 3)
  assert.equal(heldBars(5), 4)
})

test('the time between two sessions is no market time', () => {
  const detector = ruleDetector({ barMs: MINUTE })
  const { state, feed, settle } = driven(detector)
  settle(1, 0.5)
  feed('today', 2, 0.07)
  const far: RegimeInput = { time: state.last!.time + 60 * MINUTE, session: 'tomorrow', close: 1e6, atr: 0.5 }
  assert.equal(detector.update(state, far), 'HighVolatility')
  assert.equal(state.heldMs, MINUTE)
})

test('weights blend over 60 s after a change', () => {
  const detector = ruleDetector({ barMs: 30_000 })
  const state: RegimeState = { ...detector.init(), heldMs: 0 }
  assert.equal(detector.blend(detector.init()), 1)
  assert.equal(detector.blend(state), 0)
  assert.equal(detector.blend({ ...state, heldMs: 30_000 }), 0.5)
  assert.equal(detector.blend({ ...state, heldMs: 90_000 }), 1)
})

test('the median is that of the 20 sessions before, today left out', () => {
  const { state, feed } = driven()
  feed('today', 9, 0)
  feed('today', 9, 0)
  assert.equal(state.atrMedian.median, 1)
  for (let day = 0; day < 10; day++) feed(`later ${day}`, 9, 0)
  // Twenty sessions: 11 of ATR 9 (one of two bars), 9 of ATR 1 with three bars each: 27 ones against 12 nines.
  feed('last', 9, 0)
  assert.equal(state.atrMedian.complete.length, 20)
  assert.equal(state.atrMedian.median, 1)
  for (let day = 0; day < 5; day++) feed(`still later ${day}`, 9, 0)
  assert.equal(state.atrMedian.median, 9)
})

test('without a complete session volatility is unknown and only the trend decides', () => {
  const detector = ruleDetector({ barMs: MINUTE })
  const state = detector.init()
  const regimes = Array.from({ length: 60 }, (_, i) =>
    // A jump of the ATR that would be high volatility against any median of what came before.
    detector.update(state, { time: i * MINUTE, session: 'first', close: 100 + i, atr: i < 55 ? 1 : 2 }),
  )
  assert.equal(regimes[48], 'Normal')
  assert.deepEqual([...new Set(regimes.slice(49))], ['Trending'])
})

test('state saved as JSON goes on the same', () => {
  const detector = ruleDetector({ barMs: MINUTE })
  const inputs = Array.from({ length: 400 }, (_, i) => ({
    time: i * MINUTE,
    session: `day ${Math.floor(i / 30)}`,
    close: 100 + Math.sin(i / 9) * 5,
    atr: i < 13 ? Number.NaN : 1 + 0.7 * Math.sin(i / 31),
  }))
  const whole = detector.init()
  const seen = inputs.map(input => detector.update(whole, input))
  let state = detector.init()
  for (const input of inputs.slice(0, 200)) detector.update(state, input)
  state = JSON.parse(JSON.stringify(state)) as RegimeState
  assert.deepEqual(
    inputs.slice(200).map(input => detector.update(state, input)),
    seen.slice(200),
  )
  assert.deepEqual(state, whole)
  assert.ok(new Set(seen).size >= 3)
})
