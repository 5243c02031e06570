import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { collectStore } from './collect.ts'
import { bot } from './fixtures/bot.ts'
import { memorySource, NOW, tinyRelease } from './fixtures/release.ts'
import { verifyHistory } from './history.ts'
import { eventOf } from './installation.ts'
import { PIN_ALARM_MS, pinOf, pinSlot, unpinSlot } from './pins.ts'
import { rollBack } from './rollback.ts'
import { modelSlot } from './slot.ts'

const a = tinyRelease({ seed: 1 })
const b = tinyRelease({ seed: 2, after: a })

async function withFirst() {
  const clock = replayClock(NOW)
  const it = await bot({ clock })
  const source = memorySource(a.files)
  assert.equal((await it.sync(source)).installed, 1)
  return { ...it, clock, source }
}

test('a pinned slot ignores a new release, and takes it when the pin is gone', async () => {
  const { installation, registry, sync, source } = await withFirst()
  const { slot } = installation
  const pinned = await pinSlot({ digest: a.manifestSha256, reason: 'the calendar is under test' }, installation)
  assert.equal(pinned.ok, true)
  source.offer(b.files)
  const ignored = await sync(source)
  assert.deepEqual([ignored.installed, ignored.held, ignored.refused, ignored.upToDate], [0, 'pinned', [], false])
  assert.equal(slot.current()?.digest, a.manifestSha256)
  assert.deepEqual(await pinOf(registry, 'main'), {
    digest: a.manifestSha256,
    at: NOW,
    actor: 'test',
    reason: 'the calendar is under test',
  })
  assert.equal((await unpinSlot({ reason: 'tested' }, installation)).ok, true)
  assert.equal((await sync(source, { cursor: ignored.cursor })).installed, 1)
  const events = await registry.events()
  verifyHistory(events)
  assert.deepEqual(
    events.map(({ event }) => event).filter(event => /pin/.test(event)),
    ['pinned', 'unpinned'],
  )
})

test('only what is in charge can be pinned, once; and only what is pinned unpinned', async () => {
  const { installation } = await withFirst()
  const reason = 'because'
  const code = async (asked: ReturnType<typeof pinSlot> | ReturnType<typeof unpinSlot>) => {
    const outcome = await asked
    return outcome.ok ? 'ok' : outcome.fault.code
  }
  assert.equal(await code(unpinSlot({ reason }, installation)), 'NOT_PINNED')
  assert.equal(await code(pinSlot({ digest: b.manifestSha256, reason }, installation)), 'PIN_TARGET')
  assert.equal(await code(pinSlot({ digest: a.manifestSha256, reason }, installation)), 'ok')
  assert.equal(await code(pinSlot({ digest: a.manifestSha256, reason }, installation)), 'SLOT_PINNED')
})

test('a pin that comes while a release is judged keeps it out', async () => {
  const { installation, sync, source } = await withFirst()
  source.offer(b.files)
  const pin = () => pinSlot({ digest: a.manifestSha256, reason: 'wait' }, installation)
  const late = await sync(source, { awaitWindow: async () => void (await pin()) })
  assert.deepEqual(
    late.refused.map(({ code }) => code),
    ['SLOT_PINNED'],
  )
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
})

test('a rollback goes through a pin, which stays', async () => {
  const { installation, registry, sync, source } = await withFirst()
  source.offer(b.files)
  await sync(source)
  await pinSlot({ digest: b.manifestSha256, reason: 'keep it' }, installation)
  assert.equal((await rollBack({ cause: 'F7', proven: true }, installation)).ok, true)
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
  assert.equal((await pinOf(registry, 'main'))?.digest, b.manifestSha256)
})

test('what is pinned stays in the store when all else says that it may go', async () => {
  const { installation, registry } = await withFirst()
  const { store } = installation
  const newer = [2, 3, 4].map(seed => tinyRelease({ seed, over: { version: seed } }))
  for (const [at, { manifestSha256: to, manifest }] of newer.entries()) {
    const { releaseId, channel, version, label } = manifest
    const row = {
      digest: to,
      releaseId,
      channel,
      version,
      label,
      manifest: '',
      evaluation: '',
      firstSeen: NOW + 1 + at,
    }
    const gates = { digest: to, at: NOW, reportSha256: '', report: '', verdict: 'pass', decidedBy: null } as const
    await registry.saveRelease({ ...row, state: 'installed' }, [], gates)
    await registry.append(eventOf(installation, { event: 'activated', from: null, to, cause: 'test' }))
  }
  const left = { ...installation, slot: modelSlot() }
  await installation.disk.remove(installation.paths.current('main'))
  await pinSlot({ digest: a.manifestSha256, reason: 'the one we know' }, installation)
  await collectStore(left)
  assert.equal(await store.has(a.manifestSha256), true)
  await unpinSlot({ reason: 'no longer' }, installation)
  await collectStore(left)
  assert.equal(await store.has(a.manifestSha256), false)
})

test('after seven days a pin is told of as a warning', async () => {
  const { installation, lines, clock, sync, source } = await withFirst()
  await pinSlot({ digest: a.manifestSha256, reason: 'for a while' }, installation)
  const warned = () => lines.filter(line => line.startsWith('warn model.pin.old')).length
  clock.advanceTo(NOW + PIN_ALARM_MS - 1)
  await sync(source)
  assert.equal(warned(), 0)
  clock.advanceTo(NOW + PIN_ALARM_MS)
  await sync(source)
  assert.equal(warned(), 1)
})
