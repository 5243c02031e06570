import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { deflatedSharpe, expectedMaximumSharpe, probabilisticSharpe, sharpeEvidence } from './deflated-sharpe.ts'
import { mean } from './statistics.ts'

const YEAR = 250
/** The numerical example of Bailey and Lopez de Prado 2014. */
const published = { sharpe: 2.5 / Math.sqrt(YEAR), periods: 1250, skewness: -3, kurtosis: 10 }

test('the published example gives 0.9004', () => {
  const { value } = deflatedSharpe(published, { trials: 100, variance: 0.5 / YEAR })
  assert.equal(value?.toFixed(4), '0.9004')
})

test('the published expectation of the best of 100 is 0.1132 a day, and with 46 trials the same Sharpe reaches 0.95', () => {
  assert.equal(expectedMaximumSharpe({ trials: 100, variance: 0.5 / YEAR }).toFixed(4), '0.1132')
  assert.equal(deflatedSharpe(published, { trials: 46, variance: 0.5 / YEAR }).value?.toFixed(4), '0.9505')
})

test('one trial gives the probabilistic Sharpe ratio, whatever is said of a variance', () => {
  for (const variance of [0, 1, Number.NaN]) {
    assert.deepEqual(deflatedSharpe(published, { trials: 1, variance }), probabilisticSharpe(published))
  }
})

test('more trials, more variance among them and fewer periods lower it', () => {
  const of = (trials: number, variance: number, periods = 1250) =>
    deflatedSharpe({ ...published, periods }, { trials, variance }).value!
  assert.ok(of(100, 0.002) < of(50, 0.002))
  assert.ok(of(100, 0.003) < of(100, 0.002))
  assert.ok(of(100, 0.002, 600) < of(100, 0.002))
})

test('a normal sample needs no correction: the probabilistic Sharpe ratio is that of the t statistic', () => {
  // Mertens 2002: the standard error of a normal sample is sqrt((1 + SR^2/2)/(T-1)).
  const { value } = probabilisticSharpe({ sharpe: 0.1, periods: 251, skewness: 0, kurtosis: 3 })
  assert.ok(Math.abs(value! - 0.94258) < 1e-4, String(value))
})

test('below 30 periods, without spread and with an unknown variance there is no number', () => {
  assert.deepEqual(probabilisticSharpe({ ...published, periods: 29 }), {
    value: null,
    n: 29,
    reason: '29 periods, 30 are needed',
  })
  assert.equal(probabilisticSharpe(sharpeEvidence(new Float64Array(40))).value, null)
  assert.equal(deflatedSharpe(published, { trials: 2, variance: Number.NaN }).value, null)
  assert.throws(() => expectedMaximumSharpe({ trials: 0, variance: 1 }), RangeError)
})

test('results that overlap count as fewer periods', () => {
  const results = Array.from({ length: 100 }, (_, i) => Math.sin(i))
  assert.equal(sharpeEvidence(results, 4).periods, 25)
  assert.equal(sharpeEvidence(results).periods, 100)
})

test('the best of N draws without edge is, on average, what is expected of it', () => {
  const rng = seededRng(2)
  for (const trials of [10, 50]) {
    const best = Array.from({ length: 20_000 }, () => {
      let top = -Infinity
      for (let i = 0; i < trials; i++) top = Math.max(top, rng.normal())
      return top
    })
    // The formula is an asymptotic one: 0.03 off at 10 and less beyond.
    assert.ok(Math.abs(mean(best) - expectedMaximumSharpe({ trials, variance: 1 })) < 0.05)
  }
})
