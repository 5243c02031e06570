// Lists and counts are asked again and again while somebody watches: they must not touch the long texts of each row.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { CompiledQuery } from 'kysely'
import { openDatabase } from './open.ts'
import { trainingReader } from './reader-trainings.ts'

const database = await openDatabase(':memory:')
after(() => database.destroy())

const planOf = async (statement: string): Promise<string> => {
  const { rows } = await database.executeQuery<{ detail: string }>(CompiledQuery.raw(`explain query plan ${statement}`))
  return rows.map(({ detail }) => detail).join('; ')
}

test('the releases of a channel come from an index alone, in their order', async () => {
  const columns = 'digest, release_id, channel, version, label, state, first_seen'
  const list = `select ${columns} from releases`
  const order = 'order by first_seen, digest'
  assert.match(
    await planOf(`${list} where channel = 'c' ${order}`),
    /^SEARCH releases USING COVERING INDEX \S+ \(\S+\)$/,
  )
  assert.match(await planOf(`${list} ${order}`), /^SCAN releases USING COVERING INDEX/)
})

test('trainings are counted from an index alone', async () => {
  const counts = "select status, count(*) from training_runs where run_id = 'r' group by status"
  assert.match(await planOf(counts), /^SEARCH training_runs USING COVERING INDEX \S+ \(\S+\)$/)
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
