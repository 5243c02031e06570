// What `data import` does to a series that is stored already, and what other verbs do not do to it.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { marketInUse } from '../../src/loop/stored-market.ts'
import { type World, world } from './host.ts'

const HOUR = 3_600_000
const HEADER = 'time,open,high,low,close,volume'
const CLOSE = 100

/** Hourly bars of a market that never closes; a month of them from `from` on, `lift` higher. */
const month = (from: string, lift = 0): string => {
  const start = Date.parse(`${from}T00:00:00Z`)
  const rows = Array.from({ length: 28 * 24 }, (_, i) => {
    const close = CLOSE + lift + Math.sin(i)
    return `${new Date(start + i * HOUR).toISOString()},${close},${close + 1},${close - 1},${close},5`
  })
  return [HEADER, ...rows].join('\n')
}

async function files({ directory }: World, texts: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(texts)) await writeFile(join(directory, name), text)
  return (name: string) => ['data', 'import', join(directory, name), '--symbol', 'COIN', '--calendar', '24x7'] as const
}

async function inUse({ ports, state }: World) {
  const opened = await ports.openState(state)
  const market = await marketInUse(opened, 'COIN', ports)
  const sets = await opened.dataSets.list()
  await opened.close()
  return { market, sets }
}

test('a second month is added to the first, and a correction of one month changes that month alone', async t => {
  const it = await world(t)
  const load = await files(it, {
    'may.csv': month('2023-05-01'),
    'june.csv': month('2023-06-01'),
    'mended.csv': month('2023-05-01', 2),
  })
  assert.equal((await it.run(...load('may.csv'))).code, 0)
  const second = await it.run(...load('june.csv'))
  assert.match(second.out, /added to 672 stored bars: 672 new, 0 corrected/)
  const before = await inUse(it)
  assert.equal(before.market?.series.bars.length, 1344)

  assert.match((await it.run(...load('mended.csv'))).out, /added to 1344 stored bars: 0 new, 672 corrected/)
  const { market, sets } = await inUse(it)
  const { bars } = market!.series
  assert.equal(bars.length, 1344)
  assert.equal(bars[0]!.close, CLOSE + 2)
  assert.equal(bars[672]!.close, CLOSE)
  assert.equal(market?.report.lineage?.path.endsWith(`added to snapshot ${before.market?.snapshot.snapshotId}`), true)
  // June is the same partition as before; what was there before can still be read.
  const june = (snapshot: typeof market) => snapshot?.snapshot.partitions.find(({ month: name }) => name === '2023-06')
  assert.deepEqual(june(market), june(before.market))
  assert.equal(sets.length, 3)
  assert.equal((await it.run('data', 'check')).code, 0)
})

test('bars received later stand, in whatever order the months came', async t => {
  const it = await world(t)
  const load = await files(it, { 'june.csv': month('2023-06-01'), 'may.csv': month('2023-05-01') })
  await it.run(...load('june.csv'))
  await it.run(...load('may.csv'))
  const { market } = await inUse(it)
  assert.equal(new Date(market!.series.bars[0]!.time).toISOString(), '2023-05-01T00:00:00.000Z')
  assert.equal(market!.series.bars.length, 1344)
})

test('a backtest on an old file and one on simulated bars change nothing of the series in use', async t => {
  const it = await world(t)
  const load = await files(it, { 'may.csv': month('2023-05-01'), 'old.csv': month('2022-05-01') })
  await it.run(...load('may.csv'))
  const before = await inUse(it)
  const look = ['backtest', '--bars', join(it.directory, 'old.csv'), '--symbol', 'COIN', '--calendar', '24x7'] as const
  for (const more of [[], ['--simulated']]) await it.run(...look, '--monte-carlo', '5', '--allow-gaps', ...more)
  const after = await inUse(it)
  assert.equal(after.market?.snapshot.snapshotId, before.market?.snapshot.snapshotId)
  const { value } = await it.json('data', 'list')
  const series = value['series'] as readonly { readonly inUse: boolean; readonly snapshotId: string }[]
  assert.deepEqual(
    series.filter(one => one.inUse).map(one => one.snapshotId),
    [before.market?.snapshot.snapshotId],
  )
})

test('simulated bars are not added to real ones; they begin anew where that is asked for', async t => {
  const it = await world(t)
  const load = await files(it, { 'may.csv': month('2023-05-01'), 'june.csv': month('2023-06-01') })
  await it.run(...load('may.csv'))
  const refused = await it.run(...load('june.csv'), '--simulated')
  assert.equal(refused.code, 2, refused.err)
  assert.match(refused.err, /DATA_SOURCE_MIXED.*source file, these of simulated/)
  assert.equal((await inUse(it)).market?.series.provenance, 'real')
  assert.equal((await it.run(...load('june.csv'), '--simulated', '--replace')).code, 0)
  const { market } = await inUse(it)
  assert.deepEqual([market?.series.provenance, market?.series.bars.length], ['simulated', 672])
})

test('a few days on another calendar than the stored series are refused', async t => {
  const it = await world(t)
  const load = await files(it, { 'may.csv': month('2023-05-01'), 'june.csv': month('2023-06-01') })
  await it.run(...load('may.csv'))
  const { err } = await it.run(...load('june.csv').slice(0, -1), 'fx')
  assert.match(err, /DATA_CALENDAR_MIXED/)
})

test('a partition that is not the one in the database is found by the check', async t => {
  const it = await world(t)
  const load = await files(it, { 'may.csv': month('2023-05-01') })
  await it.run(...load('may.csv'))
  const opened = await it.ports.openState(it.state)
  const [set] = await opened.dataSets.list()
  const [partition] = await opened.dataSets.partitions(set!)
  assert.deepEqual([partition?.month, partition?.rows, partition?.sha256.length], ['2023-05', 672, 64])
  await opened.dataSets.save(set!, [{ month: '2023-06', sha256: 'f'.repeat(64), rows: 1 }])
  await opened.close()
  const { code, out } = await it.run('data', 'check')
  assert.equal(code, 1)
  assert.match(out, /fail partitions: 2023-06 is in the database and not in the snapshot/)
})
