// After each commit the files under config/ say what the registry says, and a file that fails never fails the commit.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { unwrap } from '../base/fault.ts'
import type { Log } from '../base/log.ts'
import { readPerformanceStore } from '../release/performance-store.ts'
import { REGISTRY_CAP, readRegistryImage } from '../release/registry-image.ts'
import { NOW, tinyRelease } from '../serving/fixtures/release.ts'
import { memoryRegistry } from '../serving/memory-registry.ts'
import { imagedRegistry } from './registry-files.ts'

const release = tinyRelease({ seed: 1 })
const { manifest, manifestSha256: digest } = release
const text = (name: string) => new TextDecoder().decode(release.files.get(name))
const row = {
  digest,
  releaseId: manifest.releaseId,
  channel: 'demo',
  version: 1,
  label: manifest.label,
  state: 'installed' as const,
  firstSeen: NOW,
  manifest: text('manifest.json'),
  evaluation: text('evaluation.json'),
}
const gates = { digest, at: NOW, reportSha256: 'a'.repeat(64), report: '{}', verdict: 'pass' as const, decidedBy: null }
const activated = {
  at: NOW,
  slot: 'main',
  event: 'activated' as const,
  from: null,
  to: digest,
  actor: 'test',
  cause: 'gates passed',
  gateReportSha256: null,
  configSha256: 'b'.repeat(64),
  codeVersion: '0.1.0',
}

function world(disk = memoryDisk()) {
  const told: string[] = []
  const log: Log = { write: (_level, _topic, sentence) => void told.push(sentence) }
  const registry = imagedRegistry(memoryRegistry(), {
    directory: 'bot',
    disk,
    clock: { now: () => NOW },
    log,
    channel: 'demo',
    registryFile: 'config/model-registry.json',
    performanceStore: 'config/performance-store.json',
  })
  const image = async () => unwrap(readRegistryImage(await disk.read('bot/config/model-registry.json', REGISTRY_CAP)))
  return { disk, told, registry, image }
}

test('what is installed, in charge and blocked is in the file as soon as the change is told as done', async () => {
  const { registry, image } = world()
  await registry.saveRelease(row, [], gates)
  const installed = (await image()).installed
  assert.deepEqual(
    installed.map(({ role, state }) => [role, state]),
    [
      ['execution', 'installed'],
      ['meta', 'installed'],
      ['rl_sizer', 'installed'],
    ],
  )
  const meta = installed[1]!
  assert.equal(meta.sha256, manifest.members.find(({ role }) => role === 'meta')!.sha256)
  assert.match(meta.name, /^ratchet\.SPX\.all\.all\.v0\.1\.0\+[0-9a-f]{8}\.onnx$/)
  assert.deepEqual([meta.training?.rows, meta.metrics], [300, { auc: 0.5 }])

  await registry.append(activated, new Map([[digest, 'active']]))
  assert.deepEqual((await image()).active, { main: manifest.releaseId })
  assert.ok((await image()).installed.every(({ state }) => state === 'active'))

  await registry.block({ digest, at: NOW, code: 'BLOCKED', reason: 'it loses' })
  assert.deepEqual((await image()).blocked, [
    { digest, at: '2026-01-15T14:30:00.000Z', code: 'BLOCKED', reason: 'it loses' },
  ])
  await registry.unblock(digest)
  assert.deepEqual((await image()).blocked, [])
})

test('the performance store has an entry a role, from the evaluation inside the release', async () => {
  const { registry, disk } = world()
  await registry.saveRelease(row, [], gates)
  const { entries } = unwrap(readPerformanceStore(await disk.read('bot/config/performance-store.json', REGISTRY_CAP)))
  assert.deepEqual(
    entries.map(({ role, source, totalTrades, custom }) => [role, source, totalTrades, custom]),
    [
      ['execution', 'backtest', 100, { auc: 0.5 }],
      ['meta', 'backtest', 100, { auc: 0.5 }],
      ['rl_sizer', 'backtest', 100, { auc: 0.5 }],
    ],
  )
})

test('the files survive a power cut whole, and equal registries give equal bytes', async () => {
  const bytes = async () => {
    const { registry, disk } = world()
    await registry.saveRelease(row, [], gates)
    return disk.powerCut().read('bot/config/model-registry.json', REGISTRY_CAP)
  }
  assert.deepEqual(await bytes(), await bytes())
})

test('changes at once write one after the other', async () => {
  const { registry, image, told } = world()
  const digests = ['1', '2', '3'].map(digit => digit.repeat(64))
  await Promise.all(digests.map(blocked => registry.block({ digest: blocked, at: NOW, code: 'X', reason: 'r' })))
  assert.deepEqual(
    (await image()).blocked.map(({ digest }) => digest),
    digests,
  )
  assert.deepEqual(told, [])
})

test('a disk that fails is told of, and the change stands', async () => {
  const full = memoryDisk()
  const disk = { ...full, create: () => Promise.reject(new Error('the disk is full')) }
  const { registry, told } = world(disk)
  await registry.saveRelease(row, [], gates)
  assert.equal((await registry.releases()).length, 1)
  assert.equal(told.length, 1)
  assert.match(told[0]!, /could not be written: the disk is full/)
})
