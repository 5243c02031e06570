// G13: a first champion against the luck of many trials, and whoever follows against the budget of false discoveries.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import type { Multiplicity } from '../../release/evaluation.ts'
import { candidate, contextOf } from '../fixtures/candidate.ts'
import { lookOf, multiplicity } from './g13-multiplicity.ts'
import type { GateContext, PairedScores } from './gate.ts'
import { GATE_LIMITS } from './limits.ts'

const stated = (over: Partial<Multiplicity> = {}): Multiplicity => ({
  trials: 1,
  looks: 0,
  holdoutViews: 1,
  sharpeVariance: null,
  pbo: null,
  deflatedSharpe: { value: 0.97, low: null, high: null, n: 200 },
  ...over,
})
const made = (over?: Partial<Multiplicity>) => candidate({ evaluation: { multiplicity: stated(over) } })
const champion = candidate({ version: 2 }).set

/** Results of 400 decisions with an edge, in units of their spread; the other set has none. */
function scores(edge: number, overlap = 1): PairedScores {
  const rng = seededRng('scores')
  const draw = (center: number) => Float64Array.from({ length: 400 }, () => center + rng.normal())
  const championR = draw(0)
  const candidateR = championR.map(r => r + edge + 0.1 * rng.normal())
  const championLoss = draw(1)
  return {
    championR,
    candidateR,
    championLoss,
    candidateLoss: championLoss.map(loss => loss + 0.01 * rng.normal()),
    overlap,
  }
}
const scored = (edge: number, overlap?: number) => ({ score: () => scores(edge, overlap) })

const first = (over: Partial<Multiplicity> | undefined, evidence: Partial<GateContext>) =>
  multiplicity.check(contextOf(made(over), { profile: 'live', ...evidence }))

test('the only configuration is judged by its probabilistic Sharpe ratio', () => {
  const good = first(undefined, scored(0.3))
  assert.deepEqual([good.result, good.limit], ['pass', 0.95])
  assert.ok(Number(good.value) > 0.99)
  const weak = first(undefined, scored(0.01))
  assert.equal(weak.result, 'fail')
  assert.match(weak.reason ?? '', /deflated Sharpe 0\.\d+, 0.95 is needed, after 1 trials/)
})

test('the same results are luck after many trials, and thin where decisions overlap', () => {
  const tried = { trials: 200, sharpeVariance: 0.02, pbo: 0.1 }
  assert.equal(first(tried, scored(0.3)).result, 'fail')
  assert.equal(first(tried, scored(1)).result, 'pass')
  assert.match(first(undefined, scored(0.3, 40)).reason ?? '', /10 periods, 30 are needed/)
})

test('overfitting refuses whatever the Sharpe ratio, and where trials cannot be compared it is not known', () => {
  const tried = { trials: 5, sharpeVariance: 0.001 }
  assert.match(first({ ...tried, pbo: 0.21 }, scored(1)).reason ?? '', /overfitting 0.21, limit 0.2/)
  assert.match(first(tried, scored(1)).reason ?? '', /no two trials can be compared/)
  assert.equal(first({ ...tried, pbo: 0.2 }, scored(1)).result, 'pass')
  assert.match(first({ trials: 5, pbo: 0.1 }, scored(1)).reason ?? '', /how much the trials vary is not known/)
})

test('a bot without bars takes the figure of the publisher', () => {
  assert.equal(first(undefined, {}).result, 'pass')
  const thin = { value: null, low: null, high: null, n: 3, note: '3 periods, 30 are needed' }
  assert.match(first({ deflatedSharpe: thin }, {}).reason ?? '', /3 periods/)
})

test('who follows must beat the level that the ledger grants', () => {
  const of = (edge: number, level: number | undefined) => first(undefined, { champion, level, ...scored(edge) })
  const sure = of(0.5, 0.01)
  assert.deepEqual([sure.result, sure.limit], ['pass', 0.01])
  assert.match(of(0, 0.01).reason ?? '', /p \S+ of the improvement, this look may spend 0.01/)
  assert.equal(of(0.5, 1e-9).result, 'fail')
  assert.match(of(0.5, undefined).reason ?? '', /no ledger grants a level/)
  assert.equal(first(undefined, { champion, level: 0.05 }).result, 'fail')
})

test('without a decision that both have not seen there is nothing to be lucky with: open in paper, refused in live', () => {
  const empty = new Float64Array(0)
  const nothing: PairedScores = { candidateLoss: empty, championLoss: empty, candidateR: empty, championR: empty }
  const none = { champion, level: 0.05, score: () => nothing }
  assert.deepEqual([first(undefined, none).result, first(undefined, none).reason], ['fail', 'no decisions to compare'])
  assert.equal(first(undefined, { ...none, profile: 'paper' }).result, 'notApplicable')
})

test('a refresh spends the p with which it is no worse, not one of an improvement', () => {
  const of = (refresh: boolean) => first(undefined, { champion, level: 0.05, refresh, ...scored(0) })
  assert.deepEqual([of(false).result, of(true).result], ['fail', 'pass'])
})

test('paper shows each refusal as a warning and says what live would have decided', () => {
  const paper = { profile: 'paper' } as const
  const weak = first(undefined, { ...scored(0.01), ...paper })
  assert.deepEqual([weak.result, weak.paper, weak.live], ['pass', true, 'fail'])
  assert.match(weak.reason ?? '', /^warning: deflated Sharpe/)
  const later = first(undefined, { champion, level: 1e-9, ...scored(0), ...paper })
  assert.deepEqual([later.result, later.paper, later.live], ['pass', true, 'fail'])
  const unknown = multiplicity.check(contextOf(candidate(), paper))
  assert.deepEqual([unknown.result, unknown.paper], ['notApplicable', true])
  assert.equal(first(undefined, { ...scored(0.3), ...paper }).paper, undefined)
})

test('switched off it is not passed in live', () => {
  const limits = { ...GATE_LIMITS, multiplicity: false }
  assert.equal(first(undefined, { limits, ...scored(1) }).result, 'fail')
})

test('a report tells what a look asked and was granted; a first champion made none', () => {
  const result = first(undefined, { champion, level: 0.01, ...scored(0.5) })
  assert.deepEqual(lookOf({ results: [result], champion: 'd' }), { p: result.value, level: 0.01 })
  assert.equal(lookOf({ results: [result], champion: null }), undefined)
  assert.equal(lookOf({ results: [], champion: 'd' }), undefined)
})
