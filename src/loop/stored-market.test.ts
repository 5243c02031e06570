import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sp500Bars } from '../../test/sp500.ts'
import type { DataSet } from '../data/data-sets.ts'
import type { Snapshot } from '../data/store.ts'
import { settingsSchema } from './settings.ts'
import { marketInUse, storedMarket } from './stored-market.ts'

const bars = sp500Bars(5)
const DAY_MS = 86_400_000
const excludedDates = ['2000-01-05']

const snapshotOf = (symbol: string, snapshotId: string): Snapshot => {
  return { symbol, snapshotId, barMs: DAY_MS, source: 'file', provenance: 'real', hasVolume: true, partitions: [] }
}
const setOf = (symbol: string, hash: string, createdAt: number, headAt: number | null = null): DataSet => ({
  hash,
  symbol,
  barMs: DAY_MS,
  firstTime: 0,
  lastTime: 1,
  rows: 5,
  provenance: 'real',
  source: 'file',
  file: 'bars.csv',
  report: JSON.stringify({ calendar: 'nyse', excludedDates }),
  createdAt,
  headAt,
})

const storesOf = (snapshots: readonly Snapshot[], sets: readonly DataSet[]) => ({
  bars: {
    list: async () => snapshots,
    load: async (snapshot: Snapshot) => ({ ...snapshot, bars }),
    remove: () => Promise.reject(new Error('nothing is removed here')),
    save: () => Promise.reject(new Error('nothing is saved here')),
  },
  dataSets: { list: async () => sets, save: () => Promise.reject(new Error('nothing is saved here')) },
})
const ports = { settings: settingsSchema.parse({}) }
const stores = storesOf(
  [snapshotOf('AAA', 'later'), snapshotOf('AAA', 'early'), snapshotOf('BBB', 'newest')],
  [setOf('AAA', 'early', 1), setOf('AAA', 'later', 2), setOf('BBB', 'newest', 3)],
)

test('the market is the series that was imported last, with the facts of its import', async () => {
  const market = await storedMarket(stores, undefined, ports)
  assert.equal(market?.snapshot.snapshotId, 'newest')
  assert.equal(market?.calendar.name, 'nyse')
  assert.deepEqual(market?.excludedDates, new Set(excludedDates))
  assert.equal(market?.series.bars.length, 5)
})

test('of a symbol it is the last version of that symbol', async () => {
  assert.equal((await storedMarket(stores, 'AAA', ports))?.snapshot.snapshotId, 'later')
})

test('there is none without bars, and none from the facts of another symbol with equal bars', async () => {
  assert.equal(await storedMarket(storesOf([], []), undefined, ports), undefined)
  assert.equal(await storedMarket(stores, 'CCC', ports), undefined)
  assert.equal(
    await storedMarket(storesOf([snapshotOf('BBB', 'one')], [setOf('AAA', 'one', 1)]), undefined, ports),
    undefined,
  )
})

test('the series in use is the one imported last, whatever other uses have stored since', async () => {
  const snapshots = ['backtest', 'imported', 'older'].map(id => snapshotOf('AAA', id))
  const sets = [setOf('AAA', 'older', 1, 1), setOf('AAA', 'imported', 2, 2), setOf('AAA', 'backtest', 3)]
  const some = storesOf(snapshots, sets)
  assert.equal((await marketInUse(some, 'AAA', ports))?.snapshot.snapshotId, 'imported')
  assert.equal((await storedMarket(some, undefined, ports))?.snapshot.snapshotId, 'imported')
  // Importing the older file again makes it the one in use again.
  const again = storesOf(snapshots, [setOf('AAA', 'older', 1, 4), ...sets.slice(1)])
  assert.equal((await marketInUse(again, 'AAA', ports))?.snapshot.snapshotId, 'older')
})

test('where nothing was imported no series is in use', async () => {
  assert.equal(await marketInUse(stores, 'AAA', ports), undefined)
})
