import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { bot } from '../../serving/fixtures/bot.ts'
import { memoryDisk } from '../../serving/fixtures/memory-disk.ts'
import { memorySource, NOW, tinyRelease } from '../../serving/fixtures/release.ts'
import { settingsSchema } from '../settings.ts'
import type { DrillRun } from './drill.ts'
import { DRILLS } from './index.ts'
import { runDrills } from './run-drills.ts'

const first = tinyRelease({ seed: 1 })
const second = tinyRelease({ seed: 2, after: first })

async function installed(releases = [first, second]) {
  const disk = memoryDisk()
  const made = await bot({ disk })
  const source = memorySource(first.files)
  for (const { files } of releases) {
    source.offer(files)
    assert.equal((await made.sync(source)).installed, 1)
  }
  const rng = seededRng(80)
  let ticks = 0
  const ports = {
    disk,
    clock: { now: () => NOW + 60_000 },
    stopwatch: { now: () => ticks++ },
    timer: { sleep: () => new Promise<void>(resolve => setImmediate(resolve)) },
    entropy: (count: number) => Uint8Array.from({ length: count }, () => rng.int(256)),
    settings: settingsSchema.parse({}),
    facts: { codeVersion: '0.1.0', lockfileSha256: '0'.repeat(64), platform: 'test' },
  }
  const state = { directory: 'bot', registry: made.registry }
  const run = (name: string): Promise<DrillRun> =>
    runDrills({ name, signal: new AbortController().signal }, state, ports)
  return { disk, made, run }
}

test('SRV-80: every drill passes on an installation with two releases, but the one that cannot be made', async t => {
  const { run } = await installed()
  const { outcomes, score, skipped } = await run('all')
  for (const outcome of outcomes) t.diagnostic(`${outcome.name}: ${JSON.stringify(outcome)}`)
  assert.deepEqual(
    outcomes.filter(({ verdict }) => verdict === 'miss'),
    [],
  )
  assert.deepEqual(
    outcomes.map(({ name }) => name),
    DRILLS.map(({ name }) => name),
  )
  assert.deepEqual([score, skipped], [1, 1])
})
