// A run that is stopped, however and whenever, goes on where it was and comes to what it would have come to without.

import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../src/base/fault.ts'
import { seededRng } from '../../src/base/rng.ts'
import type { ReplayControl } from '../../src/loop/replay-control.ts'
import { replayControl } from '../../src/loop/replay-control.ts'
import type { ReplaySummary } from '../../src/loop/replay-summary.ts'
import { verifyHistory } from '../../src/serving/history.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { type World, worldsOfFile } from './ports.ts'
import { importSimulated, type RunRequest, runReplay } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 1250, seed: 3 })
const REQUEST = { seed: 7, everyBars: 200, warmupBars: 800 } as const
const INTERRUPTED = new Fault('INTERRUPTED', 'stopped by a signal')

const newWorld = worldsOfFile()

const run = async (world: World, request: Partial<RunRequest> = {}): Promise<ReplaySummary> =>
  runReplay(world, await importSimulated(world, BARS), { ...REQUEST, ...request })

/** Runs until the watcher says so, stops it there, and gives what came out. */
async function stopped(world: World, when: (bar: number, text: string) => boolean): Promise<unknown> {
  const stop = new AbortController()
  const onView: RunRequest['onView'] = ({ bar, text }) => {
    if (when(bar, text)) stop.abort(INTERRUPTED)
  }
  return run(world, { signal: stop.signal, onView }).catch((cause: unknown) => cause)
}

const TABLES = ['decisions', 'orders', 'fills', 'outcomes', 'equity_points', 'cycles'] as const
/** Everything that a run leaves in the tables, and what it told the world of its bars. */
async function leftBy({ database }: World, runId = 'replay-1'): Promise<Record<string, readonly unknown[]>> {
  const left: Record<string, readonly unknown[]> = {}
  for (const table of TABLES)
    left[table] = await database.selectFrom(table).selectAll().where('run_id', '=', runId).execute()
  const told = await database
    .selectFrom('events_outbox')
    .select(['topic', 'at', 'body'])
    .where('run_id', '=', runId)
    .where('topic', 'in', ['bar', 'fill', 'trade', 'published', 'judged', 'swap'])
    .orderBy('seq')
    .execute()
  return { ...left, told }
}

const home = await newWorld()
const reference = await run(home)
const tables = await leftBy(home)

test('a run that is stopped twenty times at random moments ends as one that never was', async () => {
  const world = await newWorld()
  const rng = seededRng('stops')
  let stops = 0
  while (stops < 20) {
    let views = rng.int(14)
    const ended = await stopped(world, (bar, text) => (text !== '' || bar > 0) && views-- <= 0)
    if (ended !== INTERRUPTED) break
    stops++
  }
  assert.deepEqual(await run(world), reference)
  assert.equal(stops, 20)
  assert.equal((await world.database.selectFrom('runs').select('run_id').execute()).length, 1)
  assert.deepEqual(await leftBy(world), tables)
  verifyHistory(await world.state.registry.events())
  assert.deepEqual(await world.ports.disk.list(statePaths(world.state.directory).staging), [])
})

test('killed before its first bar was durable, it is the same run all the same', async () => {
  const world = await newWorld()
  const { journal } = world.state
  const killed = new Error('killed')
  const dying = { ...journal, record: () => Promise.reject(killed), endRun: () => Promise.resolve() }
  await assert.rejects(run({ ...world, state: { ...world.state, journal: dying } }), killed)
  const [begun] = await world.database.selectFrom('runs').select(['state', 'bars_done']).execute()
  assert.deepEqual({ ...begun }, { state: 'running', bars_done: 0 })
  assert.deepEqual(await run(world), reference)
  assert.equal((await world.database.selectFrom('runs').select('run_id').execute()).length, 1)
  assert.deepEqual(await leftBy(world), tables)
})

test('stopped within a training, between publishing and the swap, and after it', async () => {
  const world = await newWorld()
  const moments = [/^training 1$/, /^training 1: r-/, /^training 2$/, /^installed /]
  for (const moment of moments) {
    assert.equal(await stopped(world, (_, text) => moment.test(text)), INTERRUPTED, String(moment))
  }
  assert.deepEqual(await run(world), reference)
  assert.deepEqual(await leftBy(world), tables)
})

test('a run of another seed, or one that is asked to begin again, begins at the first bar', async () => {
  const world = await newWorld()
  await stopped(world, bar => bar >= 500)
  await run(world, { fresh: true })
  await stopped(world, bar => bar >= 500)
  await run(world, { seed: 8 })
  const runs = await world.database.selectFrom('runs').select(['state', 'seed']).orderBy('started_at').execute()
  assert.deepEqual(
    runs.map(({ state, seed }) => [state, seed]),
    [
      ['interrupted', '7'],
      ['finished', '7'],
      ['interrupted', '7'],
      ['finished', '8'],
    ],
  )
})

test('a run that no longer comes to the same is refused, not mixed', async () => {
  const world = await newWorld()
  await stopped(world, bar => bar >= 900)
  await world.database
    .updateTable('runs')
    .set({ progress_hash: '0'.repeat(64) })
    .execute()
  await assert.rejects(run(world), { code: 'RESUME_DIVERGED' })
})

/** A control at full speed, with something done as the run begins to be watched. */
function controlled({ ports }: World): ReplayControl {
  return replayControl({ clock: ports.clock, timer: ports.timer, barsPerSecond: null })
}

test('what people did comes again at the same bars: a kill, a resume, a rollback', async () => {
  const acts = async (world: World, stops: readonly number[]): Promise<ReplaySummary> => {
    const file = join(world.state.directory, 'kill.txt')
    const done = new Set<string>()
    const once = (name: string, act: () => void): void => {
      if (done.has(name)) return
      done.add(name)
      act()
    }
    const attempt = async (stopAt: number): Promise<ReplaySummary | undefined> => {
      const control = controlled(world)
      const stop = new AbortController()
      const onView: RunRequest['onView'] = ({ bar, text }) => {
        if (text === '' && bar >= 850) once('kill', () => writeFileSync(file, 'test'))
        if (text === '' && bar >= 880)
          once('resume', () => {
            rmSync(file)
            void control.send({ type: 'resumeTrading', reason: 'the test goes on' })
          })
        if (text === '' && bar >= 1100)
          once('rollback', () => void control.send({ type: 'rollback', reason: 'the test takes it back' }))
        if (text === '' && bar >= stopAt) stop.abort(INTERRUPTED)
      }
      try {
        return await run(world, { control, signal: stop.signal, onView })
      } catch (cause) {
        assert.equal(cause, INTERRUPTED)
        return undefined
      }
    }
    for (const stopAt of stops) assert.equal(await attempt(stopAt), undefined)
    const summary = await attempt(Number.POSITIVE_INFINITY)
    assert.deepEqual([...done], ['kill', 'resume', 'rollback'])
    return summary!
  }
  const [straight, broken] = [await newWorld(), await newWorld()]
  const unbroken = await acts(straight, [])
  assert.notEqual(unbroken.eventHash, reference.eventHash)
  assert.deepEqual(await acts(broken, [865, 900, 1120, 1180]), unbroken)
  assert.deepEqual(await leftBy(broken), await leftBy(straight))
})
