import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import type { Market } from './import-series.ts'
import { settingsSchema } from './settings.ts'
import { runKeyOf, trainedMarks } from './trained-mark.ts'

const facts = { codeVersion: '0.1.0', lockfileSha256: '', platform: '' }
const bars = [10, 20, 30].map(knownAt => ({ knownAt }))
const market = { series: { snapshotId: 'abc', bars } } as unknown as Market
const keyAt = (now: number, settings: object = {}, seed = 1) =>
  runKeyOf(market, seed, { settings: settingsSchema.parse(settings), facts, clock: { now: () => now } })

test('the same bars, settings and seed give the same key, however late it is', () => {
  assert.deepEqual(keyAt(30), keyAt(1e12))
})

test('bars that become known, labels, limits, training options and the seed change the key', () => {
  const keys = [
    keyAt(30),
    keyAt(29),
    keyAt(30, { labels: { stopAtr: 1.5 } }),
    keyAt(30, { tradingBot: { maxRiskPerTrade: 0.5 } }),
    keyAt(30, { training: { folds: 4 } }),
    keyAt(30, {}, 2),
  ]
  assert.equal(new Set(keys.map(key => JSON.stringify(key))).size, keys.length)
})

test('when to train and where to sync from change nothing in what is trained', () => {
  assert.deepEqual(keyAt(30, { training: { intervalMinutes: 60 }, cloudSync: { intervalMinutes: 30 } }), keyAt(30))
})

test('the mark of each pipeline is kept, and a damaged file is an unknown one', async () => {
  const disk = memoryDisk()
  const marks = trainedMarks(disk, '/state')
  assert.equal(await marks.of('stable/ES'), undefined)
  const mark = { ...keyAt(30), releaseId: 'r-1' }
  await marks.set('stable/ES', mark)
  await marks.set('stable/NQ', { ...mark, releaseId: 'r-2' })
  const after = trainedMarks(disk.powerCut(), '/state')
  assert.deepEqual([await after.of('stable/ES'), (await after.of('stable/NQ'))?.releaseId], [mark, 'r-2'])
  for (const text of ['{', '{"stable/ES": 7}', '\u0000']) {
    await disk.remove('/state/state/trained.json')
    await (await disk.create('/state/state/trained.json')).write(new TextEncoder().encode(text))
    assert.equal(await marks.of('stable/ES'), undefined)
  }
})
