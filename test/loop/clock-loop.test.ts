// The loop by the clock as a page sees it: its run, its events, what is true now, and the models in charge. On a clock 600 times as fast. Seed of the series 1.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Fault, type Outcome, unwrap } from '../../src/base/fault.ts'
import { seededRng } from '../../src/base/rng.ts'
import type { ClockEvent } from '../../src/loop/clock-event.ts'
import { clockLoop } from '../../src/loop/clock-loop.ts'
import type { Ports, WindowRequest } from '../../src/loop/ports.ts'
import type { LiveState, RunControl } from '../../src/loop/run-control.ts'
import { takeBack } from '../../src/loop/take-back.ts'
import { HOST, serve } from '../api/world.ts'
import { openWorld } from './ports.ts'
import { addSimulated, SYMBOL } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const STOPPED = new Fault('INTERRUPTED', 'stopped')
const world = await openWorld()
const { state } = world
const market = await addSimulated(world, simulatedBars({ bars: 1200, seed: 1 }))

/** A page that only remembers what it was told. */
const seen: LiveState[] = []
const committed: number[] = []
let asked: WindowRequest | undefined
let closed = 0
const ports: Ports = {
  ...world.ports,
  window: async request => {
    asked = request
    return {
      url: 'http://127.0.0.1:8000',
      port: 8000,
      committed: seq => void committed.push(seq),
      live: now => void seen.push(now),
      close: async () => void closed++,
    }
  },
}

