// Lists and counts are asked again and again while somebody watches: they must not touch the long texts of each row.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { CompiledQuery, Kysely } from 'kysely'
import { openSqlite } from './dialect.ts'
import { openDatabase } from './open.ts'
import { eventReader } from './reader-events.ts'
import { trainingReader } from './reader-trainings.ts'
import { sqlRegistry } from './registry.ts'
import type { Tables } from './schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'ratchet-lists-'))
await (await openDatabase(join(folder, 'ratchet.db'))).destroy()
const asked: CompiledQuery[] = []
const database = new Kysely<Tables>({
  dialect: openSqlite(join(folder, 'ratchet.db')).dialect,
  log: ({ query }) => void asked.push(query),
})
after(async () => {
  await database.destroy()
  rmSync(folder, { recursive: true, force: true })
})

/** How SQLite goes about the one statement of a question. */
async function planOf(question: () => Promise<unknown>): Promise<string> {
  asked.length = 0
  await question()
  const [{ sql, parameters }, ...rest] = asked as [CompiledQuery, ...CompiledQuery[]]
  assert.deepEqual(rest, [])
  const { rows } = await database.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
  )
  return rows.map(({ detail }) => detail).join('; ')
}

test('the releases of a channel come from an index alone, in their order', async () => {
  const registry = sqlRegistry(database)
  const own = await planOf(() => registry.releases('c'))
  assert.match(own, /^SEARCH releases USING COVERING INDEX \S+ \(\S+\)$/)
  assert.match(await planOf(() => registry.releases()), /^SCAN releases USING COVERING INDEX/)
})

test('trainings are counted from an index alone', async () => {
  const plan = await planOf(() => trainingReader(database).trainingCounts('r'))
  assert.match(plan, /^SEARCH training_runs USING COVERING INDEX \S+ \(\S+\)$/)
})

test('the last handover is found from the end of the history, and events are counted without the texts of releases', async () => {
  const registry = sqlRegistry(database)
  assert.doesNotMatch(await planOf(() => registry.lastHandover('main')), /TEMP B-TREE/)
  assert.match(await planOf(() => registry.eventCounts('c')), /releases USING COVERING INDEX/)
})

test('the newest event of rare kinds is found without walking through the history', async () => {
  const plan = await planOf(() => sqlRegistry(database).lastEvent('main', ['pinned', 'unpinned']))
  const all = await planOf(() => sqlRegistry(database).eventsOf('main', ['rolledBack', 'resumed']))
  for (const one of [plan, all]) {
    assert.match(one, /^SEARCH slot_events USING INDEX slot_events_of \(slot=\? AND event=\?\)/)
  }
})

test('who was in charge is found in a million events by a few dozen rows, each by an index', async () => {
  const rows = 1_000_000
  // Every hundredth hands over, the others are refusals; one begins again in the middle.
  const filled = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
    insert into slot_events (seq, at, slot, event, from_release, to_release, actor, cause, gate_report_sha256, config_sha256,
      code_version, prev_hash, hash)
    select i, i % 500000, 'long', case when i = 500000 then 'restarted' when i % 100 = 0 then 'activated' else 'refused' end,
      null, i, '', '', null, '', '', '', '' from n`
  await database.executeQuery(CompiledQuery.raw(filled))
  asked.length = 0
  const found = await sqlRegistry(database).handoverAt('long', 123_456)
  assert.deepEqual([found?.at, found?.seq], [123_400, 623_400])
  assert.ok(asked.length < 45, `${asked.length} questions`)
  for (const { sql, parameters } of asked.splice(0)) {
    const plan = await database.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    )
    for (const { detail } of plan.rows) assert.match(detail, /^(SEARCH slot_events|SCAN slot_events$)/)
  }
  await database.executeQuery(CompiledQuery.raw("delete from slot_events where slot = 'long'"))
})

test('gate reports of a release and events of a run are found without reading those of others', async () => {
  assert.match(
    await planOf(() => sqlRegistry(database).gateReports('d')),
    /^SEARCH gate_results USING INDEX \S+ \(\S+\)$/,
  )
  const reader = eventReader(database)
  const topics = ['judged', 'run']
  assert.match(
    await planOf(() => reader.newestEvents('r', ['bar'], 1)),
    /^SEARCH events_outbox USING INDEX events_told/,
  )
  assert.match(
    await planOf(() => reader.newestEvents('r', topics, 200)),
    /SEARCH events_outbox USING INDEX events_told/,
  )
})

const training = (name: string, runId: string | null, status: 'released' | 'failed') => ({
  training_id: name,
  run_id: runId,
  symbol: 'S',
  as_of: 5,
  status,
  effective_rows: null,
  rows: null,
  release_id: null,
  channel: null,
  version: null,
  manifest_sha256: null,
  fault: null,
  report: '{"long":"text"}',
  number: 1,
  duration_ms: 7,
  curves: '[]',
})

test('trainings are counted by how they ended, listed without their texts, and read in full one at a time', async () => {
  await database
    .insertInto('training_runs')
    .values([
      training('a', 'r', 'released'),
      training('b', 'r', 'released'),
      training('c', 'r', 'failed'),
      training('d', 'other', 'failed'),
      training('e', null, 'released'),
    ])
    .execute()
  const reader = trainingReader(database)
  assert.deepEqual(await reader.trainingCounts('r'), { released: 2, failed: 1, skipped: 0 })
  assert.deepEqual(await reader.trainingCounts('none'), { released: 0, failed: 0, skipped: 0 })
  const list = await reader.trainings('r')
  assert.deepEqual(
    list.map(({ trainingId, durationMs }) => [trainingId, durationMs]),
    [
      ['a', 7],
      ['b', 7],
      ['c', 7],
    ],
  )
  assert.ok(!('report' in list[0]!) && !('curves' in list[0]!))
  assert.deepEqual(await reader.training('a'), { ...list[0], report: '{"long":"text"}', curves: '[]' })
  assert.equal((await reader.trainings()).length, 5)
})
