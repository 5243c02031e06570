// What people can pull while a replay runs: the kill file and the file that skips training. No model is trained here, so the rules decide.
// Seed of the series 2, of the runs 1.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import type { ReplaySummary } from '../../src/loop/replay-summary.ts'
import type { DecisionRecord } from '../../src/trading/decision.ts'
import { openWorld, type World } from './ports.ts'
import { decisionsOf, importSimulated, type RunRequest, runReplay } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 900, seed: 2 })
const NO_TRAINING: RunRequest = { seed: 1, everyBars: 200, warmupBars: BARS.length + 1 }

const worlds: World[] = []
after(async () => {
  for (const world of worlds) await world.close()
})

type Made = { readonly world: World; readonly summary: ReplaySummary; readonly decisions: readonly DecisionRecord[] }

/** One run in a state directory of its own. */
async function runIn(
  request: RunRequest,
  before: (world: World) => void = () => {},
  hook?: (world: World) => RunRequest,
) {
  const world = await openWorld()
  worlds.push(world)
  const market = await importSimulated(world, BARS)
  before(world)
  const summary = await runReplay(world, market, hook?.(world) ?? request)
  const made: Made = { world, summary, decisions: await decisionsOf(world, 'replay-1') }
  return made
}

const put = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
}

const ordersOf = ({ world }: Made) => world.database.selectFrom('orders').selectAll().orderBy('created_at').execute()

const free = await runIn(NO_TRAINING)

test('without a file the rules trade this series', async () => {
  assert.ok(free.summary.trades > 20)
  assert.equal(free.summary.releases.published, 0)
})

for (const place of ['kill.txt', 'data/kill.txt']) {
  test(`with ${place} in the state directory before the start no order is ever placed, and decisions say why`, async () => {
    const killed = await runIn(NO_TRAINING, ({ state }) => put(join(state.directory, place)))
    assert.deepEqual(await ordersOf(killed), [])
    assert.deepEqual([killed.summary.trades, killed.summary.returnPct], [0, 0])
    assert.equal(killed.decisions.length, free.decisions.length)
    const events = await killed.world.database
      .selectFrom('events_outbox')
      .selectAll()
      .where('topic', '=', 'risk')
      .execute()
    assert.deepEqual(
      events.map(({ body }) => JSON.parse(body)),
      [{ state: 'HALTED', cause: 'KILLED', bar: 0 }],
    )
    for (const { riskState, riskCause, reasons, chosen } of killed.decisions) {
      assert.deepEqual([riskState, riskCause], ['HALTED', 'KILLED'])
      assert.equal(reasons[0]?.code, chosen === null ? 'NO_CANDIDATE' : 'NOT_ACTIVE')
    }
  })
}

test('a kill file that appears while a position is open flattens it at the next bar, and nothing is entered any more', async () => {
  // The watcher is told after every ninth bar: one of those at which a position is open and will be for two more bars.
  const position = new Map(free.decisions.map(decision => [decision.bar, decision.position]))
  const open = (bar: number): boolean => (position.get(bar) ?? 0) !== 0
  const last = BARS.findIndex((_, bar) => bar > 300 && bar % 9 === 0 && open(bar) && open(bar + 1) && open(bar + 2))
  assert.ok(last > 0)
  const killed = await runIn(NO_TRAINING, undefined, ({ state }) => ({
    ...NO_TRAINING,
    onView: ({ bar }) => {
      if (bar === last + 1) put(join(state.directory, 'kill.txt'))
    },
  }))
  const until = (decisions: readonly DecisionRecord[]) => decisions.filter(({ bar }) => bar <= last)
  assert.deepEqual(until(killed.decisions), until(free.decisions))

  const [exit, next, ...rest] = killed.decisions.filter(({ bar }) => bar > last)
  assert.deepEqual([exit?.outcome, exit?.reasons[0]?.code, exit?.riskState], ['exit', 'KILLED', 'HALTED'])
  assert.notEqual(exit?.position, 0)
  assert.equal(next?.position, 0)
  for (const { position: held, riskState, outcome } of rest) {
    assert.deepEqual([held, riskState], [0, 'HALTED'])
    assert.ok(outcome === 'noTrade' || outcome === 'refused', outcome)
  }
  const orders = await ordersOf(killed)
  assert.deepEqual(
    orders.filter(({ created_at, role }) => role === 'entry' && created_at > BARS_KNOWN(last)),
    [],
  )
  const outcome = await killed.world.database
    .selectFrom('outcomes')
    .selectAll()
    .orderBy('exit_time', 'desc')
    .executeTakeFirst()
  assert.equal(outcome?.exit_reason, 'flatten')
})

