// The loop by the clock with real training, on a clock that runs 600 times as fast: half an hour takes three seconds. Seed of the series 1.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { Fault } from '../../src/base/fault.ts'
import { seededRng } from '../../src/base/rng.ts'
import { speedClock } from '../../src/base/speed-clock.ts'
import { type ByClockOptions, channelTreeOf, runByClock } from '../../src/loop/by-clock.ts'
import type { ClockEvent } from '../../src/loop/clock-event.ts'
import { type FitStop, fitStop } from '../../src/loop/fit-stop.ts'
import type { Ports } from '../../src/loop/ports.ts'
import { syncOnce } from '../../src/loop/sync-once.ts'
import { type TrainingAsks, trainingAsks } from '../../src/loop/training-asks.ts'
import { openWorld } from './ports.ts'
import { addSimulated, SYMBOL } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const MINUTE = 60_000
const SPEED = 600
const START = Date.UTC(2026, 0, 1)
const STOPPED = new Fault('INTERRUPTED', 'stopped')
const BARS = simulatedBars({ bars: 1300, seed: 1 })

const world = await openWorld()
after(() => world.close())
const { state } = world
const fast = speedClock({ clock: systemClock, timer: systemTimer, speed: SPEED, startMs: START })
const ports: Ports = { ...world.ports, clock: fast, timer: fast }
const tree = channelTreeOf(state, 'stable')
await addSimulated(world, BARS.slice(0, 1200))

/** Runs a loop until an event that the test waits for, and stops it then; gives all events and how long the stop took. */
async function runUntil(
  wanted: (event: ClockEvent, events: readonly ClockEvent[]) => boolean,
  options: Partial<ByClockOptions> = {},
  hands: { readonly asks?: TrainingAsks; readonly fits?: FitStop } = {},
) {
  const events: ClockEvent[] = []
  const stop = new AbortController()
  let stoppedAt = 0
  const loop = runByClock(
    {
      symbol: SYMBOL,
      rng: seededRng(1),
      deadlineMs: 25 * MINUTE * SPEED,
      passMs: 15 * MINUTE * SPEED,
      // A pass that goes on when the loop is stopped holds the lock until it has ended.
      drainMs: MINUTE * SPEED,
      ...options,
    },
    state,
    ports,
    {
      signal: stop.signal,
      ...hands,
      onEvent: event => {
        events.push(event)
        if (!stop.signal.aborted && wanted(event, events)) {
          stoppedAt = systemClock.now()
          stop.abort(STOPPED)
        }
      },
    },
  )
  await assert.rejects(loop, STOPPED)
  return { events, stopMs: systemClock.now() - stoppedAt }
}

const of = <T extends ClockEvent['type']>(events: readonly ClockEvent[], type: T) =>
  events.filter((event): event is Extract<ClockEvent, { type: T }> => event.type === type)

const installed = (events: readonly ClockEvent[]) =>
  of(events, 'synced').filter(({ pass }) => pass.outcome.ok && pass.outcome.value.installed === 1)

test('a stop in the middle of a training leaves nothing behind, and the slot is run when the loop starts again', async () => {
  const { stopMs } = await runUntil(event => event.type === 'trainingStarted')
  assert.ok(stopMs < 10_000, `${stopMs} ms`)
  assert.deepEqual(await state.journal.trainings(), [])
  assert.equal(existsSync(join(tree, 'models')), false)
})

test('a training that is late is cancelled as TRAIN_DEADLINE, recorded, and publishes nothing', async () => {
  const { events } = await runUntil(event => event.type === 'trainingEnded', { deadlineMs: 1 })
  assert.equal(of(events, 'trainingEnded')[0]!.row.fault, 'TRAIN_DEADLINE')
  const [row, ...rest] = await state.journal.trainings()
  assert.deepEqual([row!.status, row!.fault, row!.release, rest.length], ['failed', 'TRAIN_DEADLINE', null, 0])
  assert.equal(existsSync(join(tree, 'models')), false)
})

test('a training that a person asks for begins between the slots, and one that a person stops publishes nothing', async () => {
  const [asks, fits] = [trainingAsks(), fitStop()]
  asks.ask('new bars were imported')
  const { events } = await runUntil(
    event => {
      if (event.type === 'trainingStarted') fits.stop('it was the wrong file')
      return event.type === 'trainingEnded' && event.row.report.includes('"asked"')
    },
    {},
    { asks, fits },
  )
  const { row } = of(events, 'trainingEnded').at(-1)!
  assert.equal(row.fault, 'TRAIN_STOPPED')
  const report = JSON.parse(row.report) as {
    readonly sentence: string
    readonly retraining?: { readonly cause: object }
  }
  assert.equal(report.sentence, 'stopped by a person: it was the wrong file')
  assert.deepEqual(report.retraining?.cause, { kind: 'asked', reason: 'new bars were imported' })
  assert.equal(asks.waiting(), undefined)
  assert.equal(existsSync(join(tree, 'models')), false)
})

test('the loop trains on what is stored, publishes, installs, signs on while nothing is new, and trains again on more bars', async () => {
  let imported: Promise<unknown> | undefined
  const { events } = await runUntil((event, all) => {
    const taken = installed(all).length > 0 && of(all, 'signedOn').length > 0
    if (taken && imported === undefined) imported = addSimulated(world, BARS)
    return event.type === 'trainingEnded' && of(all, 'published').length === 2
  })
  assert.deepEqual(of(events, 'slotFailed'), [])

  const rows = of(events, 'trainingEnded').map(({ row }) => row)
  const [first, second] = rows.filter(({ status }) => status === 'released')
  assert.deepEqual([first?.release?.version, second?.release?.version], [1, 2])
  const between = rows.slice(rows.indexOf(first!) + 1, rows.indexOf(second!))
  assert.ok(between.length >= 1)
  for (const { status, report } of between) {
    assert.deepEqual([status, report], ['skipped', '{"reason":"skipped: nothing new"}'])
  }
  const slots = rows.map(({ trainingId }) => trainingId)
  assert.equal(new Set(slots).size, slots.length)
  for (const slot of slots) assert.match(slot, /^stable\/SIM@2026-01-\d\dT\d\d:(00|30)Z$/)

  // A fresh pointer in each slot in which nothing was published.
  const signed = of(events, 'signedOn')
  assert.equal(signed.length, between.length)
  assert.deepEqual(
    signed.map(({ releaseId }) => releaseId),
    between.map(() => first!.release!.releaseId),
  )
  // At this speed a second of a crowded machine is ten minutes.
  for (const { at, expiresAt } of signed) {
    assert.ok(Math.abs(Date.parse(expiresAt) - (at + 90 * MINUTE)) < 60 * MINUTE, `${expiresAt} for ${at}`)
  }

  // A bot that starts now takes the newest; the one that followed has had the first.
  assert.ok(installed(events).length >= 1)
  const last = await syncOnce({ source: tree, symbol: SYMBOL, signal: new AbortController().signal }, state, ports)
  assert.deepEqual(
    last.refused.filter(({ code }) => code !== 'GATE_REFUSED'),
    [],
  )
})

test('a loop that starts again on the same bars finds nothing new, whoever trained', async () => {
  const { events } = await runUntil(event => event.type === 'signedOn')
  assert.deepEqual(of(events, 'trainingStarted'), [])
  assert.equal(of(events, 'trainingEnded').at(-1)!.row.status, 'skipped')
})
