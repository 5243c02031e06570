// How old the last drills and the last scrub are, over the wire.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { lastDrillsFile } from '../../src/loop/drills/last-drills.ts'
import { asker } from './asker.ts'
import { type ApiWorld, openApiWorld } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())

const { get } = asker(() => world)

test('what was never rehearsed is null; afterwards it has score, misses and age', async () => {
  assert.deepEqual(await get('/api/drills'), { drills: null, scrub: null })
  const last = { at: 7, score: 0.5, passed: 1, missed: ['full-disk'], skipped: [], slowestSafeMs: 12.5 }
  await lastDrillsFile(world.world.state.directory, nodeDisk()).write(last)
  const { drills } = await get<{ drills: Record<string, unknown> & { ageMs: number } }>('/api/drills')
  const { ageMs, ...told } = drills
  assert.deepEqual(told, last)
  assert.ok(ageMs > 0)
})
