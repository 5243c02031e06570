import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sqlJournal } from '../adapters/sql/journal.ts'
import { openDatabase } from '../adapters/sql/open.ts'
import { sqlRunLog } from '../adapters/sql/run-log.ts'
import { replayClock } from '../base/clock.ts'
import { clockRunId, openClockRun } from './clock-run.ts'
import type { Market } from './import-series.ts'
import { settingsSchema } from './settings.ts'

const bar = { time: 0, open: 1, high: 1, low: 1, close: 1, volume: 0, knownAt: 1 }
const series = { symbol: 'SPX', barMs: 60_000, snapshotId: 'abc', provenance: 'real', bars: [bar, bar] }
const market = { series, instrument: { step: 1 } } as unknown as Market

async function world(context: TestContext) {
  const database = await openDatabase(':memory:')
  context.after(() => database.destroy())
  const state = { journal: sqlJournal(database) }
  const wall = replayClock(1000)
  const committed: number[] = []
  const log: string[] = []
  const ports = {
    settings: settingsSchema.parse({}),
    facts: { codeVersion: '0.1.0', lockfileSha256: '', platform: '' },
    log: { write: (_level: string, _event: string, text: string) => log.push(text) },
    clock: replayClock(50_000),
  }
  const onCommitted = (seq: number) => void committed.push(seq)
  const open = () => openClockRun({ market, state, ports, wall, seed: 1, onCommitted })
  const events = () => database.selectFrom('events_outbox').selectAll().orderBy('seq').execute()
  return { database, runLog: sqlRunLog(database), journal: state.journal, wall, open, events, committed, log }
}

const draft = (detail: string) => ({ topic: 'control', at: 1, body: { action: 'slot', detail } }) as const

test('a loop that starts again goes on with its run, which is the newest once more', async context => {
  const it = await world(context)
  const first = await it.open()
  await first.end('interrupted')
  it.wall.advanceTo(2000)
  const replay = { ...(await it.runLog.latest())!, runId: 'replay-2' }
  await it.journal.startRun({
    ...replay,
    channel: 'replay-2',
    startedAt: 2000,
    seed: 1,
    configSnapshot: { id: 'c', body: '{}' },
    facts: {
      barMs: 1,
      bars: 1,
      warmupBars: 0,
      trainEvery: 1,
      capital: 1,
      step: 1,
      provenance: 'real',
      codeVersion: '',
    },
  })
  assert.equal((await it.runLog.latest())?.runId, 'replay-2')
  it.wall.advanceTo(3000)
  const again = await it.open()
  assert.equal(again.runId, first.runId)
  const newest = await it.runLog.latest()
  assert.deepEqual(
    [newest?.runId, newest?.state, newest?.progress?.barsDone],
    [clockRunId('stable', 'SPX'), 'running', 2],
  )
  assert.equal((await it.events()).length, 3)
})

test('what is told is written in the order of the calls, though some of it takes longer to find out', async context => {
  const it = await world(context)
  const run = await it.open()
  const slow = Promise.withResolvers<void>()
  run.tell(async () => {
    await slow.promise
    return [draft('first'), draft('second')]
  })
  run.tell(async () => [draft('third')])
  run.tell(async () => [])
  slow.resolve()
  await run.end('interrupted')
  const rows = await it.events()
  assert.deepEqual(
    rows.map(({ body }) => /"(first|second|third|running|interrupted)"/.exec(body)?.[1]),
    ['running', 'first', 'second', 'third', 'interrupted'],
  )
  assert.equal(it.committed.at(-1), rows.at(-1)!.seq)
})

test('an event that cannot be told is told to the log, and those behind it come all the same', async context => {
  const it = await world(context)
  const run = await it.open()
  run.tell(() => Promise.reject(new Error('the registry does not answer')))
  run.tell(async () => [draft('first')])
  await run.end('failed', { code: 'DISK_FULL', sentence: 'no space' })
  assert.deepEqual(it.log, ['an event could not be written'])
  const rows = await it.events()
  assert.deepEqual(
    rows.map(({ topic }) => topic),
    ['run', 'control', 'run'],
  )
  assert.match(rows.at(-1)!.body, /DISK_FULL/)
})
