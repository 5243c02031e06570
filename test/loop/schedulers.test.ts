// Fault case 107: eight schedulers fire one slot, and one runs it. Real processes, a real database and real locks.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sqlJournal } from '../../src/adapters/sql/journal.ts'
import { openDatabase } from '../../src/adapters/sql/open.ts'

const CHILD = fileURLToPath(new URL('scheduler-child.ts', import.meta.url))
const SLOTS = 4

async function startScheduler(directory: string) {
  const child = spawn(process.execPath, [CHILD, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', line => lines.push(line))
  await once(reader, 'line')
  return {
    begin: (at: number) => child.stdin.end(`${at} ${SLOTS}\n`),
    ended: async () => {
      if (child.exitCode === null) await once(child, 'close')
      assert.equal(child.exitCode, 0)
      return lines.slice(1)
    },
  }
}

test('eight processes on one state directory run each slot once', async context => {
  const directory = await mkdtemp(join(tmpdir(), 'ratchet-schedulers-'))
  context.after(() => rm(directory, { recursive: true, force: true }))
  const database = await openDatabase(join(directory, 'ratchet.db'))
  context.after(() => database.destroy())
  const schedulers = await Promise.all(Array.from({ length: 8 }, () => startScheduler(directory)))
  const now = Date.now()
  for (const scheduler of schedulers) scheduler.begin(now)
  const said = (await Promise.all(schedulers.map(({ ended }) => ended()))).flat()

  // A machine that is busy may let a slot pass; none may be run twice.
  const ran = said.sort()
  assert.ok(ran.length >= 2 && ran.length <= SLOTS, ran.join(', '))
  assert.equal(new Set(ran).size, ran.length, ran.join(', '))
  const rows = await sqlJournal(database).trainings()
  assert.deepEqual(
    rows.map(({ trainingId }) => `trainingEnded ${trainingId}`),
    ran,
  )
})
