// 140 strategies without any edge on real bars: the best of them must not be promoted by what G13 asks of a first champion.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Rng, seededRng } from '../../src/base/rng.ts'
import { deflatedSharpe, probabilisticSharpe, sharpeEvidence } from '../../src/math/deflated-sharpe.ts'
import { blockSums, probabilityOfOverfitting } from '../../src/math/pbo.ts'
import { mean, standardDeviation, variance } from '../../src/math/statistics.ts'
import { sp500Bars } from '../sp500.ts'

const STRATEGIES = 140
const LONG = process.env.RATCHET_LONG === '1'
/** Sessions that a stance is kept on average. */
const HELD = 10

const closes = sp500Bars().map(({ close }) => close)
const returns = Float64Array.from(closes.slice(1), (close, i) => close / closes[i]! - 1)

/** Long or short by the toss of a coin, thrown again on every tenth session or so. */
function tossed(random: Rng): Float64Array {
  let side = 1
  return returns.map((move, session) => {
    if (session === 0 || random.next() < 1 / HELD) side = random.next() < 0.5 ? -1 : 1
    return side * move
  })
}

function repetition(label: number): { readonly naive: boolean; readonly promoted: boolean } {
  const random = seededRng(`lucky ${label}`)
  const results = Array.from({ length: STRATEGIES }, () => tossed(random))
  const sharpes = results.map(own => mean(own) / standardDeviation(own))
  const best = sharpes.indexOf(Math.max(...sharpes))
  const evidence = sharpeEvidence(results[best]!)
  const deflated = deflatedSharpe(evidence, { trials: STRATEGIES, variance: variance(sharpes) })
  const naive = probabilisticSharpe(evidence).value! >= 0.95
  // The dear question is asked of those that pass the cheap one.
  const promoted = deflated.value! >= 0.95 && probabilityOfOverfitting(blockSums(results)) <= 0.2
  return { naive, promoted }
}

function judge(repetitions: number, say: (words: string) => void): void {
  const outcomes = Array.from({ length: repetitions }, (_, label) => repetition(label))
  const promoted = outcomes.filter(outcome => outcome.promoted).length
  const naive = outcomes.filter(outcome => outcome.naive).length
  say(`${promoted} of ${repetitions} promoted; by the Sharpe ratio alone ${naive} would have been`)
  assert.ok(promoted <= repetitions / 100)
  // Without the count of trials the same question lets nearly all of them through: it is the count that protects.
  assert.ok(naive > repetitions * 0.9)
}

const claim = (repetitions: number) =>
  `the best of ${STRATEGIES} coin tosses on the S&P 500 is promoted in at most 1 % of ${repetitions} repetitions`

test(claim(100), context => judge(100, words => context.diagnostic(words)))

test(claim(1_000), { skip: LONG ? false : 'the long set runs with RATCHET_LONG=1' }, context =>
  judge(1_000, words => context.diagnostic(words)),
)

test('the best of them is usually not the best on the other half', () => {
  const random = seededRng('halves')
  const pbo = Array.from({ length: 5 }, () =>
    probabilityOfOverfitting(blockSums(Array.from({ length: STRATEGIES }, () => tossed(random)))),
  )
  assert.ok(Math.abs(mean(pbo) - 0.5) < 0.15, pbo.join(' '))
})
