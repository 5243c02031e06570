// A replay that trains by the clock of its bars: minutes of a future, a slot of twelve hours of UTC (SCHED-01).

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { importSeries } from '../../src/loop/import-series.ts'
import { slotBars } from '../../src/loop/lifecycle.ts'
import { sharedData, skipWithoutData } from '../shared-data.ts'
import { openWorld } from './ports.ts'
import { runReplay, seriesIn } from './runs.ts'

const HOUR = 3_600_000
const EVERY = 12 * HOUR
/** From Sunday evening to Tuesday afternoon. */
const BARS = 2500

const world = await openWorld()
after(() => world.close())

test('minutes of ES train once in each slot, at its first bar', { skip: skipWithoutData() }, async () => {
  const source = join(sharedData()!, 'futures', 'ES_Z2013_1m.csv.gz')
  const lines = gunzipSync(readFileSync(source))
    .toString()
    .trim()
    .split('\n')
    .slice(0, BARS + 1)
  const file = join(world.folder, 'es.csv')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const request = { ...seriesIn(file), symbol: 'ES', calendar: undefined, simulated: false }
  const market = await importSeries(request, world.state, world.ports)
  const { barMs, bars } = market.series
  const everyBars = slotBars(EVERY, barMs)
  assert.equal(everyBars, 720)
  const summary = await runReplay(world, market, { seed: 42, everyBars, everyMs: EVERY, warmupBars: everyBars })

  const begun = (await world.state.journal.trainings()).map(({ asOf }) => asOf)
  const slotOf = (time: number) => Math.floor(time / EVERY)
  const reached = bars.slice(everyBars - 1).map(({ knownAt }) => knownAt)
  // The first ends the warm-up; each further one is at the first bar of its slot.
  const expected = reached.filter((time, i) => i === 0 || slotOf(time) > slotOf(reached[i - 1]!))
  assert.deepEqual(begun, expected)
  assert.equal(summary.trainings, expected.length)
  assert.deepEqual(
    begun.slice(1).map(time => new Date(time).toISOString().slice(5, 16)),
    ['10-07T12:00', '10-08T00:00', '10-08T12:00'],
  )
})
