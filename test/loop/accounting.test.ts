// The figures of a summary add up: what is published is installed or refused, also when the data end while a release waits, and a run in
// which nothing could be learned says exactly that. Seed of the series 1, of the runs 42.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { worldsOfFile } from './ports.ts'
import { decisionsOf, importSimulated, runReplay } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 1500, seed: 1 })

const newWorld = worldsOfFile()

test('a series that is too short to learn from says so, and the rules decide throughout', async () => {
  const world = await newWorld()
  const market = await importSimulated(world, BARS.slice(0, 330))
  const summary = await runReplay(world, market, { seed: 42, everyBars: 30, warmupBars: 240 })
  // Bars 240, 270, 300 and 330.
  assert.equal(summary.trainings, 4)
  assert.deepEqual(summary.trainingsFailed, { TRAIN_TOO_FEW: 4 })
  assert.equal(summary.effectiveRows, 0)
  assert.deepEqual(summary.releases, { published: 0, installed: 0, refused: 0 })
  assert.deepEqual([summary.verdictsByGate, summary.refusedBy], [{}, {}])
  const decisions = await decisionsOf(world, 'replay-1')
  assert.ok(decisions.length > 100)
  assert.ok(decisions.every(({ releaseId }) => releaseId === 'baseline'))
  assert.deepEqual(await world.state.registry.releases(), [])
  const rows = await world.state.journal.trainings()
  assert.deepEqual(
    rows.map(({ status, fault, release }) => [status, fault, release]),
    Array.from({ length: 4 }, () => ['failed', 'TRAIN_TOO_FEW', null]),
  )
  for (const { report } of rows) assert.match(report, /"sentence":"too little data to train: /)
})

test('a release that waits for a flat book when the data end is still judged', async () => {
  const long = await newWorld()
  const none = { seed: 42, everyBars: 100, warmupBars: BARS.length + 1 }
  await runReplay(long, await importSimulated(long, BARS), none)
  const decisions = await decisionsOf(long, 'replay-1')
  // The rules hold a position at this bar and at the next, so what is published at the first of them has to wait at both.
  const held = (bar: number): boolean => decisions.find(decision => decision.bar === bar)?.outcome === 'hold'
  const bar = BARS.findIndex((_, index) => index >= 1000 && held(index) && held(index + 1) && held(index + 2))
  assert.ok(bar > 0)

  const world = await newWorld()
  const market = await importSimulated(world, BARS.slice(0, bar + 2))
  const texts: string[] = []
  const summary = await runReplay(world, market, {
    seed: 42,
    everyBars: 100,
    warmupBars: bar + 1,
    onView: ({ bar: at, text }) => void (text !== '' && texts.push(`${at} ${text}`)),
  })
  const { published, installed, refused } = summary.releases
  assert.deepEqual([summary.trainings, published, installed + refused], [1, 1, 1])
  assert.equal(texts.length, 3)
  assert.match(texts[1]!, new RegExp(`^${bar + 1} training 1: r-`))
  // Not at the bar it was published at, but after the last one.
  assert.match(texts[2]!, new RegExp(`^${bar + 2} (installed|refused) r-`))
  const [release] = await world.state.registry.releases()
  assert.equal(release?.state, installed === 1 ? 'active' : 'refused')
})
