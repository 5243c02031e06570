// Drift in an accelerated replay, where it is switched on: a market that turns brings a training forward; the run stays the same event for event,
// also when it is stopped in between. Seed of the series 3.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Fault } from '../../src/base/fault.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { openWorld, type World } from './ports.ts'
import { importSimulated, type RunRequest, runReplay } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const INTERRUPTED = new Fault('INTERRUPTED', 'stopped by a signal')
/** No cycle but the first is due by the schedule. */
const REQUEST = { seed: 7, everyBars: 700, warmupBars: 760 } as const
const TURN = 800

/** From the turn on every day reaches far. */
const bars = simulatedBars({ bars: 1100, seed: 3 }).map((bar, index) => {
  if (index < TURN) return bar
  const middle = (bar.open + bar.close) / 2
  return { ...bar, high: bar.high + 0.07 * middle, low: bar.low - 0.07 * middle }
})

const worlds: World[] = []
after(async () => {
  for (const world of worlds) await world.close()
})
async function newWorld(inReplay: boolean): Promise<World> {
  const { drift } = settingsSchema.parse({})
  const world = await openWorld({ drift: { ...drift, inReplay } })
  worlds.push(world)
  return world
}

const run = async (world: World, request: Partial<RunRequest> = {}) =>
  runReplay(world, await importSimulated(world, bars), { ...REQUEST, ...request })

const causes = async ({ state }: World) =>
  (await state.journal.trainings()).map(
    ({ report }) => (JSON.parse(report) as { retraining?: { cause: { detector: string } } }).retraining?.cause.detector,
  )

test('a replay in which drift is off trains by its schedule alone', async () => {
  const world = await newWorld(false)
  assert.equal((await run(world)).trainings, 1)
  assert.deepEqual(await causes(world), [undefined])
})

test('drift brings a training forward, with its cause, once in the cooldown; stopped in between it is the same run', async () => {
  const [straight, broken] = [await newWorld(true), await newWorld(true)]
  const whole = await run(straight)
  assert.equal(whole.trainings, 2)
  const [first, second] = await causes(straight)
  assert.equal(first, undefined)
  assert.ok(second === 'psi' || second === 'kl', `asked by ${second}`)

  for (const stopAt of [820, 1000]) {
    const stop = new AbortController()
    const onView: RunRequest['onView'] = ({ bar, text }) =>
      void (text === '' && bar >= stopAt && stop.abort(INTERRUPTED))
    await assert.rejects(run(broken, { signal: stop.signal, onView }), INTERRUPTED)
  }
  assert.deepEqual(await run(broken), whole)
  assert.deepEqual(await causes(broken), await causes(straight))
})
