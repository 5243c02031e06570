import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { Fault } from '../../base/fault.ts'
import { sqliteSchema } from './database-schema.ts'
import { openSqlite } from './dialect.ts'
import { type Executes, takeBackSteps, takeSteps } from './migrate.ts'
import { openDatabase } from './open.ts'
import { stepsOf } from './steps.ts'

const steps = await stepsOf()

/** Checksums of the steps that were released: databases hold them. */
const RELEASED = {
  '0001-spine': '454ec68a4d9f22b238cfd28e94c1ec3e125abbb215489b1b40000ad5f55d2bc3',
  '0002-window': '8679bc6a86c09d6e8f6cf70fd8b1172effa2d9189f3092c6efb36f445ac0e52a',
  '0003-lists': 'e1cb6ec2c3c3137b680ba538eee8ad17a36b7393cb92078792541e78d2e1e581',
  '0004-data-marks': 'c24a8b1e62ee59766ccaa0c297238f792be3fac6878e78f89786b36f156a9b40',
  '0005-ledger': '1f01ad2777aef188ad78e55c0a2376dbecd6ae474f7b0d3ef1c6b4de00139f1a',
  '0006-lookups': 'a0817371f8113d12b03a54781f3351ea85b2685f62904aa702d7c14197c9d445',
  '0007-operator': '21698ef6fc33aa1ff5a46ca32b3c18d69d7bbf7360f3ed0b60911741f817a633',
  '0008-idempotency': '94c8219072fe4b825aa274ceeb713cf53aa156cd858d1c8ffa83f360a180e668',
}

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-steps-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Tables, columns and indexes, and which steps were taken. */
function shapeOf(file: string): readonly string[] {
  const database = new DatabaseSync(file)
  const rows = database
    .prepare(`select type || ' ' || name || ' ' || coalesce(sql, '') as line from sqlite_schema order by 1`)
    .all()
  const check = database.prepare('pragma integrity_check').get()?.['integrity_check']
  const taken = database.prepare('select name from kysely_migration order by name').all()
  database.close()
  return [
    `integrity ${String(check)}`,
    ...rows.map(row => String(row['line'])),
    ...taken.map(row => String(row['name'])),
  ]
}

const codeOf = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

test('a step that was released is what it was', () => {
  const now = Object.fromEntries(steps.map(({ name, sha256 }) => [name, sha256]))
  assert.deepEqual({ ...now, ...RELEASED }, now)
})

test('each step can be taken back and taken again, and the schema is as before at every stage', t => {
  const file = join(scratch(t), 'ratchet.db')
  const { database } = openSqlite(file)
  const stages: (readonly string[])[] = []
  for (const [index] of steps.entries()) {
    takeSteps(database, steps.slice(0, index + 1), file, 0)
    stages.push(shapeOf(file))
  }
  for (let to = steps.length - 1; to >= 1; to--) {
    takeBackSteps(database, steps, file, to)
    assert.deepEqual(new Set(shapeOf(file).map(squeezed)), new Set(stages[to - 1]!.map(squeezed)), `to ${to}`)
  }
  takeSteps(database, steps, file, 0)
  assert.deepEqual(new Set(shapeOf(file).map(squeezed)), new Set(stages.at(-1)!.map(squeezed)))
  database.close()
})

/** SQLite keeps a table's text as it was altered: spaces differ. */
const squeezed = (line: string): string => line.replace(/\s+/g, ' ')