const events: ClockEvent[] = []
let drained = 0
const stop = new AbortController()
const opened = Promise.withResolvers<string | null>()
/** While it runs: a second loop and a rollback by hand come to the same slot. */
const refusals: Outcome<unknown>[] = []
let rolledBack: Outcome<string> | undefined
let acting = false
const outcomeOf = async (work: () => Promise<unknown>): Promise<Outcome<unknown>> => {
  try {
    return { ok: true, value: await work() }
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

async function onInstalled(control: Pick<RunControl, 'send'>): Promise<void> {
  const nothing = { signal: stop.signal, onOpen() {}, onEvent() {}, onProgress() {}, onDraining() {} }
  refusals.push(
    await outcomeOf(() => clockLoop({ market, seed: 1, speed: 1 }, state, ports, nothing)),
    await outcomeOf(() => takeBack({ reason: 'by hand', to: undefined }, state, ports)),
    await control.send({ type: 'pause' }),
  )
  rolledBack = await control.send({ type: 'rollback', reason: 'rehearsal' })
  stop.abort(STOPPED)
}

/** Passes over the tree once something is published; so many without an installation, and none will come. */
const PASSES = 40

/** Nothing else ends this loop: what keeps the installation from coming ends it too, and is what the test then fails with. */
const spoiled = (passes: number): ((event: ClockEvent) => Fault | undefined) => {
  let left = passes
  return event => {
    if (event.type === 'slotFailed') return event.fault
    if (event.type === 'trainingEnded' && event.row.status === 'failed') return new Fault('SPOILED', event.row.report)
    if (event.type !== 'synced' || !events.some(({ type }) => type === 'published') || left-- > 0) return undefined
    return new Fault('SPOILED', `nothing was installed in ${passes} passes: ${JSON.stringify(event.pass.outcome)}`)
  }
}

before(async () => {
  const window = { port: 0, banner: ['by the clock'], dataNote: 'made up' }
  const spoil = spoiled(PASSES)
  const loop = clockLoop({ market, seed: 42, speed: 600, window, rng: seededRng(1) }, state, ports, {
    signal: stop.signal,
    onOpen: ({ inCharge }) => opened.resolve(inCharge),
    onEvent(event) {
      events.push(event)
      const installed =
        event.type === 'synced' && event.pass.outcome.ok && event.pass.outcome.value.installed === 1 ? asked : undefined
      if (installed === undefined) {
        const fault = acting ? undefined : spoil(event)
        if (fault !== undefined) stop.abort(fault)
      } else if (!acting) {
        acting = true
        onInstalled(installed.control).catch((cause: unknown) => stop.abort(cause))
      }
    },
    onProgress() {},
    onDraining: () => void drained++,
  })
  await assert.rejects(loop, STOPPED)
})
const served = await serve(state.directory)
after(async () => {
  await served.close()
  await world.close()
})

async function get<T>(path: string): Promise<T> {
  const { statusCode, body } = await served.api.inject({ url: `/api/${path}`, headers: HOST })
  assert.equal(statusCode, 200, body)
  return JSON.parse(body) as T
}

test('it starts with nothing in charge, and the end is told once', async () => {
  assert.equal(await opened.promise, null)
  assert.equal(drained, 1)
  assert.equal(closed, 1)
})

test('the status names the run, its bars and who is in charge, without an account that nothing traded for', async () => {
  const status = await get<Record<string, unknown>>('status')
  const run = status['run'] as Record<string, unknown>
  assert.deepEqual(
    [run['runId'], run['state'], run['channel'], run['symbol'], run['bars'], run['barsDone'], run['clock']],
    ['clock-stable-SIM', 'interrupted', 'stable', SYMBOL, 1200, 1200, null],
  )
  assert.deepEqual([status['account'], status['mode'], status['risk']], [null, 'PAPER', null])
  const counts = status['counts'] as Record<string, number>
  assert.deepEqual([counts['trainings'], counts['published'], counts['installed'], counts['decisions']], [1, 1, 1, 0])
  const [slot] = status['slots'] as Record<string, unknown>[]
  // The rehearsal took it back.
  assert.equal(slot!['releaseId'], null)
})

test('its events are durable, in order, and each was announced', async () => {
  const rows = await world.database.selectFrom('events_outbox').selectAll().orderBy('seq').execute()
  assert.ok(rows.every(({ run_id }) => run_id === 'clock-stable-SIM'))
  const told = rows
    .filter(({ topic }) => topic !== 'control')
    .map(({ topic, body }) => {
      const { state: how, event, verdict } = JSON.parse(body) as Record<string, string>
      return [topic, how ?? event ?? verdict].join(' ').trim()
    })
  const firsts = told.filter(text => text !== 'training skipped')
  assert.deepEqual(firsts, [
    'run running',
    'training started',
    'published',
    'training released',
    'judged installed',
    'swap activated',
    'swap rolledBack',
    'run interrupted',
  ])
  assert.equal(committed.at(-1), rows.at(-1)!.seq)
  const label = (topic: string) => JSON.parse(rows.find(row => row.topic === topic)!.body) as Record<string, unknown>
  const { digest, releaseId } = label('published')
  assert.deepEqual(
    [label('judged')['digest'], label('swap')['to'], label('judged')['releaseId']],
    [digest, digest, releaseId],
  )
  assert.equal((label('judged')['gates'] as unknown[]).length > 5, true)
})

test('the Training page has every slot with its curves, the Models page its release', async () => {
  const { items } = await get<{ items: Record<string, unknown>[] }>('trainings')
  const released = items.find(({ status }) => status === 'released')!
  assert.match(String(released['trainingId']), /^stable\/SIM@/)
  assert.deepEqual([released['number'], released['runId']], [1, 'clock-stable-SIM'])
  const detail = await get<{ curves: unknown[]; durationMs: number }>(
    `trainings/${encodeURIComponent(String(released['trainingId']))}`,
  )
  assert.ok(detail.curves.length > 10)
  const releases = await get<{ items: Record<string, unknown>[] }>('releases')
  assert.deepEqual(
    releases.items.map(({ releaseId, state: now }) => [releaseId, now]),
    [[released['releaseId'], 'retired']],
  )
  const timeline = await get<{ verified: boolean; items: { event: string; actor: string }[] }>('models/timeline')
  assert.equal(timeline.verified, true)
  assert.deepEqual(
    timeline.items.filter(({ actor }) => actor === 'clock').map(({ event }) => event),
    ['activated', 'rolledBack'],
  )
  const bars = await get<{ items: unknown[] }>('bars?limit=50')
  assert.equal(bars.items.length, 50)
})

test('what is true now was told: the training as it grew, the draining, the end', () => {
  const trainings = seen.flatMap(({ training }) => (training === null ? [] : [training]))
  assert.ok(trainings.length > 5)
  assert.ok(trainings.every(({ number, trainingId }) => number === 1 && trainingId.startsWith('stable/SIM@')))
  assert.ok(trainings.at(-1)!.points.length > 10)
  const phases = new Set(seen.map(({ phase }) => phase))
  for (const phase of ['training', 'publishing', 'syncing', 'waiting'] as const) assert.ok(phases.has(phase), phase)
  const states = seen.map(({ state: now }) => now)
  assert.deepEqual(
    states.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)),
    states,
  )
  assert.equal(states.at(-1), 'ended')
  // Slots of half an hour.
  assert.ok(seen.every(({ nextTrainingAt }) => nextTrainingAt !== undefined && nextTrainingAt % 1_800_000 === 0))
})

const ORDER: readonly LiveState['state'][] = ['running', 'draining', 'ended']

test('while it holds the slot nobody else does, and a person takes the models back through its page', () => {
  assert.deepEqual(
    refusals.map(outcome => (outcome.ok ? 'ok' : outcome.fault.code)),
    ['LOCK_BUSY', 'LOCK_BUSY', 'NO_REPLAY'],
  )
  assert.match(unwrap(rolledBack!), /^rolled back from \d{8}_\d{6}_1 to the baseline$/)
})
