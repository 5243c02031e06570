import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../serving/fixtures/memory-disk.ts'
import { statePaths } from '../../serving/paths.ts'
import { scrubMark } from '../../serving/scrub.ts'
import { lastDrillsFile } from '../drills/last-drills.ts'
import { drillView } from './drill-view.ts'

const LAST = { at: 1_000, score: 0.5, passed: 1, missed: ['full-disk'], skipped: ['dead-broker'], slowestSafeMs: 12.5 }

test('what was never done is null; what was done has its age and what it found', async () => {
  const disk = memoryDisk(new Map([['bot', null]]))
  const ports = { directory: 'bot', disk, clock: { now: () => 61_000 } }
  assert.deepEqual(await drillView(ports), { drills: null, scrub: null })
  await lastDrillsFile('bot', disk).write(LAST)
  await scrubMark({ disk, paths: statePaths('bot') }).write({ at: 31_000, damages: 2 })
  const { drills, scrub } = await drillView(ports)
  assert.deepEqual(drills, { ...LAST, ageMs: 60_000 })
  assert.deepEqual(scrub, { at: 31_000, damages: 2, ageMs: 30_000 })
})

test('a file that is broken is as if nothing were known', async () => {
  const disk = memoryDisk(new Map([['bot', null]]))
  await lastDrillsFile('bot', disk).write(LAST)
  disk.file('bot/state/drills.json').bytes[5]! ^= 1
  assert.equal((await drillView({ directory: 'bot', disk, clock: { now: () => 0 } })).drills, null)
})
