// `ratchet backup`: a copy counts once it was restored elsewhere and compared; what is damaged is said; restoring keeps what was there (DB-08).

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sqliteCopies } from '../../src/adapters/sql/copies.ts'
import { Fault } from '../../src/base/fault.ts'
import type { Log } from '../../src/base/log.ts'
import { backUpWhenDue } from '../../src/loop/keep-records.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { SAMPLE, type World, world } from './host.ts'

const confirming = async (question: string): Promise<string> => /^Type (\S+) to/.exec(question)![1]!

async function withRecords(context: TestContext): Promise<World> {
  let now = Date.UTC(2026, 0, 15, 14, 30)
  const here = await world(context, { ask: confirming, clock: { now: () => (now += 1000) } })
  assert.equal((await here.run('data', 'import', SAMPLE, '--symbol', 'SPX')).code, 0)
  mkdirSync(join(here.state, 'state'), { recursive: true })
  writeFileSync(join(here.state, 'state/CURRENT'), 'what is in charge')
  return here
}

const codeIn = (err: string): string => /^([A-Z_]+):/m.exec(err)?.[1] ?? err

test('a backup is made while somebody writes, is whole, and is of nobody else’s business', async context => {
  const { json, run, state, ports } = await withRecords(context)
  const opened = await ports.openState(state)
  const { code, value } = await json('backup', 'create')
  await opened.close()
  assert.equal(code, 0)
  const folder = join(String(value['folder']), String(value['id']))
  assert.deepEqual(readdirSync(folder), ['CURRENT', 'backup.json', 'ratchet.db'])
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(statSync(join(folder, 'ratchet.db')).mode & 0o777, 0o600)
  const { rows } = value['database'] as { readonly rows: Readonly<Record<string, number>> }
  assert.equal(rows['data_sets'], 1)
  assert.match((await run('backup', 'verify')).out, /^\d{8}_\d{6} +whole/)
  assert.equal((await run('backup', 'list')).out.trim(), folder)
})

test('a backup that was changed anywhere is damaged, and is not restored', async context => {
  const { json, run } = await withRecords(context)
  const made = await json('backup', 'create')
  const id = String(made.value['id'])
  const folder = join(String(made.value['folder']), id)
  for (const file of ['ratchet.db', 'CURRENT', 'backup.json']) {
    const before = readFileSync(join(folder, file))
    const bent = Buffer.from(before)
    bent[bent.length >> 1]! ^= 1
    writeFileSync(join(folder, file), bent)
    const { code, out } = await run('backup', 'verify', id)
    assert.equal(code, 1, file)
    assert.match(out, /DAMAGED/, file)
    const restored = await run('backup', 'restore', id, '--force')
    assert.deepEqual([restored.code, codeIn(restored.err)], [1, 'BACKUP_DAMAGED'], file)
    writeFileSync(join(folder, file), before)
  }
  assert.equal((await run('backup', 'verify', id)).code, 0)
})

test('restoring goes back to the records of then, and keeps what was there', async context => {
  const { json, run, state, ports } = await withRecords(context)
  const id = String((await json('backup', 'create')).value['id'])
  const opened = await ports.openState(state)
  await opened.dataMarks.add({ subject: 'source:file', mark: 'blocked', reason: 'later', at: 1 })
  await opened.close()
  writeFileSync(join(state, 'state/CURRENT'), 'something newer')
  const refused = await run('backup', 'restore', id)
  assert.deepEqual([refused.code, codeIn(refused.err.split('\n').at(-3) ?? '')], [5, 'STATE_OCCUPIED'])
  const busy = await ports.withLock(runLockOf(state), () => run('backup', 'restore', id, '--force'))
  assert.equal(busy.code, 5)
  const { code, value } = await json('backup', 'restore', id, '--force')
  assert.equal(code, 0)
  const again = await ports.openState(state)
  assert.deepEqual(await again.dataMarks.list(), [])
  await again.close()
  assert.equal(readFileSync(join(state, 'state/CURRENT'), 'utf8'), 'what is in charge')
  const aside = String(value['replaced'])
  assert.equal(readFileSync(join(aside, 'CURRENT'), 'utf8'), 'something newer')
  assert.ok(existsSync(join(aside, 'ratchet.db')))
})

test('the newest are kept; without records or of an unknown name there is none', async context => {
  const { json, run } = await withRecords(context)
  for (let n = 0; n < 8; n++) assert.equal((await run('backup', 'create')).code, 0)
  assert.equal(((await json('backup', 'list')).value['backups'] as readonly string[]).length, 7)
  assert.equal((await run('backup', 'restore', '20200101_000000')).code, 4)
  assert.equal((await run('backup', 'verify', '../../etc')).code, 4)
  const empty = await world(context)
  const nothing = await empty.run('backup', 'create')
  assert.deepEqual([nothing.code, codeIn(nothing.err)], [1, 'BACKUP_NOTHING'])
  assert.match((await empty.run('backup', 'list')).out, /no backup yet/)
})

test('a loop makes a backup when one is due, says when the newest proven one is too old, and doctor says so too', async context => {
  let now = Date.UTC(2026, 0, 15, 14, 30)
  const lines: string[] = []
  const log: Log = { write: (level, event) => void lines.push(`${level} ${event}`) }
  const settings = settingsSchema.parse({})
  const here = await world(context, { clock: { now: () => now }, ports: { copies: sqliteCopies, log, settings } })
  assert.equal((await here.run('data', 'import', SAMPLE, '--symbol', 'SPX')).code, 0)
  const state = await here.ports.openState(here.state)
  context.after(() => state.close())
  const care = { state, ports: here.ports }
  const line = async (): Promise<string> => /^(ok|warn|fail) +backup .*$/m.exec((await here.run('doctor')).out)![0]
  const HOUR = 3_600_000
  assert.match(await line(), /^warn +backup +no proven backup/)
  await backUpWhenDue(care)
  now += 23 * HOUR
  await backUpWhenDue(care)
  assert.deepEqual(lines.splice(0), ['info backup.made'])
  assert.match(await line(), /^ok +backup +20260115_143000, proven/)
  now += HOUR
  await backUpWhenDue(care)
  assert.deepEqual(lines.splice(0), ['info backup.made'])
  settings.backup.verify = false
  now += 49 * HOUR
  await assert.rejects(backUpWhenDue(care), (error: unknown) => error instanceof Fault && error.code === 'BACKUP_OLD')
  assert.deepEqual(lines.splice(0), ['info backup.made'], 'a copy that was not proven is none')
  assert.match(await line(), /^warn +backup +20260116_143000, proven, .*too old$/)
  settings.backup.everyHours = null
  await backUpWhenDue(care)
  assert.deepEqual(lines, [])
})
