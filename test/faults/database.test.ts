// Cases 95 to 97 and DB-10 on a real file: a writer that is killed at its statements, a log and a main file that lost bytes, a disk that is
// full. What was acknowledged is there, and a bot whose records are lost goes on deciding.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { openDatabase } from '../../src/adapters/sql/open.ts'
import { sqlRegistry } from '../../src/adapters/sql/registry.ts'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { Fault } from '../../src/base/fault.ts'
import { seededRng } from '../../src/base/rng.ts'
import { memoryRegistry } from '../../src/serving/memory-registry.ts'
import { contentsOf, registryActs } from './registry-acts.ts'

const long = process.env['RATCHET_LONG'] === '1'
const SEED = 95
/** Transactions of one life; the long set dies at each of their statements. */
const COUNT = 200
const QUICK = 4
const CHILD = fileURLToPath(new URL('registry-child.ts', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'ratchet-database-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const acts = registryActs(SEED, COUNT)
/** With its schema, so that no life begins with migrations. */
const empty = join(folder, 'empty.db')
await (await openDatabase(empty)).destroy()

let lives = 0
const freshFile = (): string => {
  const file = join(folder, `${lives++}.db`)
  cpSync(empty, file)
  return file
}

/** Acknowledged acts of one life, and what it said at its end. */
function live(file: string, env: object = {}): { readonly acknowledged: number; readonly statements: number } {
  const args = [CHILD, file, String(SEED), String(COUNT)]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } })
  const done = /done (\d+)/.exec(stdout)?.[1]
  assert.ok(done !== undefined || Object.hasOwn(env, 'FAULT'), stderr)
  return { acknowledged: stdout.match(/^\d+$/gm)?.length ?? 0, statements: Number(done ?? 0) }
}

const images: unknown[] = []
/** What the first acts alone leave, by the reference. */
async function imageAfter(count: number): Promise<unknown> {
  if (images.length === 0) {
    const reference = memoryRegistry()
    images.push(await contentsOf(reference))
    for (const { run } of acts) {
      await run(reference)
      images.push(await contentsOf(reference))
    }
  }
  return images[count]
}

async function contentsIn(file: string): Promise<unknown> {
  const db = await openDatabase(file)
  try {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db)
    assert.deepEqual(
      rows.map(row => row.integrity_check),
      ['ok'],
    )
    return await contentsOf(sqlRegistry(db))
  } finally {
    await db.destroy()
  }
}

/** Every acknowledged act whole, and of the one that was under way all or nothing. */
async function isWhole(file: string, acknowledged: number): Promise<boolean> {
  const found = canonicalJson(await contentsIn(file))
  const allowed = [acknowledged, Math.min(acknowledged + 1, COUNT)]
  for (const count of allowed) if (found === canonicalJson(await imageAfter(count))) return true
  return false
}

const whole = live(freshFile())

test(`fault 95: killed at statements of ${COUNT} mixed transactions, every acknowledged one is there and none is half`, async t => {
  assert.equal(whole.acknowledged, COUNT)
  const rng = seededRng(SEED)
  const at = long
    ? Array.from({ length: whole.statements }, (_, n) => n)
    : Array.from({ length: QUICK }, () => rng.int(whole.statements))
  let torn = 0
  for (const fault of at) {
    const file = freshFile()
    const { acknowledged } = live(file, { FAULT: String(fault) })
    assert.ok(await isWhole(file, acknowledged), `killed before statement ${fault} with ${acknowledged} acknowledged`)
    if (acknowledged < COUNT) torn++
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  }
  t.diagnostic(`seed ${SEED}: ${whole.statements} statements, ${torn} kills, 0 lost, 0 half`)
  assert.equal(torn, at.length)
})

test('planted: a writer that acknowledges before it has written is caught', async () => {
  const rng = seededRng(SEED).fork('planted')
  for (let kills = 0; kills < 20; kills++) {
    const file = freshFile()
    const { acknowledged } = live(file, { FAULT: String(rng.int(whole.statements)), PLANT: 'early' })
    // It says one more than there is; the act that was under way may be there all the same.
    if (!(await isWhole(file, acknowledged))) return
  }
  assert.fail('20 kills found nothing')
})

/** A life that ended by a kill leaves its log beside the file. */
function withLog(): string {
  const file = freshFile()
  live(file, { FAULT: String(whole.statements - 1) })
  assert.ok(existsSync(`${file}-wal`))
  return file
}

const harmed: readonly (readonly [what: string, harm: (wal: string, shm: string) => void])[] = [
  ['torn in the middle of a frame', wal => truncateSync(wal, readFileSync(wal).length - 1_000)],
  [
    'zeroed at its end',
    wal => {
      const bytes = readFileSync(wal)
      writeFileSync(wal, bytes.fill(0, bytes.length - 5_000))
    },
  ],
  ['without its index', (_, shm) => rmSync(shm, { force: true })],
]
for (const [what, harm] of harmed) {
  test(`fault 96: a log that is ${what} loses at most the transactions in what is gone, and none is half`, async () => {
    const file = withLog()
    harm(`${file}-wal`, `${file}-shm`)
    const found = canonicalJson(await contentsIn(file))
    const counts = Array.from({ length: COUNT + 1 }, (_, count) => count)
    const states = await Promise.all(counts.map(imageAfter))
    const kept = states.findLastIndex(state => canonicalJson(state) === found)
    assert.ok(kept > COUNT / 2, `what is left is the state after ${kept} of ${COUNT}`)
  })
}

test('fault 83: on a full disk a transaction is refused whole, what was acknowledged stays, and with room it goes on', async () => {
  const file = freshFile()
  const db = await openDatabase(file)
  const registry = sqlRegistry(db)
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db)
  await sql`pragma max_page_count = ${sql.lit(rows[0]!.page_count + 40)}`.execute(db)
  let done = 0
  const refusal = await (async () => {
    for (const { run } of acts) {
      await run(registry)
      done++
    }
    return undefined
  })().catch((cause: unknown) => cause)
  assert.ok(refusal instanceof Fault && done > 0 && done < COUNT, String(refusal))
  assert.deepEqual([refusal.code, refusal.place], ['DISK_FULL', file])
  assert.equal(canonicalJson(await contentsOf(registry)), canonicalJson(await imageAfter(done)))
  await sql`pragma max_page_count = 1000000`.execute(db)
  for (const { run } of acts.slice(done)) await run(registry)
  await db.destroy()
  assert.equal(canonicalJson(await contentsIn(file)), canonicalJson(await imageAfter(COUNT)))
})
