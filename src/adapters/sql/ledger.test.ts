import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { verifyLedger } from '../../trading/ledger/entry.ts'
import { checkLedger, draftOf } from '../../trading/ledger/ledger.checks.ts'
import { memoryLedger } from '../../trading/ledger/memory-ledger.ts'
import { sqlLedger } from './ledger.ts'
import { openDatabase } from './open.ts'

checkLedger('SQLite', async () => {
  const database = await openDatabase(':memory:')
  return { ledger: sqlLedger(database), close: () => database.destroy() }
})

const drafts = Array.from({ length: 5 }, (_, at) => draftOf(`${at}`, { at, until: at }))

test('the same acts make the same entries as in memory', async () => {
  const database = await openDatabase(':memory:')
  const memory = memoryLedger()
  await memory.append(drafts)
  await sqlLedger(database).append(drafts)
  assert.deepEqual(await sqlLedger(database).entries(), await memory.entries())
  await database.destroy()
})

test('an edit of any column in the database is found, and so is a row that was taken out', async () => {
  const database = await openDatabase(':memory:')
  const ledger = sqlLedger(database)
  await ledger.append(drafts)
  const [row] = await database.selectFrom('ledger').selectAll().where('seq', '=', 3).execute()
  for (const [name, value] of Object.entries(row!)) {
    if (name === 'seq') continue
    const put = (to: unknown) => sql`update ledger set ${sql.ref(name)} = ${to} where seq = 3`.execute(database)
    await put(typeof value === 'number' ? value + 1 : `${value}x`)
    const edited = await ledger.entries()
    assert.throws(() => verifyLedger(edited), { code: 'LEDGER_BROKEN', place: 'ledger:3' }, name)
    await put(value)
  }
  verifyLedger(await ledger.entries())
  await sql`delete from ledger where seq = 2`.execute(database)
  const shorter = await ledger.entries()
  assert.throws(() => verifyLedger(shorter), { code: 'LEDGER_BROKEN' })
  await database.destroy()
})

test('deleting runs and trainings does not lower the count', async () => {
  const database = await openDatabase(':memory:')
  const ledger = sqlLedger(database)
  await ledger.append(drafts)
  await database.deleteFrom('runs').execute()
  await database.deleteFrom('training_runs').execute()
  await database.deleteFrom('cycles').execute()
  assert.equal((await ledger.entries()).length, drafts.length)
  await database.destroy()
})
