import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { judgeParameters, judgeShadow, PRESETS, type ShadowEvidence } from './presets.ts'

const failed = (results: readonly { readonly gate: string; readonly result: string }[]): string[] =>
  results.filter(({ result }) => result !== 'pass').map(({ gate }) => gate.split(' ')[1]!)

/** Alternates around a mean, so that mean and spread are known without a formula: mean m, population sd 1. */
const around = (m: number, n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => m + (i % 2 ? 1 : -1))

const noise = (m: number, n: number, name: string): Float64Array => {
  const rng = seededRng('presets').fork(name)
  return Float64Array.from({ length: n }, () => m + rng.normal())
}

const shadow = (over: Partial<ShadowEvidence> = {}): ShadowEvidence => ({
  decisions: 1000,
  thin: false,
  returns: { candidate: noise(0.3, 400, 'candidate'), baseline: noise(0, 400, 'baseline') },
  perYear: 252,
  trades: Float64Array.of(1, 1, -1, 1),
  ...over,
})

test('the tables hold the figures of the requirement', () => {
  assert.deepEqual(PRESETS.rlShadow, {
    minDecisions: 1000,
    minDecisionsThin: 500,
    minSharpe: 2,
    minWinRate: 0.5,
    minSharpeRatio: 1.2,
    minSharpeRatioThin: 1.3,
    significance: 0.05,
    firstShare: 0.05,
    resamples: 10_000,
  })
  const parameters = { minTrades: 200, minWinRateGain: 0.02, minSharpeGain: 0.1, significance: 0.05, resamples: 10_000 }
  assert.deepEqual(PRESETS.parameters, parameters)
})

test('a sizer that is clearly better in shadow passes every rule, and each rule alone can refuse', () => {
  assert.deepEqual(failed(judgeShadow(shadow())), [])
  assert.deepEqual(failed(judgeShadow(shadow({ decisions: 999 }))), ['decisions'])
  assert.deepEqual(failed(judgeShadow(shadow({ trades: Float64Array.of(1, -1, -1) }))), ['winRate'])
  assert.deepEqual(failed(judgeShadow(shadow({ trades: Float64Array.of(1, -1) }))), [])
  const twin = { candidate: noise(0.3, 400, 'a'), baseline: noise(0.3, 400, 'b') }
  assert.ok(failed(judgeShadow(shadow({ returns: twin }))).includes('p'))
})

test('the Sharpe ratio is annualised, and is held against the baseline times its ratio', () => {
  // Mean 0.2, sd 1.00..: 0.2 * sqrt(252) = 3.17 and 0.11 * sqrt(252) = 1.75.
  const returns = { candidate: around(0.2, 400), baseline: around(0.11, 400) }
  const [, sharpe, , ratio] = judgeShadow(shadow({ returns }))
  assert.ok(Math.abs(Number(sharpe?.value) - 0.2 * Math.sqrt(252)) < 0.01, String(sharpe?.value))
  assert.ok(Math.abs(Number(ratio?.limit) - 1.2 * 0.11 * Math.sqrt(252)) < 0.01, String(ratio?.limit))
  assert.equal(ratio?.result, 'pass')
  const near = judgeShadow(shadow({ returns: { ...returns, baseline: around(0.16, 400) } }))
  assert.ok(Math.abs(Number(near[3]?.limit) - 1.2 * 0.16 * Math.sqrt(252)) < 0.01)
  // 0.16 x 1.2 = 0.192 is below 0.2, and x 1.3 = 0.208 is above it.
  assert.equal(near[3]?.result, 'pass')
  const thin = judgeShadow(shadow({ thin: true, decisions: 500, returns: { ...returns, baseline: around(0.16, 400) } }))
  assert.deepEqual([thin[0]?.result, thin[3]?.result], ['pass', 'fail'])
})

test('figures that are no number fail: nothing traded, nothing varied', () => {
  const still = { candidate: new Float64Array(400), baseline: new Float64Array(400) }
  const results = judgeShadow(shadow({ returns: still, trades: new Float64Array(0) }))
  assert.deepEqual(failed(results), ['sharpe', 'winRate', 'sharpeRatio', 'p'])
  for (const { value } of results.slice(1)) assert.equal(value, null)
})

test('parameters that win more often and better pass, and each rule alone can refuse', () => {
  const better = noise(0.4, 300, 'better')
  const worse = noise(0, 300, 'worse')
  const judged = (candidate: Float64Array, baseline: Float64Array, trials = 1) =>
    failed(judgeParameters({ candidate, baseline }, { trials }))
  assert.deepEqual(judged(better, worse), [])
  assert.deepEqual(judged(better.slice(0, 199), worse.slice(0, 199)), ['trades'])
  assert.deepEqual(judged(worse, better).sort(), ['mean', 'p', 'sharpe', 'winRate'])
  assert.deepEqual(judged(better, worse, 10_000), ['p'])
  // The same wins, larger: the win rate gains nothing.
  assert.ok(
    judged(
      worse.map(r => (r > 0 ? 3 * r : r)),
      worse,
    ).includes('winRate'),
  )
})

test('the same evidence gives the same figures', () => {
  assert.deepEqual(judgeShadow(shadow()), judgeShadow(shadow()))
  const trades = { candidate: noise(0.4, 300, 'x'), baseline: noise(0, 300, 'y') }
  assert.deepEqual(judgeParameters(trades, { trials: 3 }), judgeParameters(trades, { trials: 3 }))
})
