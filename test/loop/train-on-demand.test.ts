// Trainings that a person starts and stops: in a replay, where they come again when the run goes on, and by the clock. Seed of the series 3,
// of the runs 7.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Fault } from '../../src/base/fault.ts'
import { type ReplayControl, replayControl } from '../../src/loop/replay-control.ts'
import type { ReplaySummary } from '../../src/loop/replay-summary.ts'
import type { LiveState, RunCommand } from '../../src/loop/run-control.ts'
import { openWorld, type World } from './ports.ts'
import { importSimulated, runReplay } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 1150, seed: 3 })
const REQUEST = { seed: 7, everyBars: 200, warmupBars: 800 } as const
const INTERRUPTED = new Fault('INTERRUPTED', 'stopped by a signal')
const reason = 'the test wants it'

const SCRIPT: readonly (readonly [bar: number, command: RunCommand])[] = [
  [810, { type: 'stopTraining', reason }],
  [850, { type: 'train', reason }],
  [850, { type: 'train', reason }],
]

const worlds: World[] = []
after(async () => {
  for (const world of worlds) await world.close()
})

type Ran = {
  readonly world: World
  readonly summary: ReplaySummary
  readonly answers: readonly string[]
  readonly lives: readonly LiveState[]
}

/** The third training is stopped by a person as soon as it is seen. @param stops bars at which the run is cut and goes on */
async function ran(stops: readonly number[], asked = true): Promise<Ran> {
  const world = await openWorld()
  worlds.push(world)
  const market = await importSimulated(world, BARS)
  const answers: Promise<string>[] = []
  const lives: LiveState[] = []
  let next = asked ? 0 : SCRIPT.length
  let ended = !asked
  const ask = async (control: ReplayControl, command: RunCommand): Promise<string> => {
    const outcome = await control.send(command)
    return `${command.type} ${outcome.ok ? 'ok' : outcome.fault.code}`
  }
  const attempt = async (stopAt: number): Promise<ReplaySummary | undefined> => {
    const control = replayControl({ clock: world.ports.clock, timer: world.ports.timer, barsPerSecond: null })
    control.onLive(state => {
      lives.push(state)
      if (ended || state.training?.number !== 3) return
      ended = true
      answers.push(ask(control, { type: 'stopTraining', reason }))
    })
    const stop = new AbortController()
    const onView = ({ bar, text }: { readonly bar: number; readonly text: string }) => {
      if (text !== '') return
      for (; next < SCRIPT.length && bar >= SCRIPT[next]![0]; next++) answers.push(ask(control, SCRIPT[next]![1]))
      if (bar >= stopAt) stop.abort(INTERRUPTED)
    }
    try {
      return await runReplay(world, market, { ...REQUEST, control, signal: stop.signal, onView })
    } catch (cause) {
      if (cause !== INTERRUPTED) throw cause
      return undefined
    }
  }
  for (const stopAt of stops) assert.equal(await attempt(stopAt), undefined)
  const summary = await attempt(Number.POSITIVE_INFINITY)
  assert.ok(summary !== undefined)
  return { world, summary, answers: await Promise.all(answers), lives }
}

const trainings = ({ world }: Ran) =>
  world.database
    .selectFrom('training_runs')
    .select(['training_id', 'as_of', 'status', 'fault', 'report'])
    .orderBy('as_of')
    .execute()

const straight = await ran([])

test('a training that is asked for begins at the next bar, once, and its report says who wanted it', async () => {
  assert.deepEqual(straight.answers, [
    'stopTraining NOT_TRAINING',
    'train ok',
    'train ALREADY_ASKED',
    'stopTraining ok',
  ])
  const rows = await trainings(straight)
  assert.equal(rows.length, 3)
  const asked = rows[1]!
  assert.deepEqual(
    (JSON.parse(asked.report) as { readonly retraining?: { readonly cause: unknown } }).retraining?.cause,
    { kind: 'asked', reason },
  )
  assert.ok(straight.lives.some(({ trainingAsked }) => trainingAsked === reason))
  assert.equal(straight.lives.at(-1)?.trainingAsked, undefined)
})

test('a training that is stopped is recorded as stopped, with why, and the run goes on', async () => {
  const { status, fault, report } = (await trainings(straight))[2]!
  assert.deepEqual([status, fault], ['failed', 'TRAIN_STOPPED'])
  assert.match(report, /stopped by a person: the test wants it/)
  assert.equal(straight.summary.bars, BARS.length)
})

test('a run that is cut and goes on meets the same trainings and comes to the same', async () => {
  const cut = await ran([860, 1100])
  assert.deepEqual(cut.summary, straight.summary)
  const facts = async (of: Ran) =>
    (await trainings(of)).map(({ training_id, as_of, status, fault }) => [training_id, as_of, status, fault])
  assert.deepEqual(await facts(cut), await facts(straight))
})

test('a run that nobody asks anything of is another one', async () => {
  const quiet = await ran([], false)
  assert.equal((await trainings(quiet)).length, 2)
  assert.notEqual(quiet.summary.eventHash, straight.summary.eventHash)
})
