// The performance store: what comes in comes back, and the ranking is by evidence.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import {
  customFigures,
  type PerformanceEntry,
  performanceStoreBytes,
  rankedBy,
  readPerformanceStore,
  topPerformers,
  withEntries,
} from './performance-store.ts'

const entry = (releaseId: string, over: Partial<PerformanceEntry> = {}): PerformanceEntry => ({
  releaseId,
  role: 'meta',
  accuracy: 0.5,
  profitFactor: 1.1,
  sharpeRatio: 0.1,
  sortino: null,
  cvar95: null,
  maxDrawdown: null,
  totalTrades: 100,
  brier: null,
  lastEvaluated: '2026-01-15T00:00:00.000Z',
  source: 'backtest',
  custom: { deflatedSharpe: 0.9 },
  ...over,
})
const names = (entries: readonly PerformanceEntry[]) => entries.map(({ releaseId }) => releaseId)

test('a store comes back equal; a newer entry takes the place of the older of its release, role and source', () => {
  const entries = withEntries([entry('a'), entry('b')], [entry('a', { accuracy: 0.7 }), entry('a', { source: 'live' })])
  assert.deepEqual(
    entries.map(({ releaseId, source, accuracy }) => [releaseId, source, accuracy]),
    [
      ['a', 'backtest', 0.7],
      ['a', 'live', 0.5],
      ['b', 'backtest', 0.5],
    ],
  )
  const store = { schema: 'ratchet.performance/1' as const, updatedAt: '2026-01-15T00:00:00Z', entries: [...entries] }
  assert.deepEqual(unwrap(readPerformanceStore(performanceStoreBytes(store))), store)
  const broken = readPerformanceStore(
    new TextEncoder().encode('{"schema":"ratchet.performance/1","updatedAt":"x","entries":[{}]}'),
  )
  assert.equal(broken.ok ? 'accepted' : broken.fault.code, 'REGISTRY_SCHEMA')
})

test('the best is who is surest to be better than luck; then profit factor, then the newest', () => {
  const entries = [
    entry('lucky', { sharpeRatio: 3, custom: { deflatedSharpe: 0.2 } }),
    entry('sure', { custom: { deflatedSharpe: 0.99 } }),
    entry('old'),
    entry('new', { lastEvaluated: '2026-01-16T00:00:00.000Z' }),
    entry('profitable', { profitFactor: 1.5 }),
    entry('unmeasured', { custom: {}, profitFactor: 9 }),
  ]
  assert.deepEqual(names(topPerformers(entries)), ['sure', 'profitable', 'new', 'old', 'lucky', 'unmeasured'])
  assert.deepEqual(names(topPerformers(entries, { rankBy: 'sharpe', top: 1 })), ['lucky'])
})

test('fewer than 50 trades stand below all others, marked, whatever they show', () => {
  const ranked = topPerformers([
    entry('thin', { totalTrades: 49, custom: { deflatedSharpe: 1 } }),
    entry('enough', { totalTrades: 50 }),
  ])
  assert.deepEqual(
    ranked.map(({ releaseId, rank, thin }) => [releaseId, rank, thin]),
    [
      ['enough', 1, false],
      ['thin', 2, true],
    ],
  )
})

test('a measure of one’s own is a name, a function of trades and a direction', () => {
  const longestLoss = {
    name: 'longestLoss',
    better: 'lower' as const,
    of: (r: readonly number[]) =>
      r.reduce<[number, number]>(
        ([most, run], value) => (value < 0 ? [Math.max(most, run + 1), run + 1] : [most, 0]),
        [0, 0],
      )[0],
  }
  assert.deepEqual(
    customFigures([longestLoss, { name: 'none', better: 'higher', of: () => Number.NaN }], [1, -1, -1, 2, -1]),
    {
      longestLoss: 2,
      none: null,
    },
  )
  const entries = [entry('a', { custom: { longestLoss: 5 } }), entry('b', { custom: { longestLoss: 2 } }), entry('c')]
  assert.deepEqual(names(rankedBy(longestLoss, entries)), ['b', 'a'])
})
