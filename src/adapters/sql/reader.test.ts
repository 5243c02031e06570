import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sqlJournal } from './journal.ts'
import { type Database, openDatabase } from './open.ts'
import { openReader } from './open-reader.ts'
import { pruneEvents } from './prune-events.ts'
import { sqlReader } from './reader.ts'

async function both(t: TestContext): Promise<{ writer: Database; reader: Database }> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-reader-'))
  const file = join(folder, 'ratchet.db')
  const writer = await openDatabase(file)
  const reader = openReader(file)
  t.after(async () => {
    await reader.destroy()
    await writer.destroy()
    rmSync(folder, { recursive: true, force: true })
  })
  return { writer, reader }
}

const fill = (name: string, at: number) => ({
  run_id: 'r',
  trade_id: name,
  order_id: name,
  decision_id: 'd',
  symbol: 'S',
  side: 1,
  quantity: 1,
  role: 'entry',
  price: 1,
  slippage: 0,
  commission_micros: 0,
  at,
})

const run = (name: string, startedAt: number, endedAt: number | null) => ({
  run_id: name,
  channel: name,
  started_at: startedAt,
  ended_at: endedAt,
  state: 'finished' as const,
  seed: '1',
  symbol: 'S',
  data_hash: 'h',
  config_snapshot: 'c',
  summary: null,
  facts: null,
  bars_done: 1,
  progress_hash: null,
})

const event = (runId: string, at = 0) => ({ run_id: runId, topic: 'bar', at, body: '{}' })

test('the connection that reads cannot write', async t => {
  const { reader } = await both(t)
  await assert.rejects(
    reader.insertInto('config_snapshots').values({ snapshot_id: 'a', body: '{}' }).execute(),
    /readonly/,
  )
})

test('it answers while a transaction of the writer is open, with what was there before', async t => {
  const { writer, reader } = await both(t)
  const records = sqlReader(reader)
  await writer.insertInto('events_outbox').values(event('r')).execute()
  await writer.transaction().execute(async tx => {
    await tx.insertInto('events_outbox').values(event('r')).execute()
    assert.deepEqual(await records.eventSpan(), { oldest: 1, newest: 1 })
  })
  assert.deepEqual(await records.eventSpan(), { oldest: 1, newest: 2 })
})

test('pages among equal times have each row once, though others come in between', async t => {
  const { writer, reader } = await both(t)
  const records = sqlReader(reader)
  await writer
    .insertInto('fills')
    .values(['a', 'b', 'c', 'd', 'e'].map(name => fill(name, 5)))
    .execute()
  const first = await records.fills({ runId: 'r', limit: 2, newestFirst: true })
  await writer
    .insertInto('fills')
    .values([fill('f', 5), fill('g', 9)])
    .execute()
  const last = first.at(-1)!
  const rest = await records.fills({
    runId: 'r',
    limit: 9,
    newestFirst: true,
    after: { at: last.at, id: last.tradeId },
  })
  assert.deepEqual(
    [...first, ...rest].map(({ tradeId }) => tradeId),
    ['e', 'd', 'c', 'b', 'a'],
  )
})

test('equity is thinned by a stride with its first and last point', async t => {
  const { writer, reader } = await both(t)
  const points = Array.from({ length: 100 }, (_, at) => ({
    run_id: 'r',
    at,
    equity_micros: at,
    hold_micros: at,
    previous_micros: null,
  }))
  await writer.insertInto('equity_points').values(points).execute()
  const records = sqlReader(reader)
  assert.deepEqual(
    (await records.points('r', 30)).map(({ at }) => at),
    [0, 30, 60, 90, 99],
  )
  assert.equal((await records.points('r', 1)).length, 100)
  assert.deepEqual(await records.points('none', 1), [])
  assert.equal(await records.pointsUntil('r', 41), 42)
})

test('the newest events of a run come first, of the topics that are asked for', async t => {
  const { writer, reader } = await both(t)
  for (const [name, topic] of [
    ['r', 'bar'],
    ['r', 'judged'],
    ['other', 'judged'],
    ['r', 'risk'],
    ['r', 'bar'],
    ['r', 'judged'],
  ] as const) {
    await writer
      .insertInto('events_outbox')
      .values({ ...event(name), topic })
      .execute()
  }
  const records = sqlReader(reader)
  const seqs = async (topics: readonly string[], limit: number) =>
    (await records.newestEvents('r', topics, limit)).map(({ seq }) => seq)
  assert.deepEqual(await seqs(['judged', 'risk'], 10), [6, 4, 2])
  assert.deepEqual(await seqs(['bar'], 1), [5])
  assert.deepEqual(await seqs(['swap'], 10), [])
})