/** When a daily bar of a market that never closes is known. */
const BARS_KNOWN = (bar: number): number => Date.parse(`${BARS[bar]!.date}T00:00:00Z`) + 86_400_000

test('with SKIP_TRAINING in the state directory cycles that are due are counted and recorded, and the run ends normally', async () => {
  const request = { seed: 1, everyBars: 200, warmupBars: 300 }
  const skipped = await runIn(request, ({ state }) => put(join(state.directory, 'SKIP_TRAINING')))
  // Bars 300, 500, 700 and 900.
  assert.equal(skipped.summary.trainingsSkipped, 4)
  assert.equal(skipped.summary.trainings, 0)
  assert.deepEqual(skipped.summary.releases, { published: 0, installed: 0, refused: 0 })
  const rows = await skipped.world.state.journal.trainings()
  assert.deepEqual(
    rows.map(({ status, asOf, release }) => [status, asOf, release]),
    [299, 499, 699, 899].map(bar => ['skipped', BARS_KNOWN(bar), null]),
  )
  assert.match(rows[0]!.report, /SKIP_TRAINING exists/)
  const run = await skipped.world.database.selectFrom('runs').selectAll().executeTakeFirstOrThrow()
  assert.equal(run.state, 'finished')
  // Who decided did not change, so neither did anything else.
  assert.deepEqual({ ...skipped.summary, trainEvery: 0, trainingsSkipped: 0 }, { ...free.summary, trainEvery: 0 })
})

test('a kill file for models alone: nothing is trained and nothing takes charge, and trading goes on as it was', async () => {
  const request = { seed: 1, everyBars: 200, warmupBars: 300 }
  const models = ({ state }: World): void => writeFileSync(join(state.directory, 'kill.txt'), 'wait\nscopes: models\n')
  const stopped = await runIn(request, models)
  assert.deepEqual([stopped.summary.trainings, stopped.summary.trainingsSkipped], [0, 4])
  const [row] = await stopped.world.state.journal.trainings()
  assert.match(row!.report, /the kill switch is pulled for models/)
  assert.deepEqual(stopped.decisions, free.decisions)

  // Pulled when a release has been trained already.
  const late = await runIn(request, undefined, world => ({
    ...request,
    warmupBars: 700,
    onView: ({ text }) => {
      if (/^training \d+: r-/.test(text)) models(world)
    },
  }))
  assert.deepEqual(late.summary.refusedBy, { KILLED: 1 })
  assert.ok(late.decisions.every(({ releaseId }) => releaseId === 'baseline'))
})

test('a SKIP_TRAINING file that is taken away lets the next due cycle train', async () => {
  const request = { seed: 1, everyBars: 200, warmupBars: 300 }
  let runs = 0
  const world = await openWorld()
  worlds.push(world)
  const file = join(world.state.directory, 'SKIP_TRAINING')
  const market = await importSimulated(world, BARS)
  const present = (path: string) => (path === file ? runs++ < 300 : world.ports.present(path))
  const summary = await runReplay({ ...world, ports: { ...world.ports, present } }, market, request)
  assert.deepEqual([summary.trainingsSkipped, summary.trainings], [1, 3])
})
