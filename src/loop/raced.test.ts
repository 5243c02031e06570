import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { nodeDisk } from '../adapters/files/disk.ts'
import { withFileLock } from '../adapters/files/lock.ts'
import { filesPublisher } from '../adapters/files/publisher.ts'
import { accepted, Fault, type Outcome, refused, unwrap } from '../base/fault.ts'
import { MAC_KEY, NOW, tryBuild } from '../release/fixtures/built.ts'
import { keyring } from '../release/keyring.ts'
import { publishRelease } from '../release/publish.ts'
import { currentPointer } from './channel-tree.ts'
import { untilNobodyIsFaster } from './raced.ts'

const { signal } = new AbortController()
const options = { timer: { sleep: async () => {} }, signal }

test('fault 13: of publishers that race one wins each time, and the losers build on it until all are published', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ratchet-race-'))
  const publisher = filesPublisher({ disk: nodeDisk(), root, lock: withFileLock })
  const ring = keyring({ known: [MAC_KEY], nowMs: 0 })
  const now = { running: 0, waits: 0 }
  const sleep = async () => {
    now.waits++
    while (now.running > 0) await setImmediate()
  }
  const tree = { publisher, channel: 'stable', ring, signal }
  const train = (seed: number) => {
    const attempt = async () => {
      now.running++
      const last = unwrap(await currentPointer(tree, NOW))
      const version = (last?.version ?? 0) + 1
      const built = unwrap(tryBuild({ seed, version, prevManifestSha256: last?.manifestSha256 ?? null }))
      const { files, manifest, pointerBytes } = built
      const put = await publishRelease({ publisher, files, label: manifest.label, pointerBytes, signal })
      return put.ok ? accepted(manifest) : put
    }
    return untilNobodyIsFaster(() => attempt().finally(() => now.running--), { timer: { sleep }, signal })
  }
  const published = (await Promise.all([1, 2, 3].map(train))).map(unwrap)
  assert.deepEqual(new Set(published.map(({ version }) => version)), new Set([1, 2, 3]))
  const newest = unwrap(await currentPointer(tree, NOW))
  assert.equal(newest?.version, 3)
  assert.ok(now.waits >= 2)
  await rm(root, { recursive: true })
})

test('after five more attempts the refusal stands; any other refusal stands at once', async () => {
  let attempts = 0
  const losing = (outcome: Outcome<never>) => async () => {
    attempts++
    return outcome
  }
  const lost = await untilNobodyIsFaster(losing(refused('POINTER_CONFLICT', 'late')), options)
  assert.deepEqual([lost.ok, attempts], [false, 6])
  attempts = 0
  await untilNobodyIsFaster(losing(refused('PUBLISH_READBACK', 'broken')), options)
  assert.equal(attempts, 1)
})

test('a tree that another process holds is tried again, a bug is thrown', async () => {
  const faults = [new Fault('LOCK_BUSY', 'held')]
  const once = await untilNobodyIsFaster(async () => {
    const fault = faults.shift()
    if (fault !== undefined) throw fault
    return accepted('done')
  }, options)
  assert.deepEqual(once, accepted('done'))
  const broken = new Error('a bug')
  await assert.rejects(
    untilNobodyIsFaster(() => Promise.reject(broken), options),
    broken,
  )
})