test('fault 101: what a process that dies at any statement leaves is the old schema, and the next start brings it to the newest', t => {
  const folder = scratch(t)
  const file = join(folder, 'live.db')
  const half = steps.slice(0, 2)
  const { database } = openSqlite(file)
  takeSteps(database, half, file, 0)
  const before = shapeOf(file)
  let left = 0
  const leave = (): void => {
    const name = join(folder, `left-${left++}.db`)
    for (const part of ['', '-wal']) if (existsSync(file + part)) copyFileSync(file + part, name + part)
  }
  const watched: Executes & { readonly isTransaction: boolean } = {
    exec(sql) {
      database.exec(sql)
      leave()
    },
    prepare: sql => database.prepare(sql),
    get isTransaction() {
      return database.isTransaction
    },
  }
  takeSteps(watched, steps, file, 0)
  database.close()
  const after = shapeOf(file)
  assert.ok(left > 10)
  for (let number = 0; number < left; number++) {
    const name = join(folder, `left-${number}.db`)
    // The last one was left after COMMIT.
    assert.deepEqual(shapeOf(name), number === left - 1 ? after : before, `statement ${number}`)
    const opened = openSqlite(name).database
    takeSteps(opened, steps, name, 0)
    opened.close()
    assert.deepEqual(shapeOf(name), after, `statement ${number}`)
  }
})

test('fault 101: a process killed with SIGKILL within a migration leaves a database that opens', async t => {
  const folder = scratch(t)
  const script = `
    const [{ openSqlite }, { takeSteps }, { stepsOf }] = await Promise.all(['dialect', 'migrate', 'steps'].map(
      name => import(${JSON.stringify(new URL('.', import.meta.url).href)} + name + '.ts')))
    const [file, at] = process.argv.slice(1)
    const { database } = openSqlite(file)
    let n = 0
    const watched = { prepare: sql => database.prepare(sql), exec: sql => {
      database.exec(sql)
      if (++n === Number(at)) process.kill(process.pid, 'SIGKILL')
    } }
    takeSteps(watched, await stepsOf(), file, 0)`
  for (const at of [2, 20, 40]) {
    const file = join(folder, `${at}.db`)
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script, file, String(at)])
    assert.equal(signal, 'SIGKILL')
    await (await openDatabase(file)).destroy()
  }
})

test('a copy is kept before records are brought to a newer schema, and none for a new database', async t => {
  const file = join(scratch(t), 'ratchet.db')
  const kept: string[] = []
  const keepCopy = async (path: string) => void kept.push(path)
  await (await openDatabase(file, { keepCopy })).destroy()
  assert.deepEqual(kept, [])
  await sqliteSchema.rollback(file, 5)
  await assert.rejects(openDatabase(file, { keepCopy, autoMigrate: false }), codeOf('SCHEMA_BEHIND'))
  await assert.rejects(
    openDatabase(file, { keepCopy: () => Promise.reject(new Fault('BACKUP_FAILED', 'no room')) }),
    codeOf('BACKUP_FAILED'),
  )
  assert.equal(
    (await sqliteSchema.status(file)).filter(({ takenAt }) => takenAt === undefined).length,
    steps.length - 5,
  )
  await (await openDatabase(file, { keepCopy })).destroy()
  assert.deepEqual(kept, [file])
})

test('a database of before checksums opens, and gets them', async t => {
  const file = join(scratch(t), 'ratchet.db')
  await (await openDatabase(file)).destroy()
  const { database } = openSqlite(file)
  database.exec('alter table kysely_migration drop column sha256')
  database.close()
  await (await openDatabase(file)).destroy()
  const again = openSqlite(file).database
  const rows = again.prepare('select sha256 from kysely_migration order by name').all()
  again.close()
  assert.deepEqual(
    rows.map(row => row['sha256']),
    steps.map(({ sha256 }) => sha256),
  )
})

test('a database that took another step of the same name is refused', async t => {
  const file = join(scratch(t), 'ratchet.db')
  await (await openDatabase(file)).destroy()
  const { database } = openSqlite(file)
  database.exec(`update kysely_migration set sha256 = 'other' where name = '0003-lists'`)
  database.close()
  await assert.rejects(openDatabase(file), codeOf('MIGRATION_CHANGED'))
  await assert.rejects(sqliteSchema.status(file), codeOf('MIGRATION_CHANGED'))
})
