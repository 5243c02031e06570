// Trained by hand and taken by hand, again and again, in one state directory that replays use as well. Seed of the series 1.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { syncOnce } from '../../src/loop/sync-once.ts'
import { trainOnce } from '../../src/loop/train-once.ts'
import { trainingLockOf } from '../../src/loop/training-lock.ts'
import { openWorld } from './ports.ts'
import { importSimulated, runReplay, SYMBOL, seriesIn } from './runs.ts'
import { simulatedBars, writeBars } from './simulated.ts'

// What is asked here is whether releases follow each other, so that likeness and results refuse none.
const world = await openWorld({ gates: { maxTotalVariation: 1e3, maxKlDivergence: 1e3, maxDrawdownRatio: 1e3 } })
after(() => world.close())
const { ports, state, folder } = world
const { signal } = new AbortController()
const BARS = simulatedBars({ bars: 1600, seed: 1 })
const file = join(folder, 'train.csv')
writeBars(file, BARS)

/** Trains, takes, and gives the release and what came of it. */
async function trainAndSync(seed: number) {
  const out = join(folder, `release-${seed}`)
  const { built, evaluation } = await trainOnce(
    { data: seriesIn(file), seed, out, signal, onProgress: () => {} },
    state,
    ports,
  )
  return { built, evaluation, result: await syncOnce({ source: out, symbol: SYMBOL, signal }, state, ports) }
}

test('each release of a channel follows the one before, so that a bot that has that one takes it', async () => {
  const first = await trainAndSync(1)
  const second = await trainAndSync(5)
  assert.deepEqual([first.built.manifest.version, second.built.manifest.version], [1, 2])
  assert.equal(first.built.manifest.prevManifestSha256, null)
  assert.equal(second.built.manifest.prevManifestSha256, first.built.manifestSha256)
  assert.deepEqual([first.result.refused, second.result.refused], [[], []])
  assert.equal(second.result.inCharge, second.built.releaseId)
  // Whoever follows a champion spends from the ledger, in a pass as in a replay (SRV-20, LEDGER-04).
  const results = second.result.gateReport?.results ?? []
  const limit = results.find(({ gate }) => gate === 'G13')?.limit
  assert.ok(typeof limit === 'number' && limit > 0 && limit < 0.05, String(limit))
  const looks = (await state.ledger.entries()).filter(({ kind, actor }) => kind === 'test' && actor === 'sync')
  assert.deepEqual(
    looks.map(({ key, configSha256 }) => [key, configSha256]),
    [[`sync-${second.built.manifestSha256}/test`, second.built.manifestSha256]],
  )
})

test('a pass that finds nothing to judge reads no bars', async () => {
  const load = () => assert.fail('bars were read')
  const unread = { ...state, bars: { ...state.bars, load } }
  const again = await syncOnce({ source: join(folder, 'release-5'), symbol: SYMBOL, signal }, unread, ports)
  assert.deepEqual([again.upToDate, again.refused], [true, []])
})

test('while another training runs a second one is refused, before it writes anything', async () => {
  const out = join(folder, 'release-of-two')
  await ports.withLock(trainingLockOf(state.directory), () =>
    assert.rejects(trainOnce({ data: seriesIn(file), seed: 9, out, signal, onProgress: () => {} }, state, ports), {
      code: 'LOCK_BUSY',
      message: /another training/,
    }),
  )
  assert.equal(existsSync(out), false)
})

test('the manifest states the drift that was measured, however far: paper takes it', async () => {
  const { built, evaluation, result } = await trainAndSync(4)
  assert.equal(built.manifest.gates.driftScore, evaluation.drift?.score)
  assert.ok(built.manifest.gates.driftScore > 0.15, String(built.manifest.gates.driftScore))
  assert.deepEqual(result.refused, [])
})

test('a replay between them has a channel of its own: it starts empty, and the count goes on where it was', async () => {
  const market = await importSimulated(world, BARS.slice(0, 900))
  const { releases } = await runReplay(world, market, { seed: 1, everyBars: 400, warmupBars: 800 })
  assert.equal(releases.published, 1)
  const { built, result } = await trainAndSync(3)
  assert.equal(built.manifest.version, 4)
  assert.deepEqual(result.refused, [])
  assert.equal(result.inCharge, built.releaseId)
})
