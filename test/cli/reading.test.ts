// Verbs that only read: beside a loop that holds the state directory, without making one, and without touching an older schema (CLI-01).

import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { runLockOf } from '../../src/loop/run-lock.ts'
import { world } from './host.ts'

const READING = [
  ['models', 'list'],
  ['models', 'history'],
  ['models', 'worth'],
  ['ledger', 'list'],
  ['ledger', 'verify'],
  ['data', 'list'],
  ['report', 'list'],
  ['risk', 'show'],
] as const

test('reading makes no state directory where there is none', async context => {
  const { run, state } = await world(context)
  for (const verb of READING) {
    const { code, err } = await run(...verb)
    assert.equal(code, 0, `${verb.join(' ')}: ${err}`)
  }
  assert.equal((await run('models', 'show', '1')).code, 4)
  assert.equal(existsSync(state), false)
})

test('reading goes on while a loop runs and while somebody writes, and leaves the records as they are', async context => {
  const { run, state, ports } = await world(context)
  const opened = await ports.openState(state)
  await opened.close()
  const file = join(state, 'ratchet.db')
  const before = statSync(file)
  const writer = new DatabaseSync(file)
  writer.exec('BEGIN IMMEDIATE')
  await ports.withLock(runLockOf(state), async () => {
    for (const verb of READING) assert.equal((await run(...verb)).code, 0, verb.join(' '))
  })
  writer.exec('ROLLBACK')
  writer.close()
  assert.deepEqual([statSync(file).size, statSync(file).mtimeMs], [before.size, before.mtimeMs])
})

test('records of an older schema are left as they are, and the way to newer ones is named', async context => {
  const { run, json, state, ports } = await world(context)
  const opened = await ports.openState(state)
  await opened.close()
  const steps = (await json('db', 'status')).value['steps'] as readonly unknown[]
  const database = new DatabaseSync(join(state, 'ratchet.db'))
  database.exec('delete from kysely_migration where name = (select max(name) from kysely_migration)')
  database.close()
  for (const verb of [
    ['models', 'list'],
    ['ledger', 'list'],
    ['data', 'list'],
  ]) {
    const { code, err } = await run(...verb)
    assert.equal(code, 2, verb.join(' '))
    assert.match(err, /SCHEMA_BEHIND.*\n.*ratchet db migrate/)
  }
  const taken = ((await json('db', 'status')).value['steps'] as readonly { readonly takenAt: unknown }[]).filter(
    ({ takenAt }) => takenAt !== null,
  )
  assert.equal(taken.length, steps.length - 1)
})
