import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type MemoryDisk, memoryDisk } from '../../test/memory-disk.ts'
import { recordingDisk } from '../../test/recording-disk.ts'
import { filesPublisher } from '../adapters/files/publisher.ts'
import { replayClock } from '../base/clock.ts'
import type { Disk } from '../base/disk.ts'
import { unwrap } from '../base/fault.ts'
import { candidateReader } from './fetch.ts'
import { built, MAC_KEY, NOW, testPolicy } from './fixtures/built.ts'
import { POINTER_PATH } from './layout.ts'
import { sealPointer } from './pointer.ts'
import { publishPointer, publishRelease } from './publish.ts'
import type { ReleaseSource } from './source.ts'
import { verifyRelease } from './verify.ts'

const signal = new AbortController().signal
const older = built({ version: 4, seed: 4 })
const newer = built({ version: 5, seed: 5, prevManifestSha256: older.manifestSha256 })

// One process: nobody else can hold the lock.
const into = (disk: Disk) => filesPublisher({ disk, root: '/tree', lock: (_, work) => work() })
const publish = ({ files, manifest, pointerBytes }: typeof older, disk: Disk) =>
  publishRelease({ publisher: into(disk), files, label: manifest.label, pointerBytes, signal })

const sourceOf = (disk: Disk): ReleaseSource => ({
  describe: () => ({ kind: 'memory', place: 'test' }),
  discover: () => Promise.reject(new Error('not asked for here')),
  async *open({ path }, { limit }) {
    yield await disk.read(`/tree/${path}`, limit)
  },
})

/** The version that a bot gets which starts now, or why it gets none. */
async function fetched(disk: Disk, nowMs = NOW): Promise<number | string> {
  const policy = testPolicy({ requirePointer: true })
  const candidate = { layout: 'tree', root: '', pointer: { path: POINTER_PATH } } as const
  const clock = replayClock(nowMs)
  const reader = unwrap(await candidateReader(sourceOf(disk), candidate, policy, clock, signal))
  const verification = await verifyRelease(reader, policy, undefined, clock)
  return verification.ok
    ? verification.value.manifest.version
    : `${verification.fault.code} ${verification.fault.place}`
}

async function published(): Promise<MemoryDisk> {
  const disk = memoryDisk()
  unwrap(await publish(older, disk))
  return disk
}

const rehearsal = recordingDisk(await published())
unwrap(await publish(newer, rehearsal))
const { operations } = rehearsal
const pointed = operations.findIndex(({ kind, path }) => kind === 'rename' && path.endsWith('pointer.json.tmp'))

/** A publish that breaks at one operation; a dead process does nothing more, not even cleaning up. */
async function killedAt(at: number): Promise<MemoryDisk> {
  const disk = await published()
  let dead = false
  const dying = recordingDisk(disk, {
    before(_, index) {
      dead ||= index === at
      if (dead) throw new Error('killed')
    },
  })
  await assert.rejects(publish(newer, dying), /killed/)
  return disk
}

// The publish part of section E.
test('killed at every operation, readers see the old release; again, and they see the new one', async () => {
  assert.ok(operations.length > 100)
  for (let at = 0; at < operations.length; at++) {
    const disk = await killedAt(at)
    assert.equal(await fetched(disk), at <= pointed ? 4 : 5, `killed at ${at}`)
    unwrap(await publish(newer, disk))
    assert.equal(await fetched(disk), 5)
  }
})

test('a power cut at every operation leaves the old release or the new one, whole', async () => {
  for (let at = 0; at < operations.length; at++) {
    const disk = (await killedAt(at)).powerCut()
    assert.equal(await fetched(disk), 4, `cut at ${at}`)
    unwrap(await publish(newer, disk))
    assert.equal(await fetched(disk.powerCut()), 5)
  }
})

test('a disk that is full at every operation refuses, and a later run finishes', async () => {
  for (let at = 0; at < operations.length; at += 7) {
    const disk = await published()
    const full = recordingDisk(disk, {
      before(_, index) {
        if (index === at) throw new Error('full')
      },
    })
    await assert.rejects(publish(newer, full), /full/)
    unwrap(await publish(newer, disk))
    assert.equal(await fetched(disk), 5)
  }
})

test('a pointer that is signed on keeps an unchanged release fresh', async () => {
  const disk = await published()
  const later = NOW + 2 * 60 * 60_000
  assert.equal(await fetched(disk, later), 'FREEZE pointer.json')
  const options = { keys: [MAC_KEY], nowMs: later, publishIntervalMs: 0 }
  const renewed = unwrap(sealPointer(older.manifestBytes, options))
  assert.equal(unwrap(await publishPointer(into(disk), renewed, signal)).result, 'replaced')
  assert.equal(await fetched(disk, later), 4)
})

test('bytes that read back otherwise stop the publish before anything points to them', async () => {
  const disk = await published()
  const publisher = into(disk)
  const forgetful = {
    ...publisher,
    read: async (path: string, limit: number) =>
      path.endsWith('card.md') ? Uint8Array.of(1) : publisher.read(path, limit, signal),
  }
  const { files, manifest, pointerBytes } = newer
  const outcome = await publishRelease({ publisher: forgetful, files, label: manifest.label, pointerBytes, signal })
  assert.equal(outcome.ok ? '' : outcome.fault.code, 'PUBLISH_READBACK')
  assert.equal(await fetched(disk), 4)
})
