import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { filesPublisher } from '../adapters/files/publisher.ts'
import { unwrap } from '../base/fault.ts'
import type { DataMark } from '../data/data-marks.ts'
import { snapshotIdOf } from '../data/store.ts'
import { built, MAC_KEY, NOW } from '../release/fixtures/built.ts'
import { keyring } from '../release/keyring.ts'
import { publishedPath } from '../release/layout.ts'
import { publishRelease } from '../release/publish.ts'
import type { ChannelTree } from './channel-tree.ts'
import { settingsSchema } from './settings.ts'
import { dueWork } from './slot-due.ts'
import type { SlotWork } from './slot-work.ts'
import { runKeyOf, trainedMarks } from './trained-mark.ts'

const { signal } = new AbortController()
const HOUR = 3_600_000
const DAY = 24 * HOUR
const PIPELINE = 'stable/SPX'
const release = built({ version: 4, manifestDays: 7 })
const { channel, label, releaseId } = release.manifest
const BARS = [{ time: 0, open: 1, high: 1, low: 1, close: 1, volume: 0, knownAt: 1 }]
const ID = snapshotIdOf([])
const snapshot = { symbol: 'SPX', barMs: DAY, snapshotId: ID, partitions: [], source: 'file' }
const series = { ...snapshot, hasVolume: false, source: 'file', provenance: 'real', bars: BARS }

/** A state directory with one series, and a tree with one release that may have been made from it. */
async function world(
  nowMs: number,
  {
    stored = true,
    inUse = true,
    files = [] as readonly string[],
    marks = [] as readonly DataMark[],
    maxAge = 1e10,
    close = 1,
  } = {},
) {
  const disk = memoryDisk()
  const publisher = filesPublisher({ disk, root: '/tree', lock: (_, work) => work() })
  const tree: ChannelTree = { publisher, channel, ring: keyring({ known: [MAC_KEY], nowMs: 0 }), signal }
  const set = {
    hash: ID,
    symbol: 'SPX',
    barMs: DAY,
    headAt: inUse ? 1 : null,
    report: JSON.stringify({ calendar: 'nyse', excludedDates: [] }),
  }
  const state = {
    directory: '/state',
    dataSets: { list: async () => (stored ? [set] : []), partitions: async () => [] },
    dataMarks: { list: async () => marks },
    bars: {
      list: async () => (stored ? [snapshot] : []),
      load: async () => ({ ...series, bars: [{ ...BARS[0], close }] }),
    },
  }
  const ports = {
    clock: { now: () => nowMs },
    disk,
    settings: settingsSchema.parse({ data: { maxAgeSeconds: { file: maxAge } } }),
    facts: { codeVersion: '0.1.0', lockfileSha256: '', platform: '' },
    environment: {},
    workingDirectory: '/work',
    present: (path: string) => files.includes(path),
  }
  const work = { pipeline: PIPELINE, symbol: 'SPX', seed: 1, state, ports } as unknown as SlotWork
  const key = runKeyOf({ series } as unknown as Parameters<typeof runKeyOf>[0], 1, work.ports)
  return {
    mark: (id = releaseId) => trainedMarks(disk, '/state').set(PIPELINE, { ...key, releaseId: id }),
    publish: async () => {
      const { files: members, pointerBytes } = release
      unwrap(await publishRelease({ publisher, files: members, label, pointerBytes, signal }))
    },
    lose: () => disk.remove(`/tree/${publishedPath('manifest.json', label)}`),
    due: async () => {
      const due = await dueWork(tree, work)
      return typeof due === 'string' ? due : due.market.series.snapshotId
    },
  }
}

test('bars that no release was made from are due', async () => {
  const it = await world(NOW)
  assert.equal(await it.due(), ID)
})

test('what was made from the same bars and settings and is published is not made again', async () => {
  const it = await world(NOW)
  await it.publish()
  await it.mark()
  assert.equal(await it.due(), 'skipped: nothing new')
})

test('what was made but is not published, or not any more, is due', async () => {
  const it = await world(NOW)
  await it.mark()
  assert.equal(await it.due(), ID)
  await it.publish()
  await it.mark('r-of-another-release')
  assert.equal(await it.due(), ID)
  await it.mark()
  await it.lose()
  assert.equal(await it.due(), ID)
})

test('a manifest that would run out before a pointer to it does is made anew', async () => {
  // Valid for seven days, a pointer for 90 minutes.
  for (const [later, expected] of [
    [7 * DAY - 2 * HOUR, 'skipped: nothing new'],
    [7 * DAY - HOUR, ID],
    [8 * DAY, ID],
  ] as const) {
    const it = await world(NOW + later)
    await it.publish()
    await it.mark()
    assert.equal(await it.due(), expected)
  }
})

test('people are asked before anything is read', async () => {
  const it = await world(NOW, { stored: false, files: ['/state/SKIP_TRAINING'] })
  assert.equal(await it.due(), 'skipped: /state/SKIP_TRAINING exists')
})

test('without bars there is nothing to train on', async () => {
  const it = await world(NOW, { stored: false })
  await assert.rejects(it.due(), { code: 'DATA_NONE_STORED' })
})

test('bars that another use stored, and nobody imported, are not trained on by the clock', async () => {
  const it = await world(NOW, { inUse: false })
  await assert.rejects(it.due(), { code: 'DATA_NONE_STORED' })
})

test('bars that are too old are never the newest day of a training by the clock', async () => {
  // The session of the 1st of January 1970 closed at 21:00 UTC.
  const closed = 21 * HOUR
  const it = (nowMs: number) => world(nowMs, { maxAge: 86_400 })
  assert.equal(await (await it(closed + DAY)).due(), ID)
  const late = await (await it(closed + DAY + 1)).due()
  assert.match(
    late,
    /^skipped: DATA_EXPIRED: the newest bar of SPX is of 1970-01-01T21:00:00.000Z, older than data\.maxAgeSeconds/,
  )
})

test('bars that do not pass their checks again are not trained on', async () => {
  const it = await world(NOW, { close: 2 })
  await assert.rejects(it.due(), { code: 'DATA_UNSOUND', message: /shape: 1 bars, .*high is below open or close/ })
})
