// Trainings that a person starts and stops: in a replay, where they come again when the run goes on, and by the clock. Seed of the series 3,
// of the runs 7.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Commanded, commandedReplay, type Script } from './commanded.ts'
import { openWorld, type World } from './ports.ts'
import { simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 1150, seed: 3 })
const REQUEST = { seed: 7, everyBars: 200, warmupBars: 800 } as const
const reason = 'the test wants it'

const SCRIPT: Script = [
  [810, { type: 'stopTraining', reason }],
  [850, { type: 'train', reason }],
  [850, { type: 'train', reason }],
]

const worlds: World[] = []
after(async () => {
  for (const world of worlds) await world.close()
})

/** The third training is stopped by a person as soon as it is seen. @param stops bars at which the run is cut and goes on */
async function ran(stops: readonly number[], asked = true): Promise<Commanded> {
  const world = await openWorld()
  worlds.push(world)
  let ended = !asked
  return commandedReplay(world, {
    bars: BARS,
    request: REQUEST,
    script: asked ? SCRIPT : [],
    stops,
    onLive: (state, say) => {
      if (ended || state.training?.number !== 3) return
      ended = true
      say({ type: 'stopTraining', reason })
    },
  })
}

const trainings = ({ world }: Commanded) =>
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
  const facts = async (of: Commanded) =>
    (await trainings(of)).map(({ training_id, as_of, status, fault }) => [training_id, as_of, status, fault])
  assert.deepEqual(await facts(cut), await facts(straight))
})

test('a run that nobody asks anything of is another one', async () => {
  const quiet = await ran([], false)
  assert.equal((await trainings(quiet)).length, 2)
  assert.notEqual(quiet.summary.eventHash, straight.summary.eventHash)
})
