import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { bot } from './fixtures/bot.ts'
import { memorySource, NOW, tinyRelease } from './fixtures/release.ts'
import { promotionPause, resumePromotion } from './promotion-pause.ts'
import { rollBack } from './rollback.ts'

const HOUR = 3_600_000
const a = tinyRelease({ seed: 1 })
const b = tinyRelease({ seed: 2, after: a })
const c = tinyRelease({ seed: 3, after: b })
const d = tinyRelease({ seed: 4, after: c })

/** The second release is in charge. */
async function world() {
  const clock = replayClock(NOW)
  const it = await bot({ clock })
  const source = memorySource(a.files)
  await it.sync(source)
  source.offer(b.files)
  await it.sync(source)
  const back = () => rollBack({ cause: 'it loses', proven: false }, it.installation)
  return { ...it, clock, source, back }
}

test('for an hour after a rollback the near-twin in the next version is not installed; then it is', async () => {
  const { clock, source, sync, back, installation, lines } = await world()
  await back()
  source.offer(c.files)
  const held = await sync(source)
  assert.deepEqual([held.installed, held.held, held.upToDate, held.refused], [0, 'paused', false, []])
  assert.match(lines.at(-1)!, /warn model\.paused Automatic promotion rests until .*: it loses/)
  clock.advanceTo(NOW + HOUR - 1)
  assert.equal((await sync(source, { cursor: held.cursor })).held, 'paused')
  clock.advanceTo(NOW + HOUR)
  assert.equal((await sync(source, { cursor: held.cursor })).installed, 1)
  assert.equal(installation.slot.current()?.digest, c.manifestSha256)
})

test('after two rollbacks within a day nothing is installed until a person resumes', async () => {
  const { clock, source, sync, back, installation, registry } = await world()
  await back()
  clock.advanceTo(NOW + 2 * HOUR)
  source.offer(c.files)
  await sync(source)
  await back()
  source.offer(d.files)
  clock.advanceTo(NOW + 10 * 24 * HOUR)
  assert.equal((await sync(source)).held, 'paused')
  assert.equal((await promotionPause(registry, 'main', clock.now()))?.until, null)
  assert.equal((await resumePromotion({ reason: 'the feed is mended' }, installation)).ok, true)
  assert.equal((await registry.events()).at(-1)!.cause, 'the feed is mended')
  assert.equal(await promotionPause(registry, 'main', clock.now()), undefined)
  const again = await resumePromotion({ reason: 'twice' }, installation)
  assert.equal(again.ok ? '' : again.fault.code, 'NOT_PAUSED')
})

test('two rollbacks more than a day apart are two pauses of an hour', async () => {
  const { clock, source, sync, back, registry } = await world()
  await back()
  clock.advanceTo(NOW + 25 * HOUR)
  source.offer(c.files)
  await sync(source)
  await back()
  assert.equal((await promotionPause(registry, 'main', clock.now()))?.until, NOW + 26 * HOUR)
  clock.advanceTo(NOW + 26 * HOUR)
  assert.equal(await promotionPause(registry, 'main', clock.now()), undefined)
})
