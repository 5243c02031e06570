import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { pearson, standardDeviation } from '../../math/statistics.ts'
import { type HmmBar, hmmInputs, hmmSequences } from './hmm-inputs.ts'
import { bestMatch, hellinger } from './hmm-match.ts'
import { hmmRegimeOf } from './hmm-names.ts'

/** Three sessions of 100 bars with a partner that follows. */
function bars(seed = 'bars'): HmmBar[] {
  const rng = seededRng(seed)
  let [close, partnerClose] = [5000, 18_000]
  return Array.from({ length: 300 }, (_, i) => {
    const change = 0.001 * rng.normal()
    close *= 1 + change
    partnerClose *= 1 + 0.8 * change + 0.0006 * rng.normal()
    const session = `day ${Math.floor(i / 100)}`
    return {
      session,
      high: close + rng.next(),
      low: close - rng.next(),
      close,
      volume: 100 + rng.int(900),
      partnerClose,
    }
  })
}

const logReturns = (closes: readonly number[]): number[] =>
  closes.slice(1).map((close, i) => Math.log(close / closes[i]!))

test('a row is what the definitions say, worked out from the bars again', () => {
  const all = bars()
  const inputs = hmmInputs({ hasVolume: true, hasPartner: true })
  assert.deepEqual(inputs.columns, [
    'volatility',
    'volumeRatio',
    'trendStrength',
    'partnerVolatility',
    'partnerCorrelation',
  ])
  const state = inputs.init()
  const rows = all.map(bar => inputs.update(state, bar))
  const row = rows[250]!
  const until = all.slice(0, 251)
  const volatilityAt = (closes: readonly number[], i: number) =>
    standardDeviation(logReturns(closes.slice(i - 20, i + 1)))
  for (const [column, pick] of [(bar: HmmBar) => bar.close, (bar: HmmBar) => bar.partnerClose!].entries()) {
    const closes = until.map(pick)
    const earlier = Array.from({ length: 180 }, (_, k) => volatilityAt(closes, 20 + k)).sort((a, b) => a - b)
    const usual = (earlier[89]! + earlier[90]!) / 2
    assert.ok(Math.abs(row[column === 0 ? 0 : 3]! - volatilityAt(closes, 250) / usual) < 1e-9)
  }
  const busy = until[250]!.volume / (until.slice(240, 250).reduce((sum, { volume }) => sum + volume, 0) / 10)
  assert.ok(Math.abs(row[1]! - busy) < 1e-12)
  const returns = [
    logReturns(until.slice(-51).map(bar => bar.close)),
    logReturns(until.slice(-51).map(bar => bar.partnerClose!)),
  ]
  assert.ok(Math.abs(row[4]! - pearson(returns[0]!, returns[1]!)) < 1e-12)
  assert.ok(row[4]! > 0.5)
})

test('a straight line has the trend strength of the rule detector, and its sign', () => {
  const inputs = hmmInputs({ hasVolume: false, hasPartner: false })
  for (const step of [0.5, -0.5]) {
    const state = inputs.init()
    const rng = seededRng('line')
    let last: readonly number[] | null = null
    for (let i = 0; i < 200; i++) {
      const close = 1000 + step * i + 1e-9 * rng.normal()
      last = inputs.update(state, {
        session: `day ${Math.floor(i / 90)}`,
        high: close + 1,
        low: close - 1,
        close,
        volume: 0,
      })
    }
    assert.ok(Math.abs(last![1]! - (step * 49) / (2 * Math.sqrt(50))) < 1e-6)
  }
})

test('nothing is read before the first session is complete, nor from a bar without its partner', () => {
  const inputs = hmmInputs({ hasVolume: true, hasPartner: true })
  const state = inputs.init()
  const rows = bars().map((bar, i) => inputs.update(state, i === 150 ? { ...bar, partnerClose: null } : bar))
  assert.equal(
    rows.findIndex(row => row !== null),
    100,
  )
  assert.deepEqual(
    [149, 150, 151].map(i => rows[i] === null),
    [false, true, false],
  )
})

test('no row changes when a later bar does', () => {
  const inputs = hmmInputs({ hasVolume: true, hasPartner: true })
  const run = (all: readonly HmmBar[]) => {
    const state = inputs.init()
    return all.map(bar => inputs.update(state, bar))
  }
  const [whole, edited] = [bars(), bars()]
  for (let i = 200; i < 300; i++)
    edited[i] = { ...edited[i]!, high: 6000, close: 5900, volume: 1, partnerClose: 17_000 }
  assert.deepEqual(run(edited).slice(0, 200), run(whole).slice(0, 200))
})

test('rows are cut where a session ends, daily ones never', () => {
  const inputs = hmmInputs({ hasVolume: true, hasPartner: false })
  assert.deepEqual(
    hmmSequences(inputs, bars(), false).map(({ length }) => length / 3),
    [100, 100],
  )
  assert.deepEqual(
    hmmSequences(inputs, bars(), true).map(({ length }) => length / 3),
    [200],
  )
})

test('a state is named by the first rule that holds', () => {
  assert.deepEqual(
    [
      [1.4, 2],
      [1.39, 0.8],
      [1, -0.8],
      [1, 0.3],
      [1, -0.5],
    ].map(([volatility, trend]) => hmmRegimeOf(volatility!, trend!)),
    ['RISK_OFF', 'BULL_TREND', 'BEAR_TREND', 'CHOP', 'ROTATION'],
  )
})

test('the Hellinger distance is the closed form in one dimension, 0 to itself and 1 to what is far', () => {
  const normal = (mean: number, variance: number) => ({
    mean: Float64Array.of(mean),
    covariance: Float64Array.of(variance),
  })
  const [a, b] = [normal(0, 1), normal(2, 4)]
  const squared = 1 - Math.sqrt((2 * 1 * 2) / 5) * Math.exp((-0.25 * 4) / 5)
  assert.ok(Math.abs(hellinger(a, b) - Math.sqrt(squared)) < 1e-14)
  assert.equal(hellinger(a, b), hellinger(b, a))
  assert.ok(hellinger(a, a) < 1e-7)
  assert.equal(hellinger(a, normal(100, 1)), 1)
})

test('the match has the least total distance, also where that is not each one’s nearest', () => {
  assert.deepEqual(
    bestMatch([
      [0.1, 0.2],
      [0.15, 0.9],
    ]),
    [1, 0],
  )
  assert.deepEqual(bestMatch([[0.5], [0.1], [0.4]]), [-1, 0, -1])
  assert.deepEqual(bestMatch([[0.5, 0.1, 0.4]]), [1])
})
