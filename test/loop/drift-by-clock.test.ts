// Drift by the clock with real training, on a clock that runs 600 times as fast: a market that turns wild asks for a slot between those of
// the schedule, once. Seed of the series 1.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { Fault } from '../../src/base/fault.ts'
import { seededRng } from '../../src/base/rng.ts'
import { speedClock } from '../../src/base/speed-clock.ts'
import { runByClock } from '../../src/loop/by-clock.ts'
import type { ClockEvent } from '../../src/loop/clock-event.ts'
import type { Ports } from '../../src/loop/ports.ts'
import { rowsOf } from '../../src/loop/series-rows.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import type { Evaluator } from '../../src/onnx/model.ts'
import { taggedSet } from '../../src/serving/fixtures/tagged-set.ts'
import type { ModelSet } from '../../src/serving/model-set.ts'
import { openWorld } from './ports.ts'
import { addSimulated, SYMBOL } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const MINUTE = 60_000
const SPEED = 600
const STOPPED = new Fault('INTERRUPTED', 'stopped')
const TURN = 900

/** From the turn on every day reaches eight times as far. */
const bars = simulatedBars({ bars: 1150, seed: 1 }).map((bar, index) => {
  if (index < TURN) return bar
  const middle = (bar.open + bar.close) / 2
  return { ...bar, high: bar.high + 0.07 * middle, low: bar.low - 0.07 * middle }
})

const { training } = settingsSchema.parse({})
const world = await openWorld({ training: { ...training, intervalMinutes: 1440 } })
after(() => world.close())
const { state } = world
const fast = speedClock({
  clock: systemClock,
  timer: systemTimer,
  speed: SPEED,
  startMs: Date.UTC(2026, 0, 1, 6, 1),
})
const ports: Ports = { ...world.ports, clock: fast, timer: fast }
const market = await addSimulated(world, bars.slice(0, TURN))

/** Has learned from all bars before the turn, and says much the same whatever it is asked. */
function inCharge(): ModelSet {
  const set = taggedSet(1)
  const { table, schema } = rowsOf(market, ports)
  const classes = [...table.strategies, 'None']
  const evaluator = (answer: readonly number[]): Evaluator => ({
    ...set.roles.get('meta')!,
    outputs: answer.length,
    run: (_, count) => Float32Array.from(Array.from({ length: count }, () => answer).flat()),
  })
  const dataEnd = market.series.bars.at(-1)!.knownAt
  const windows = { fit: [0, dataEnd] as const, holdout: [dataEnd, dataEnd] as const, embargoMs: 0 }
  return {
    ...set,
    classes,
    features: schema,
    evaluation: { ...set.evaluation, windows },
    windows: { fitEnd: dataEnd, dataEnd, embargoMs: 0 },
    roles: new Map([
      ['meta', evaluator(classes.map((_, k) => (k === 0 ? 0.24 : 0.19)))],
      ['execution', evaluator([0.2])],
      ['rl_sizer', evaluator([1])],
    ]),
  }
}

test('drift asks for one slot of its own, whose row says why, and the cooldown holds', async () => {
  const events: ClockEvent[] = []
  const stop = new AbortController()
  let champion: ModelSet | undefined
  let endedAt = 0
  const loop = runByClock(
    { symbol: SYMBOL, rng: seededRng(1), deadlineMs: 25 * MINUTE * SPEED, passMs: 15 * MINUTE * SPEED },
    state,
    ports,
    {
      signal: stop.signal,
      champion: () => champion,
      onEvent: event => {
        events.push(event)
        const ended = events.filter(({ type }) => type === 'trainingEnded').length
        // The first is the schedule's: more bars come, and the market has turned in them.
        if (event.type === 'trainingEnded' && ended === 1) {
          void addSimulated(world, bars).then(() => (champion = inCharge()))
        }
        if (event.type === 'trainingEnded' && ended === 2) endedAt = event.at
        // Some looks later nothing more was asked for.
        if (endedAt > 0 && event.type === 'synced' && event.at > endedAt + 20 * MINUTE) stop.abort(STOPPED)
      },
    },
  )
  await assert.rejects(loop, STOPPED)

  const found = events.filter(event => event.type === 'driftFound')
  assert.equal(found.length, 1)
  assert.deepEqual([found[0]!.model, ['psi', 'kl'].includes(found[0]!.detector)], ['meta', true])
  assert.match(found[0]!.sentence, /^(PSI|KL) of (atr|volatility|spread|\w+) \d/)

  const [scheduled, asked, ...more] = await state.journal.trainings()
  assert.deepEqual(more, [])
  assert.match(scheduled!.trainingId, /T00:00Z$/)
  assert.match(asked!.trainingId, /T\d\d:[0-5][05]Z$/)
  assert.notEqual(asked!.status, 'skipped')
  const told = (report: string) =>
    (JSON.parse(report) as { retraining: { cause: object; worth: { n: number } | null; shares: object[] } }).retraining
  assert.deepEqual(told(scheduled!.report).cause, { kind: 'schedule' })
  const { type, at, ...cause } = found[0]!
  assert.deepEqual(told(asked!.report).cause, { kind: 'drift', ...cause })
  assert.ok(type === 'driftFound' && at > 0)
  assert.equal(told(asked!.report).shares.length, 2)
})
