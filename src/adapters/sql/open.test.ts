import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../base/fault.ts'
import { isSupportedSqlite, openSqlite } from './dialect.ts'
import { openDatabase } from './open.ts'

const scratch = (t: { after: (done: () => void) => void }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-sql-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'ratchet.db')
}

test('a new database has every table and opens again unchanged', async t => {
  const file = scratch(t)
  const first = await openDatabase(file)
  await first.insertInto('config_snapshots').values({ snapshot_id: 'a', body: '{}' }).execute()
  await first.destroy()
  const second = await openDatabase(file)
  const rows = await second.selectFrom('config_snapshots').selectAll().execute()
  assert.deepEqual({ ...rows[0] }, { snapshot_id: 'a', body: '{}' })
  await second.destroy()
})

test('a database of a newer schema is refused', async t => {
  const file = scratch(t)
  await (await openDatabase(file)).destroy()
  const { database } = openSqlite(file)
  database.exec("insert into kysely_migration (name, timestamp) values ('9999-future', '2030-01-01T00:00:00Z')")
  database.close()
  await assert.rejects(
    openDatabase(file),
    (error: unknown) => error instanceof Fault && error.code === 'SCHEMA_TOO_NEW',
  )
})

test('a file that is no database is refused by code and left as it is', async t => {
  const file = scratch(t)
  const text = 'this is not a database, it only stands where one should be'.repeat(40)
  writeFileSync(file, text)
  await assert.rejects(openDatabase(file), { code: 'DATABASE_CORRUPT', place: file })
  assert.equal(readFileSync(file, 'utf8'), text)
})

test('fault 99: SQLite before 3.51.3 is not supported', () => {
  assert.deepEqual(['3.51.2', '3.51.3', '3.53.4', '4.0.0', '3.9.0'].map(isSupportedSqlite), [
    false,
    true,
    true,
    true,
    false,
  ])
})

test('durability is full and the log is write-ahead', t => {
  const { database } = openSqlite(scratch(t))
  assert.equal(database.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal')
  assert.equal(database.prepare('pragma synchronous').get()?.['synchronous'], 2)
  database.close()
})
