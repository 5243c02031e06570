import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { virtualTime } from '../base/fixtures/virtual-time.ts'
import { seededRng } from '../base/rng.ts'
import { highWaterFile } from '../release/high-water.ts'
import type { ReleaseSource } from '../release/source.ts'
import { bootSlot } from '../serving/boot.ts'
import { installationOn } from '../serving/fixtures/bot.ts'
import { memorySource, NOW, POLICY, SCHEMA, tinyRelease } from '../serving/fixtures/release.ts'
import { GATE_LIMITS } from '../serving/gates/limits.ts'
import { polledRuntime } from './polled-runtime.ts'

const MINUTE = 60_000
const first = tinyRelease({ seed: 1 })
const second = tinyRelease({ seed: 2, after: first })

/** A runtime on time that a test moves; `asked` counts the polls. */
async function polled() {
  const time = virtualTime(NOW)
  const offered = memorySource(first.files)
  const world = { asked: 0, closed: 0, healthy: 0, gone: false }
  const source: ReleaseSource & Pick<typeof offered, 'offer'> = {
    ...offered,
    async discover(cursor, signal) {
      world.asked++
      if (world.gone) throw new Error('the source has gone')
      return offered.discover(cursor, signal)
    },
  }
  const installation = installationOn({ clock: time.clock })
  unwrap(await bootSlot(installation))
  const runtime = polledRuntime({
    installation,
    booted: { healthy: async () => void world.healthy++ },
    update: {
      source,
      policy: POLICY,
      memory: highWaterFile(installation.disk, installation.paths.highWater),
      gateContext: (release, candidate, champion) => {
        const shared = { release, candidate, champion, profile: 'paper', symbol: 'SPX' } as const
        return { ...shared, features: SCHEMA, limits: GATE_LIMITS }
      },
    },
    time,
    rng: seededRng(1),
    cadence: { intervalMinutes: 15, minGapMinutes: 5 },
    dispose: async () => void world.closed++,
  })
  return { runtime, time, source, world }
}

test('the first pass is at the start, and a later release is taken by the clock alone', async () => {
  const { runtime, time, source, world } = await polled()
  await runtime.sync()
  assert.equal(runtime.inCharge()?.releaseId, first.releaseId)
  assert.equal(world.asked, 1, 'the pass on demand was the one under way')
  source.offer(second.files)
  await time.advance(13 * MINUTE)
  assert.equal(runtime.inCharge()?.releaseId, first.releaseId)
  const swapped = new Promise(resolve => runtime.on('swapped', resolve))
  await time.advance(4 * MINUTE)
  await swapped
  assert.equal(runtime.inCharge()?.releaseId, second.releaseId)
  await runtime.close()
})

test('a source that fails is told as such, decisions go on, and it is asked again later and later', async () => {
  const { runtime, time, world } = await polled()
  await runtime.sync()
  world.gone = true
  const codes: string[] = []
  runtime.on('refused', ({ code }) => codes.push(code))
  for (let minute = 0; minute < 180; minute++) await time.advance(MINUTE)
  assert.ok(codes.length >= 7 && codes.length <= 13, `${codes.length} failures in three hours`)
  assert.equal(runtime.decide('meta', [0.1, 0.2]).ok, true)
  await runtime.close()
})

test('a listener that asks for a pass gets another one than the one it hears of', async () => {
  const { runtime, source, world } = await polled()
  const again = new Promise<string | null>((resolve, reject) => {
    const off = runtime.on('swapped', () => {
      off()
      source.offer(second.files)
      runtime.sync().then(({ inCharge }) => resolve(inCharge), reject)
    })
  })
  assert.equal(await again, second.releaseId)
  assert.equal(world.asked, 2)
  await runtime.close()
})

test('a start is called good after a hundred decisions, and the end a clean one; nothing sleeps on', async () => {
  const { runtime, time, world } = await polled()
  await runtime.sync()
  for (let n = 0; n < 100; n++) assert.equal(runtime.decide('meta', [0.1, 0.2]).ok, true)
  await time.advance(0)
  assert.equal(world.healthy, 1)
  await Promise.all([runtime.close(), runtime.close()])
  assert.deepEqual([world.healthy, world.closed, time.sleepers()], [2, 1, 0])
})
