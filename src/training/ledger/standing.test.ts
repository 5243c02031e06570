import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { variance } from '../../math/statistics.ts'
import { draftOf } from '../../trading/ledger/ledger.checks.ts'
import { memoryLedger } from '../../trading/ledger/memory-ledger.ts'
import { hypothesisId } from './hypothesis.ts'
import { levelFor, overfittingOf, testBody, varianceWithin } from './multiplicity.ts'
import { joinedSeries, resultsBody, resultsOf, trialResults } from './results.ts'
import { keyOf, kindOf, standingOf } from './standing.ts'

const HOUR = 3_600_000
const rng = seededRng(8)

/** Decisions each hour whose results are known after `overlap` hours. */
function series(count: number, edge = 0, { from = 0, overlap = 1 } = {}) {
  const start = Float64Array.from({ length: count }, (_, i) => (from + i) * HOUR)
  const end = start.map(time => time + overlap * HOUR - 1)
  return { start, end, r: Float64Array.from({ length: count }, () => edge + rng.normal()) }
}

const asked = (configSha256: string, until: number, act = 'new') => ({ act, configSha256, until })

test('a new configuration is a trial, the same one on newer data is a look, on the same or older data a re-run', async () => {
  const ledger = memoryLedger()
  await ledger.append([draftOf('1', { kind: 'configuration', configSha256: 'a', until: 100 })])
  const entries = await ledger.entries()
  assert.equal(kindOf([], asked('a', 1)), 'configuration')
  assert.equal(kindOf(entries, asked('b', 100)), 'configuration')
  assert.equal(kindOf(entries, asked('a', 101)), 'look')
  assert.equal(kindOf(entries, asked('a', 100)), 'rerun')
  assert.equal(kindOf(entries, asked('a', 50)), 'rerun')
})

test('looks and holdout views are not trials; configurations, search trials, agent runs and re-runs are', async () => {
  const ledger = memoryLedger()
  const kinds = ['configuration', 'trial', 'agent', 'rerun', 'look', 'look', 'holdout', 'test'] as const
  await ledger.append(kinds.map((kind, at) => draftOf(`${at}`, { kind, body: null, configSha256: `${at}` })))
  const entries = await ledger.entries()
  const fresh = standingOf(entries, asked('x', 1))
  assert.deepEqual(fresh, { kind: 'configuration', trials: 5, looks: 2, holdoutViews: 2, others: [] })
  const look = standingOf(entries, asked('0', 1_000))
  assert.deepEqual([look.kind, look.trials, look.looks], ['look', 4, 3])
})

test('an act that is done again stands where it stood the first time', async () => {
  const ledger = memoryLedger()
  const of = async () => standingOf(await ledger.entries(), asked('a', 100, 'act'))
  const first = await of()
  const own = { configSha256: 'a', until: 100, body: null }
  await ledger.append([
    draftOf(keyOf('act', 'meta'), { ...own, kind: 'configuration' }),
    draftOf(keyOf('act', 'meta holdout'), { ...own, kind: 'holdout' }),
  ])
  assert.deepEqual(await of(), first)
  await ledger.append([draftOf('act 2/meta', { kind: 'trial', configSha256: 'b', body: null })])
  assert.deepEqual(await of(), first)
  assert.equal(standingOf(await ledger.entries(), asked('c', 100, 'act 3')).trials, 3)
})

test('results survive the ledger, and too few of them are counted but not kept', () => {
  const results = trialResults(series(200, 0.1))
  assert.deepEqual(resultsOf(resultsBody(results)), results)
  assert.equal(results?.sums.length, 16)
  assert.equal(trialResults(series(29)), null)
  assert.equal(trialResults({ ...series(100), r: new Float64Array(100) }), null)
  assert.equal(resultsOf(resultsBody(null)), null)
})

test('results that overlap are as many periods as are independent', () => {
  assert.equal(trialResults(series(200, 0, { overlap: 5 }))?.periods, 40)
  const joined = joinedSeries([series(50), series(50, 0, { from: 50 })])
  assert.deepEqual([joined.r.length, trialResults(joined)?.periods], [100, 100])
})

test('the variance of trials is taken within roles', () => {
  const with_ = (sharpe: number) => ({ ...trialResults(series(100))!, sharpe })
  const meta = [0.1, 0.3, 0.2].map(with_)
  assert.ok(Math.abs(varianceWithin([meta]) - variance([0.1, 0.3, 0.2])) < 1e-12)
  const other = [5.1, 5.3].map(with_)
  assert.ok(varianceWithin([meta, other]) < 0.02)
  assert.ok(Number.isNaN(varianceWithin([[with_(1)], []])))
})

test('overfitting is measured among trials on the same decisions', () => {
  const noise = Array.from({ length: 20 }, () => trialResults(series(320))!)
  const better = trialResults(series(320, 0.8))!
  const elsewhere = trialResults(series(320, 3, { from: 9 }))!
  assert.ok(overfittingOf([elsewhere, ...noise, better]) < 0.05)
  assert.ok(overfittingOf(noise) > 0.1)
  assert.ok(Number.isNaN(overfittingOf([better, elsewhere])))
  assert.ok(Number.isNaN(overfittingOf([])))
})

test('each look spends of the budget, and a discovery earns some back', async () => {
  const ledger = memoryLedger()
  const level = async (key = 'new') => levelFor(await ledger.entries(), key, 0.1)
  const first = await level()
  await ledger.append([draftOf('t1', { kind: 'test', body: testBody({ p: 0.5, level: first }) })])
  const second = await level()
  assert.ok(second < first)
  await ledger.append([draftOf('t2', { kind: 'test', body: testBody({ p: 1e-9, level: second }) })])
  assert.ok((await level()) > second)
  assert.equal(await level('t1'), first)
  assert.equal(await level('t2'), second)
})

test('hypotheses differ by each of their parts', () => {
  const one = {
    role: 'meta',
    symbol: 'SPX',
    labels: { stopAtr: 2, targetAtr: 3, maxBars: 100, minRiskRewardRatio: 2 },
    era: { barMs: HOUR, from: 0, provenance: 'real' },
    scope: null,
  }
  const others = [
    { ...one, role: 'execution' },
    { ...one, symbol: 'ES' },
    { ...one, labels: { ...one.labels, maxBars: 50 } },
    { ...one, era: { ...one.era, from: 1 } },
    { ...one, scope: 'replay-1' },
  ]
  assert.equal(new Set([one, ...others].map(hypothesisId)).size, 6)
  assert.equal(hypothesisId(one), hypothesisId(structuredClone(one)))
})
