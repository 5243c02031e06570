import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../base/fault.ts'
import { BY_HAND, blockRelease, unblockRelease } from './blocks.ts'
import { bot } from './fixtures/bot.ts'
import { memorySource, tinyRelease } from './fixtures/release.ts'
import { modelsDigest } from './model-set.ts'
import { rollBack } from './rollback.ts'

const a = tinyRelease({ seed: 1 })
const b = tinyRelease({ seed: 2, after: a })

async function running() {
  const it = await bot()
  const source = memorySource(a.files)
  await it.sync(source)
  source.offer(b.files)
  assert.equal((await it.sync(source)).installed, 1)
  const rowOf = async (digest: string) => (await it.registry.releases()).find(row => row.digest === digest)!
  return { ...it, source, rowOf }
}

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'ok' : outcome.fault.code)

test('what a person blocked is not gone back to, also where it is the way back in memory', async () => {
  const { installation, rowOf } = await running()
  const request = { release: await rowOf(a.manifestSha256), reason: 'trained on a bad file' }
  assert.equal(codeOf(await blockRelease(request, installation)), 'ok')
  const back = await rollBack({ cause: 'F2', proven: false }, installation)
  assert.deepEqual(back.ok && back.value.to, null)
  assert.equal((await rowOf(a.manifestSha256)).state, 'retired')
})

test('a blocked release is not installed again, under no version that carries the same models', async () => {
  const { installation, registry, sync, rowOf } = await running()
  const request = { release: await rowOf(a.manifestSha256), reason: 'trained on a bad file' }
  await blockRelease(request, installation)
  assert.equal((await registry.blockOf(modelsDigest(a.manifest)))?.code, BY_HAND)
  const again = tinyRelease({ seed: 1, after: b })
  const result = await sync(memorySource(again.files))
  assert.deepEqual([result.installed, result.refused.map(({ code }) => code)], [0, ['RELEASE_BLOCKED']])
  assert.equal(codeOf(await unblockRelease({ ...request, reason: 'the file was mended' }, installation)), 'ok')
  assert.equal((await sync(memorySource(again.files))).installed, 1)
  const told = (await registry.events()).filter(({ event }) => /block/.test(event))
  assert.deepEqual(
    told.map(({ event, to, cause, actor }) => [event, to, cause, actor]),
    [
      ['blocked', a.manifestSha256, 'trained on a bad file', 'test'],
      ['unblocked', a.manifestSha256, 'the file was mended', 'test'],
    ],
  )
})

test('what is in charge is rolled back, not blocked; a block is set and lifted once', async () => {
  const { installation, rowOf } = await running()
  const reason = 'because'
  const active = { release: await rowOf(b.manifestSha256), reason }
  assert.equal(codeOf(await blockRelease(active, installation)), 'RELEASE_IN_CHARGE')
  const other = { release: await rowOf(a.manifestSha256), reason }
  assert.equal(codeOf(await unblockRelease(other, installation)), 'NOT_BLOCKED')
  assert.equal(codeOf(await blockRelease(other, installation)), 'ok')
  assert.equal(codeOf(await blockRelease(other, installation)), 'ALREADY_BLOCKED')
  assert.equal(codeOf(await unblockRelease(other, installation)), 'ok')
  assert.equal(codeOf(await unblockRelease(other, installation)), 'NOT_BLOCKED')
})

test('a block by hand takes the place of one that a rollback set, and quarantine ends with it', async () => {
  const { installation, registry, rowOf } = await running()
  await rollBack({ cause: 'F7', proven: true }, installation)
  assert.equal((await rowOf(b.manifestSha256)).state, 'quarantined')
  const request = { release: await rowOf(b.manifestSha256), reason: 'never again' }
  assert.equal(codeOf(await blockRelease(request, installation)), 'ok')
  assert.equal((await registry.blockOf(b.manifestSha256))?.reason, 'never again')
  assert.equal(codeOf(await unblockRelease({ ...request, reason: 'it was the feed' }, installation)), 'ok')
  assert.equal((await rowOf(b.manifestSha256)).state, 'retired')
  assert.equal(await registry.blockOf(modelsDigest(b.manifest)), undefined)
})

test('a block that comes while a release is judged keeps it out', async () => {
  const { installation, registry, sync, source, rowOf } = await running()
  const c = tinyRelease({ seed: 3, after: b })
  source.offer(c.files)
  const block = async () => {
    await blockRelease({ release: await rowOf(c.manifestSha256), reason: 'not this one' }, installation)
  }
  const late = await sync(source, { awaitWindow: block })
  assert.deepEqual(
    late.refused.map(({ code }) => code),
    ['RELEASE_BLOCKED'],
  )
  assert.equal(installation.slot.current()?.digest, b.manifestSha256)
  assert.equal((await registry.blockOf(c.manifestSha256))?.code, BY_HAND)
})
