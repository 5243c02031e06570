import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted, Fault } from '../base/fault.ts'
import type { SyncResult } from '../serving/updater.ts'
import type { TrainingRow } from '../trading/journal.ts'
import { clockControl } from './clock-control.ts'
import type { ClockEvent } from './clock-event.ts'
import { clockLive } from './clock-live.ts'
import { clockRecord } from './clock-record.ts'
import { fitStop } from './fit-stop.ts'
import type { LivePass, LiveSlot } from './live-slot.ts'
import type { RunEventDraft } from './run-event.ts'
import { trainingAsks } from './training-asks.ts'

const RUN = 'clock-stable-SPX'
const SLOT = 'stable/SPX@2026-01-15T14:30Z'
const { signal } = new AbortController()
const BEFORE = { releaseId: 'r-1', label: 'one', digest: 'd1' } as unknown as ReturnType<LiveSlot['current']>
const NEWER = { releaseId: 'r-2', label: 'two', digest: 'd2' } as unknown as ReturnType<LiveSlot['current']>
const NOTHING: SyncResult = {
  installed: 0,
  releaseId: null,
  previous: 'r-1',
  refused: [],
  inCharge: 'r-1',
  upToDate: true,
}
const refusedBy = (code: string, digest: string | null): SyncResult => ({
  ...NOTHING,
  upToDate: false,
  refused: [{ code, file: null, detail: 'why', digest }],
})

/** @param passes what each pass comes to */
async function world(passes: readonly Omit<LivePass, 'before'>[] = []) {
  const drafts: RunEventDraft[] = []
  let last = Promise.resolve()
  const run = {
    runId: RUN,
    bar: 99,
    tell: (made: () => Promise<readonly RunEventDraft[]>) =>
      void (last = last.then(async () => void drafts.push(...(await made())))),
    end: async () => {},
  }
  let next = 0
  let current = BEFORE
  const slot: LiveSlot = {
    current: () => current,
    notes: [],
    signedAt: () => 4,
    askSources: async () => accepted('all answer'),
    healthy: async () => {},
    async pass() {
      const pass = passes[next++]!
      if (pass.result.installed === 1) current = NEWER
      return { ...pass, before: BEFORE }
    },
    async act({ type }) {
      const done = { type, label: 'two', digest: 'd2', done: `did ${type}`, inCharge: 'r-2' }
      current = NEWER
      return accepted({ ...done, from: BEFORE, to: NEWER })
    },
    async takeBack() {
      current = undefined
      return accepted({ from: NEWER, to: undefined })
    },
  }
  const rows = [{ runId: RUN }, { runId: RUN }, { runId: null }] as TrainingRow[]
  const state = {
    journal: { trainings: async () => rows },
    registry: { releases: async () => [{ digest: 'd2', label: 'two' }] },
  } as unknown as Parameters<typeof clockRecord>[0]['state']
  const live = clockLive({ runId: RUN, bars: 100, nextSlot: () => 0, onChange: () => {} })
  const [asks, fits] = [trainingAsks(), fitStop()]
  const record = await clockRecord({ run, live, slot, state, ports: { clock: { now: () => 5 } }, asks, fits, signal })
  const told = async () => {
    await last
    return drafts
  }
  return { record, live, told, asks, fits }
}

const row = (over: Partial<TrainingRow>) => ({ ...over, report: over.report ?? '{}' }) as TrainingRow

test('a training is asked for once until it is taken up, one that runs is stopped with its reason, and both are told', async () => {
  const { record, told, asks, fits } = await world()
  const ask = (type: 'train' | 'stopTraining') => record.obey({ type, reason: 'by hand' })
  const codeOf = (outcome: Awaited<ReturnType<typeof ask>>) => (outcome.ok ? 'ok' : outcome.fault.code)
  assert.equal(codeOf(await ask('stopTraining')), 'NOT_TRAINING')
  assert.equal(codeOf(await ask('train')), 'ok')
  assert.equal(codeOf(await ask('train')), 'ALREADY_ASKED')
  assert.deepEqual(await asks.next(signal), { kind: 'asked', reason: 'by hand' })
  const running = fits.begin()
  assert.equal(codeOf(await ask('stopTraining')), 'ok')
  assert.deepEqual([running.aborted, (running.reason as Fault).code], [true, 'TRAIN_STOPPED'])
  assert.equal(codeOf(await ask('stopTraining')), 'NOT_TRAINING')
  fits.end()
  const bodies = (await told()).map(({ topic, body }) => [topic, body])
  assert.deepEqual(bodies, [
    ['control', { action: 'train', detail: 'by hand' }],
    ['control', { action: 'stopTraining', detail: 'by hand' }],
  ])
})

