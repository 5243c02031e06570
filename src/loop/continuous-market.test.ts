import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DataSet } from '../data/data-sets.ts'
import type { Snapshot } from '../data/store.ts'
import type { Bar } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { continuousMarket } from './continuous-market.ts'
import { settingsSchema } from './settings.ts'

const MINUTE = 60_000
const CME = calendarOf('cme-index')
const ports = { settings: settingsSchema.parse({}) }

/** Whole sessions in half-hours, from 18:00 the evening before to 17:00, minus those that are taken out. */
function sessions(
  dates: readonly string[],
  close: number,
  volume: number,
  keep: (date: string, bar: number) => boolean = () => true,
): Bar[] {
  return dates.flatMap(date => {
    const end = CME.sessionClose(date)
    return Array.from({ length: 46 }, (_, bar) => {
      const time = end - (46 - bar) * 30 * MINUTE
      return { time, knownAt: time + 30 * MINUTE, open: close, high: close, low: close, close, volume }
    }).filter((_, bar) => keep(date, bar))
  })
}

const BEFORE = ['2025-09-08', '2025-09-09', '2025-09-10']
const AFTER = ['2025-09-11', '2025-09-12']

type Stored = {
  readonly symbol: string
  readonly bars: readonly Bar[]
  readonly provenance?: Snapshot['provenance']
  readonly hash?: string
}

function storesOf(...all: readonly Stored[]) {
  const snapshots = all.map(
    ({ symbol, provenance = 'real', hash = symbol }): Snapshot => ({
      symbol,
      barMs: 30 * MINUTE,
      snapshotId: hash,
      partitions: [],
      provenance,
      source: 'file',
      hasVolume: true,
    }),
  )
  const refuse = () => Promise.reject(new Error('nothing is saved here'))
  const sets = snapshots.map(
    ({ symbol, snapshotId, barMs }, createdAt) =>
      ({
        hash: snapshotId,
        symbol,
        barMs,
        createdAt,
        report: JSON.stringify({ symbol, excludedDates: BEFORE, firstRejects: [], fileSha256: '' }),
      }) as DataSet,
  )
  return {
    bars: {
      list: async () => snapshots,
      load: async (snapshot: Snapshot) => ({
        ...snapshot,
        bars: all.find(({ symbol, hash = symbol }) => hash === snapshot.snapshotId)!.bars,
      }),
      save: refuse,
      remove: refuse,
    },
    dataSets: { list: async () => sets, save: refuse },
  }
}

const U = { symbol: 'ESU2025', bars: sessions([...BEFORE, ...AFTER], 6000, 100) }
const Z = { symbol: 'ESZ2025', bars: sessions([...BEFORE, ...AFTER], 6060, 10) }
const market = (...all: readonly Stored[]) =>
  continuousMarket({ root: 'ES', barMs: 30 * MINUTE }, storesOf(...all), ports)

test('features read a series without the jump, and what was traded stands beside each bar', async () => {
  const { series, held, instrument, rolls } = await market(U, Z)
  assert.deepEqual([series.symbol, instrument.symbol, series.source], ['ES', 'ES', 'internal_calculation'])
  assert.equal(series.bars.length, 5 * 46)
  assert.ok(series.bars.every(({ close }) => Math.abs(close - 6000) < 1e-9))
  assert.deepEqual([held[0]!.real.close, held.at(-1)!.real.close], [6000, 6060])
  assert.deepEqual(
    rolls.map(({ from }) => from),
    ['2025-09-08', '2025-09-11'],
  )
})

test('gaps count in the contract that was the front one, not in months when nobody traded it', async () => {
  const thin = {
    ...Z,
    bars: sessions([...BEFORE, ...AFTER], 6060, 10, (date, bar) => AFTER.includes(date) || bar === 45),
  }
  const whole = await market(U, thin)
  assert.deepEqual([...whole.excludedDates], [])
  assert.equal(whole.report.missingBars, 0)
  const holed = { ...U, bars: sessions(BEFORE, 6000, 100, (date, bar) => date !== '2025-09-09' || bar >= 7) }
  const broken = await market(holed, thin)
  assert.deepEqual([...broken.excludedDates], ['2025-09-09'])
})

test('the same contracts give the same id, a corrected one gives another, in whatever order they were imported', async () => {
  const id = async (...all: readonly Stored[]) => (await market(...all)).series.snapshotId
  assert.equal(await id(U, Z), await id(Z, U))
  assert.notEqual(await id(U, { ...Z, hash: 'corrected' }), await id(U, Z))
  assert.equal(await id(U, { ...Z, hash: 'old' }, Z), await id(U, Z), 'the newest version of a contract counts')
})

test('real and simulated contracts are not mixed', async () => {
  await assert.rejects(market(U, { ...Z, provenance: 'simulated' }), { code: 'DATA_PROVENANCE_MIXED' })
})
