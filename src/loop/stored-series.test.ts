import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sp500Bars } from '../../test/sp500.ts'
import { Fault } from '../base/fault.ts'
import type { DataSet } from '../data/data-sets.ts'
import { monthOf, type Partition, type Snapshot, snapshotIdOf } from '../data/store.ts'
import type { Bar, BarSeries } from '../market/bar.ts'
import { settingsSchema } from './settings.ts'
import { auditSeries, storedSeries } from './stored-series.ts'

const bars = sp500Bars(700)
const ports = { clock: { now: () => Date.UTC(2026, 0, 1) }, settings: settingsSchema.parse({}) }

function snapshotOf(list: readonly Bar[], symbol = 'SPX', over: Partial<Snapshot> = {}): Snapshot {
  const months = Map.groupBy(list, bar => monthOf(bar.time))
  const partitions: Partition[] = [...months].map(([month, { length }]) => ({ month, sha256: month, rows: length }))
  const snapshotId = snapshotIdOf(partitions)
  const facts = { symbol, barMs: 86_400_000, source: 'file', provenance: 'real', hasVolume: true } as const
  return { ...facts, partitions, snapshotId, ...over }
}

function stores(snapshots: readonly Snapshot[], load: readonly Bar[] | Fault = bars, sets: readonly DataSet[] = []) {
  return {
    bars: {
      list: async () => snapshots,
      load: async (snapshot: Snapshot): Promise<BarSeries> => {
        if (load instanceof Fault) throw load
        return { ...snapshot, bars: load }
      },
      save: () => Promise.reject(new Error('nothing is saved here')),
    },
    dataSets: {
      list: async () => sets,
      partitions: async () => [],
      save: () => Promise.reject(new Error('nothing is saved here')),
    },
  }
}

async function audit(load: readonly Bar[] | Fault, snapshot = snapshotOf(bars)) {
  const { findings } = await auditSeries({ snapshot, dataSet: undefined }, stores([snapshot], load), ports)
  return findings
}

const changed = (index: number, over: Partial<Bar>): Bar[] =>
  bars.map((bar, at) => (at === index ? { ...bar, ...over } : bar))

test('sound bars give no finding', async () => {
  assert.deepEqual(await audit(bars), [])
})

const broken: readonly (readonly [check: string, bars: readonly Bar[] | Fault])[] = [
  ['hash', new Fault('DATA_PARTITION_CORRUPT', 'changed', { place: 'x.parquet' })],
  ['rows', bars.slice(0, -1)],
  ['order', changed(5, { time: bars[4]!.time })],
  ['shape', changed(9, { low: bars[9]!.high + 1 })],
  ['future', changed(699, { time: Date.UTC(2030, 0, 1) })],
]

test('each thing that cannot be is a failure of its name', async () => {
  for (const [check, load] of broken) {
    const findings = await audit(load)
    assert.ok(
      findings.some(finding => finding.check === check && finding.severity === 'fail'),
      `${check}: ${JSON.stringify(findings)}`,
    )
  }
})

test('an id that is not that of the partitions is a failure', async () => {
  const [finding] = await audit(bars, snapshotOf(bars, 'SPX', { snapshotId: 'f'.repeat(64) }))
  assert.equal(finding?.check, 'snapshot')
})

test('a spike that is taken back is worth a warning', async () => {
  const { high, close } = bars[650]!
  const findings = await audit(changed(650, { close: close * 2, high: high * 2 }))
  assert.deepEqual(
    findings.map(({ check, severity }) => [check, severity]),
    [['spike', 'warn']],
  )
})

test('bars that are missing inside trading hours are worth a warning', async () => {
  const minute = 60_000
  const open = Date.parse('2024-03-05T14:30:00Z')
  const minutes = Array.from({ length: 300 }, (_, i) => ({
    ...bars[0]!,
    time: open + i * minute,
    knownAt: open + (i + 1) * minute,
  }))
  const gappy = minutes.filter((_, i) => i < 100 || i > 180)
  const snapshot = snapshotOf(gappy, 'AAA', { barMs: minute })
  const findings = await audit(gappy, snapshot)
  assert.deepEqual(
    findings.map(({ check }) => check),
    ['gap'],
  )
})

test('series are listed by symbol; of one symbol alone where it is asked for', async () => {
  const all = stores([snapshotOf(bars, 'ZZZ'), snapshotOf(bars, 'AAA')])
  const symbols = (await storedSeries(all)).map(({ snapshot }) => snapshot.symbol)
  assert.deepEqual(symbols, ['AAA', 'ZZZ'])
  assert.equal((await storedSeries(all, 'ZZZ')).length, 1)
  await assert.rejects(storedSeries(all, 'ZZ'), { code: 'DATA_NONE_STORED', fix: 'did you mean ZZZ?' })
})