test('who waits for a training to be asked for leaves with the loop', async () => {
  const stop = new AbortController()
  const waits = trainingAsks().next(stop.signal)
  const over = new Fault('INTERRUPTED', 'stopped')
  stop.abort(over)
  await assert.rejects(waits, over)
})

test('trainings are numbered on from those that the run has', async () => {
  const { record, live, told } = await world()
  const skipped = row({ status: 'skipped', release: null, fault: null, report: '{"reason":"skipped: nothing new"}' })
  record.event({ type: 'trainingEnded', slot: SLOT, at: 1, row: skipped })
  record.event({ type: 'trainingStarted', slot: SLOT, at: 2 })
  assert.deepEqual([live.state().training?.number, live.state().training?.trainingId], [4, SLOT])
  const failed = row({ status: 'failed', release: null, fault: 'TRAIN_DEADLINE', report: '{"sentence":"too long"}' })
  record.event({ type: 'trainingEnded', slot: SLOT, at: 3, row: failed })
  assert.equal(live.state().training, null)
  const bodies = (await told()).map(({ body }) => body as unknown as Record<string, unknown>)
  assert.deepEqual(
    bodies.map(({ number, state, reason }) => [number, state, reason]),
    [
      [3, 'skipped', 'skipped: nothing new'],
      [4, 'started', null],
      [4, 'failed', 'TRAIN_DEADLINE: too long'],
    ],
  )
})

test('a slot that could not be recorded ends what is shown of it and is told as what it is', async () => {
  const { record, live, told } = await world()
  record.event({ type: 'trainingStarted', slot: SLOT, at: 2 })
  const event: ClockEvent = { type: 'slotFailed', slot: SLOT, at: 3, fault: new Fault('DISK_FULL', 'no space') }
  record.event(event)
  assert.equal(live.state().training, null)
  const [, failed] = await told()
  assert.deepEqual(failed?.body, { action: 'slot', detail: `${SLOT}: DISK_FULL no space` })
})

test('an installation is a verdict and a swap, from what was in charge to what is', async () => {
  const result = { ...NOTHING, installed: 1, releaseId: 'r-2', inCharge: 'r-2', upToDate: false } as const
  const gateReport = { digest: 'd2', results: [] } as unknown as SyncResult['gateReport']
  const { record, told } = await world([{ result: { ...result, gateReport }, offered: true }])
  await record.sync('a', signal)
  const [judged, swap] = await told()
  assert.deepEqual(judged?.body, {
    drill: false,
    releaseId: 'r-2',
    label: 'two',
    digest: 'd2',
    gates: [],
    bar: 99,
    verdict: 'installed',
    decidedBy: null,
    detail: '',
  })
  assert.deepEqual(swap?.body, {
    event: 'activated',
    from: 'd1',
    to: 'd2',
    label: 'two',
    bar: 99,
    cause: 'gates passed',
  })
})

test('a source without anything to judge, and one that is up to date, is no verdict', async () => {
  const { record, told } = await world([
    { result: refusedBy('SOURCE_EMPTY', null), offered: false },
    { result: NOTHING, offered: true },
  ])
  await record.sync('a', signal)
  await record.sync('a', signal)
  assert.deepEqual(await told(), [])
})

test('what a source offers again and again is told once, and again after something else', async () => {
  const forged = { result: refusedBy('SIGNATURE_INVALID', null), offered: true }
  const { record, told } = await world([forged, forged, { result: NOTHING, offered: true }, forged, forged])
  for (let pass = 0; pass < 4; pass++) await record.sync('a', signal)
  await record.sync('b', signal)
  const verdicts = (await told()).map(({ body }) => (body as { decidedBy?: string }).decidedBy)
  assert.deepEqual(verdicts, Array(3).fill('SIGNATURE_INVALID'))
})

