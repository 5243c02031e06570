import assert from 'node:assert/strict'
import { test } from 'node:test'
import { highWaterFile } from '../release/high-water.ts'
import { verifyPolicy } from '../release/policy.ts'
import { bot, syncOnce } from './fixtures/bot.ts'
import { memoryDisk } from './fixtures/memory-disk.ts'
import { KEY, memorySource, tinyRelease } from './fixtures/release.ts'
import { memoryRegistry } from './memory-registry.ts'

const first = tinyRelease({ seed: 1 })
const elsewhere = tinyRelease({ seed: 2, over: { channel: 'other' } })
const policy = verifyPolicy({ profile: 'paper', channel: 'other', symbols: ['SPX'], keys: [KEY] })
const MARK = 'bot/state/other.json'

/** A bot that followed one channel and now follows another for the first time. */
async function followedOne() {
  const disk = memoryDisk()
  const own = await bot({ disk })
  await own.sync(memorySource(first.files))
  const follow = (over: Partial<typeof own.installation> = {}) =>
    syncOnce({ ...own.installation, ...over }, memorySource(elsewhere.files), {
      policy,
      memory: highWaterFile(disk, MARK),
    })
  return { ...own, disk, follow }
}

test('a channel that is followed for the first time needs no mark, though another one filled the store', async () => {
  const { follow, lines } = await followedOne()
  const { installed, refused, inCharge } = await follow()
  assert.deepEqual([installed, refused, inCharge], [1, [], elsewhere.releaseId])
  assert.ok(!lines.some(line => line.includes('high-water mark')))
})

test('what the store holds and nobody accounts for may have come from that channel: nothing is installed', async () => {
  const { follow } = await followedOne()
  const { refused } = await follow({ registry: memoryRegistry() })
  assert.deepEqual(
    refused.map(({ code }) => code),
    ['HWM_LOST'],
  )
})

test('a broken mark shows that the channel was followed: nothing is installed', async () => {
  const { follow, disk } = await followedOne()
  const file = await disk.create(MARK)
  await file.write(new Uint8Array(3))
  const { refused } = await follow()
  assert.deepEqual(
    refused.map(({ code }) => code),
    ['HWM_LOST'],
  )
})
