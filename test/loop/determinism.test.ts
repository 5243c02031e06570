// One seed and the same bars give the same run, event for event: in two places, in one place twice, and after a run that was stopped.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { monotonicClock } from '../../src/adapters/system/clock.ts'
import { Fault } from '../../src/base/fault.ts'
import { meter } from '../../src/base/meter.ts'
import { deciderOf } from '../../src/loop/backtest-models.ts'
import { importSeries } from '../../src/loop/import-series.ts'
import type { ReplaySummary } from '../../src/loop/replay-summary.ts'
import type { RunReading } from '../../src/loop/run-reading.ts'
import { sharedData, skipWithoutData } from '../shared-data.ts'
import { type World, worldsOfFile } from './ports.ts'
import { importSimulated, type RunRequest, runReplay, seriesIn } from './runs.ts'
import { type SimulatedBar, simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 1250, seed: 3 })
const REQUEST = { seed: 7, everyBars: 200, warmupBars: 800 } as const

const newWorld = worldsOfFile()

const runBars = async (world: World, bars: readonly SimulatedBar[], request: RunRequest = REQUEST) =>
  runReplay(world, await importSimulated(world, bars), request)

const home = await newWorld()
const reference: ReplaySummary = await runBars(home, BARS)

test('the run that the others are compared with trains, publishes and installs', () => {
  assert.equal(reference.trainings, 3)
  assert.ok(reference.releases.installed >= 1, JSON.stringify(reference.refusedBy))
  assert.ok(reference.trades > 10)
})

test('the summary says what the result is worth: Sharpe less the luck of its trials, and random entries beside it', () => {
  const { sharpe, deflatedSharpe, trials, randomBeaten } = reference.figures
  assert.equal(trials, 1, 'one configuration a role, refitted: looks are no trials')
  assert.ok(deflatedSharpe.value! > 0 && deflatedSharpe.value! < 1)
  // With one trial it is the chance that the Sharpe ratio is above 0.
  if (sharpe.value !== null) assert.equal(sharpe.value > 0, deflatedSharpe.value! > 0.5)
  assert.ok(randomBeaten! >= 0 && randomBeaten! <= 1)
})

test('a backtest can be decided by each set of the run while it was in charge', async () => {
  const { sets, setAt } = await deciderOf({ brain: 'history' }, home.state, home.ports)
  assert.equal(sets.length, reference.releases.installed)
  const { bars } = (await importSimulated(home, BARS)).series
  const deciding = bars.map(({ knownAt }) => setAt(knownAt)?.releaseId)
  const changes = deciding.filter((id, at) => at > 0 && id !== deciding[at - 1])
  assert.equal(deciding[0], undefined, 'before the first training the rules decide')
  assert.deepEqual(new Set(changes), new Set(sets.map(({ releaseId }) => releaseId)))
})

test('a second run in the same state directory knows nothing of the first', async () => {
  assert.deepEqual(await runBars(home, BARS), reference)
})

test('another state directory gives the same run, also where it is measured', async () => {
  const own = meter<RunReading>({ stopwatch: monotonicClock })
  const told = new Map<string, number[]>()
  const stop = own.on(readings => {
    for (const [name, values] of Object.entries(readings)) told.set(name, [...(told.get(name) ?? []), ...values])
  })
  const world = await newWorld()
  assert.deepEqual(await runBars({ ...world, ports: { ...world.ports, meter: own } }, BARS), reference)
  stop()
  const count = (name: RunReading): number => told.get(name)?.length ?? 0
  assert.equal(count('decisionSeconds'), reference.decisions)
  assert.equal(count('swapSeconds'), reference.releases.installed)
  assert.ok(count('predictionSeconds') > 0)
  // A trade takes an entry to begin with; stops and targets rest with the broker.
  assert.ok(count('orderSent') >= reference.trades)
  for (const [name, values] of told) assert.ok(values.every(Number.isFinite), name)
})

test('another seed gives another run', async () => {
  const { eventHash } = await runBars(home, BARS, { ...REQUEST, seed: 8 })
  assert.notEqual(eventHash, reference.eventHash)
})

test('one close that is a tick higher gives another run', async () => {
  const changed = BARS.map((bar, index) => {
    if (index !== 600) return bar
    const close = Math.round(bar.close * 100 + 1) / 100
    return { ...bar, close, high: Math.max(bar.high, close) }
  })
  const { eventHash } = await runBars(home, changed)
  assert.notEqual(eventHash, reference.eventHash)
})

const INTERRUPTED = new Fault('INTERRUPTED', 'stopped by a signal')

test('a stop in the middle of the last training is a stop, not a training that failed', async () => {
  const world = await newWorld()
  const market = await importSimulated(world, BARS.slice(0, 800))
  const stop = new AbortController()
  const onView: RunRequest['onView'] = ({ text }) => void (text === 'training 1' && stop.abort(INTERRUPTED))
  await assert.rejects(runReplay(world, market, { ...REQUEST, signal: stop.signal, onView }), INTERRUPTED)
  const run = await world.database.selectFrom('runs').selectAll().executeTakeFirstOrThrow()
  assert.equal(run.state, 'interrupted')
})

test('two runs over the first 2,500 days of SPY are equal', { skip: skipWithoutData() }, async () => {
  const source = join(sharedData()!, 'equity_daily_adj', 'SPY_1d_adj.csv.gz')
  const runs: ReplaySummary[] = []
  for (let time = 0; time < 2; time++) {
    const world = await newWorld()
    const lines = gunzipSync(readFileSync(source)).toString().trim().split('\n').slice(0, 2501)
    const file = join(world.folder, 'spy.csv')
    writeFileSync(file, `${lines.join('\n')}\n`)
    const request = { ...seriesIn(file), symbol: 'SPY', calendar: 'nyse', simulated: false } as const
    const market = await importSeries(request, world.state, world.ports)
    runs.push(await runReplay(world, market, { seed: 42, everyBars: 500, warmupBars: 756 }))
  }
  const [first, second] = runs
  assert.deepEqual([first?.provenance, first?.bars, first?.trainings], ['real', 2500, 4])
  assert.ok(first!.releases.published > 0)
  assert.deepEqual(second, first)
})