test('before the loop is there, and for what only replays can, a command is refused in words', async () => {
  const control = clockControl()
  const codeOf = async (command: Parameters<typeof control.send>[0]) => {
    const outcome = await control.send(command)
    return outcome.ok ? outcome.value : outcome.fault.code
  }
  const rollback = { type: 'rollback', reason: 'looks wrong' } as const
  assert.equal(await codeOf(rollback), 'NOT_RUNNING')
  const { record, told } = await world()
  control.obey(record.obey)
  assert.equal(await codeOf({ type: 'jump', to: 0 }), 'NO_REPLAY')
  assert.equal(await codeOf(rollback), 'rolled back from two to the baseline')
  const topics = (await told()).map(({ topic }) => topic)
  assert.deepEqual(topics, ['swap', 'control'])
})

test("a person's word on a release is told with its reason, and a promotion as the swap that it is", async () => {
  const { record, told } = await world()
  for (const type of ['promote', 'pin'] as const) {
    assert.deepEqual(await record.obey({ type, release: 'two', reason: 'looked at it' }), accepted(`did ${type}`))
  }
  const drafts = await told()
  assert.deepEqual(
    drafts.map(({ topic }) => topic),
    ['swap', 'control', 'control'],
  )
  const [swap, promoted, pinned] = drafts.map(({ body }) => body as unknown as Record<string, unknown>)
  assert.deepEqual([swap!['event'], swap!['to'], swap!['cause']], ['activated', NEWER?.digest, 'looked at it'])
  assert.deepEqual(promoted, { action: 'promote', detail: 'did promote: looked at it' })
  assert.deepEqual(pinned, { action: 'pin', detail: 'did pin: looked at it' })
})

test('a source that fails is an event at each pass and is shown while it does; when it answers again that is told once', async () => {
  const { record, live, told } = await world()
  const passOf = (result: SyncResult, failures: number): ClockEvent => ({
    type: 'synced',
    source: 'https://cdn.example.com/stable?token=secret',
    at: 7,
    pass: { outcome: accepted(result), failures, nextAt: 9 },
  })
  const down = refusedBy('SOURCE_UNREACHABLE', null)
  record.event(passOf(down, 1))
  record.event(passOf(down, 2))
  const trouble = { source: 'cdn.example.com/stable', failures: 2, code: 'SOURCE_UNREACHABLE', detail: 'why' }
  assert.deepEqual(live.state().troubled, [trouble])
  assert.equal(live.state().signedAt, 4)
  record.event(passOf(NOTHING, 0))
  record.event(passOf(NOTHING, 0))
  assert.equal(live.state().troubled, undefined)
  const drafts = await told()
  const bodies = drafts.map(({ topic, body }) => [topic, body] as const)
  assert.deepEqual(bodies, [
    ['sync', { ...trouble, failures: 1, state: 'failed' }],
    ['sync', { ...trouble, state: 'failed' }],
    [
      'sync',
      {
        source: trouble.source,
        state: 'recovered',
        failures: 2,
        code: null,
        detail: 'it answers again after 2 failed in a row (SOURCE_UNREACHABLE)',
      },
    ],
  ])
})

test('a pass that stopped is trouble too, a place where nothing was published yet is none', async () => {
  const { record, live, told } = await world()
  const pass = { failures: 1, nextAt: 9 }
  record.event({
    type: 'synced',
    source: '/a',
    at: 7,
    pass: { ...pass, outcome: accepted(refusedBy('SOURCE_EMPTY', null)) },
  })
  assert.deepEqual([live.state().troubled, await told()], [undefined, []])
  const fault = new Fault('SYNC_FAILED', 'the pass stopped')
  record.event({ type: 'synced', source: '/a', at: 8, pass: { ...pass, outcome: { ok: false, fault } } })
  assert.deepEqual(live.state().troubled, [
    { source: '/a', failures: 1, code: 'SYNC_FAILED', detail: 'the pass stopped' },
  ])
})
