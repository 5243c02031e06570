import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { DAY_MS } from '../market/bar.ts'
import { sharpeEvidence } from '../math/deflated-sharpe.ts'
import { memoryLedger } from '../trading/ledger/memory-ledger.ts'
import { type BacktestAct, enterBacktest } from './backtest-ledger.ts'

const hypothesis = {
  role: 'backtest',
  symbol: 'SPX',
  labels: { stopAtr: 2, targetAtr: 3, maxBars: 100, minRiskRewardRatio: 2 },
  era: { barMs: DAY_MS, from: 0, provenance: 'real' },
  scope: null,
}
const rng = seededRng(5)
const sessions = (edge: number) =>
  Array.from({ length: 320 }, (_, i) => ({ date: `${i}`, time: (i + 1) * DAY_MS, return: edge + 0.01 * rng.normal() }))
const act = (config: unknown, edge = 0, over: Partial<BacktestAct> = {}): BacktestAct => ({
  hypothesis,
  config,
  snapshotId: 'a',
  until: 320 * DAY_MS,
  sessions: sessions(edge),
  modelTrials: 1,
  ...over,
})
const clock = { now: () => 0 }

test('each configuration is a trial, the same act again is none, the same one on newer bars a look', async () => {
  const ledger = memoryLedger()
  const enter = (asked: BacktestAct) => enterBacktest(asked, { ledger }, { clock })
  const first = act('a')
  const told = await enter(first)
  assert.deepEqual([told.trials, told.backtests, told.looks], [1, 1, 0])
  assert.equal((await enter(act('b'))).trials, 2)
  assert.deepEqual(await enter(first), told)
  const newer = await enter(act('a', 0, { snapshotId: 'b', until: 330 * DAY_MS }))
  assert.deepEqual([newer.trials, newer.looks], [2, 1])
  assert.equal((await ledger.entries()).length, 3)
})

test('trials behind the models count as trials', async () => {
  const told = await enterBacktest(act('a', 0, { modelTrials: 12 }), { ledger: memoryLedger() }, { clock })
  assert.deepEqual([told.trials, told.backtests], [12, 1])
  assert.equal(told.deflatedSharpe.value, null, 'how much one backtest varies from others nobody knows')
})

test('the more are tried, the less is left of the same Sharpe ratio, and overfitting is measured among them', async () => {
  const ledger = memoryLedger()
  const enter = (asked: BacktestAct) => enterBacktest(asked, { ledger }, { clock })
  const good = act('good', 0.002)
  const alone = await enterBacktest(good, { ledger: memoryLedger() }, { clock })
  for (let i = 0; i < 8; i++) await enter(act(i))
  const late = await enter(good)
  assert.ok(sharpeEvidence(good.sessions.map(session => session.return)).sharpe > 0.1)
  assert.ok(late.deflatedSharpe.value! < alone.deflatedSharpe.value!)
  assert.equal(alone.overfitting.value, null)
  assert.ok(late.overfitting.value! < 0.2, 'the one with an edge leads on both halves')
})