test('events of runs that ended more than a week ago go; those of the newest run stay, and with them the newest seq', async t => {
  const { writer, reader } = await both(t)
  const day = 86_400_000
  const now = 100 * day
  await writer
    .insertInto('runs')
    .values([
      run('old', 80 * day, 81 * day),
      run('killed', 82 * day, null),
      run('recent', 90 * day, 95 * day),
      run('newest', 91 * day, 91 * day),
    ])
    .execute()
  for (const name of ['old', 'killed', 'recent', 'newest']) {
    await writer
      .insertInto('events_outbox')
      .values(Array.from({ length: 25 }, () => event(name)))
      .execute()
  }
  assert.equal(await pruneEvents(writer, { nowMs: now, batch: 10 }), 50)
  const records = sqlReader(reader)
  assert.deepEqual(await records.eventSpan(), { oldest: 51, newest: 100 })
  assert.equal(await pruneEvents(writer, { nowMs: now }), 0)
  await writer.insertInto('events_outbox').values(event('newest')).execute()
  assert.equal((await records.eventSpan()).newest, 101)
})

test('of a run that goes on events of more than a week go too, but for the newest of each topic', async t => {
  const { writer, reader } = await both(t)
  const day = 86_400_000
  const now = 100 * day
  await writer
    .insertInto('runs')
    .values([run('gone', 1, 2), run('clock', 80 * day, null)])
    .execute()
  const told = (topic: string, at: number) => ({ ...event('clock'), topic, at })
  await writer
    .insertInto('events_outbox')
    .values([
      event('gone'),
      ...Array.from({ length: 2500 }, () => told('control', 92 * day)),
      told('swap', 81 * day),
      told('control', 94 * day),
    ])
    .execute()
  assert.equal(await pruneEvents(writer, { nowMs: now }), 1)
  assert.equal(await pruneEvents(writer, { nowMs: now, live: 'clock' }), 2500)
  assert.deepEqual(await sqlReader(reader).eventSpan(), { oldest: 2502, newest: 2503 })
})

test('who halted, paused and resumed, and why, is kept when events are forgotten', async t => {
  const { writer } = await both(t)
  const day = 86_400_000
  await writer
    .insertInto('runs')
    .values([run('r', 1, 2), run('newest', 99 * day, null)])
    .execute()
  const told = (topic: string, body: object) => ({ topic, at: 5, body: JSON.stringify(body) })
  await sqlJournal(writer).record('r', {
    decisions: [],
    orders: [],
    fills: [],
    trades: [],
    equity: [],
    inputs: [],
    progress: undefined,
    provenance: 'real',
    events: [
      told('risk', { state: 'ACTIVE', cause: 'DAILY_LOSS', bar: 1 }),
      told('risk', { state: 'HALTED', cause: 'KILL_FILE', bar: 2 }),
      told('control', { action: 'slot', detail: 'x' }),
      told('control', { action: 'pauseEntries', detail: 'news' }),
      told('control', { action: 'resume', detail: 'looked at it' }),
    ],
  })
  assert.equal(await pruneEvents(writer, { nowMs: 100 * day }), 5)
  const states = await writer.selectFrom('risk_state').select(['state', 'cause']).orderBy('seq').execute()
  assert.deepEqual(
    states.map(row => ({ ...row })),
    [
      { state: 'ACTIVE', cause: 'DAILY_LOSS' },
      { state: 'HALTED', cause: 'KILL_FILE' },
    ],
  )
  const acts = await writer.selectFrom('kill_events').select(['action', 'actor', 'reason']).orderBy('seq').execute()
  assert.deepEqual(
    acts.map(row => ({ ...row })),
    [
      { action: 'halted', actor: 'risk', reason: 'KILL_FILE' },
      { action: 'paused', actor: 'operator', reason: 'news' },
      { action: 'resumed', actor: 'operator', reason: 'looked at it' },
    ],
  )
})
