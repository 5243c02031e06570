// `ratchet db`: the steps of the schema, forward and back, each change after a proven backup (DB-04).

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { withFileLock } from '../../src/adapters/files/lock.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
import { SAMPLE, world } from './host.ts'

const confirming = async (question: string): Promise<string> => /^Type (\S+) to/.exec(question)![1]!

test('status and plan change nothing; migrate and rollback go both ways and keep a backup', async context => {
  const { run, json, state } = await world(context, { ask: confirming })
  assert.match((await run('db', 'status')).out, /^0001-spine +not taken$/m)
  assert.match((await run('db', 'plan')).out, /^create table "runs"/m)
  assert.ok(!existsSync(state), 'looking makes nothing')
  assert.equal((await run('data', 'import', SAMPLE, '--symbol', 'SPX')).code, 0)
  assert.deepEqual((await json('db', 'migrate')).value, { steps: [], backup: null })
  const back = await json('db', 'rollback', '--to', '5')
  assert.equal(back.code, 0)
  assert.deepEqual((back.value['steps'] as readonly string[]).slice(-3), [
    '0008-idempotency',
    '0007-operator',
    '0006-lookups',
  ])
  assert.match((await run('db', 'plan')).out, /^-- 0006-lookups\ncreate index "gate_results_of"/)
  const forth = await json('db', 'migrate')
  assert.equal((forth.value['steps'] as readonly string[])[0], '0006-lookups')
  const { backups } = (await json('backup', 'list')).value as { readonly backups: readonly string[] }
  assert.deepEqual(backups, [back.value['backup'], forth.value['backup']])
  assert.match((await run('data', 'list')).out, /SPX/)
})

test('a start brings records to the newest schema by itself, after a backup', async context => {
  const { run, json } = await world(context, { ask: confirming })
  assert.equal((await run('data', 'import', SAMPLE, '--symbol', 'SPX')).code, 0)
  assert.equal((await run('db', 'rollback')).code, 0)
  assert.match((await run('data', 'list')).err, /^SCHEMA_BEHIND/, 'who only reads changes nothing')
  assert.equal((await run('data', 'block', 'fred', '--reason', 'a look at it')).code, 0)
  assert.match((await run('data', 'list')).out, /SPX/)
  assert.equal((await json('db', 'status')).value['pending'], 0)
  assert.equal(((await json('backup', 'list')).value['backups'] as readonly string[]).length, 2)
})

test('the schema is not changed while a loop runs, nor without being asked to', async context => {
  const { run, state } = await world(context)
  assert.equal((await run('data', 'import', SAMPLE, '--symbol', 'SPX')).code, 0)
  assert.match((await run('db', 'rollback')).err, /^CONFIRM_NEEDED/)
  assert.match((await run('db', 'rollback', '--to', '99')).err, /^SCHEMA_STEP/)
  const asked = await world(context, { ask: confirming })
  const held = await withFileLock(runLockOf(state), () => asked.run('db', 'rollback', '--state', state))
  assert.deepEqual([held.code, /^[A-Z_]+/m.exec(held.err)?.[0]], [5, 'LOCK_BUSY'])
})
