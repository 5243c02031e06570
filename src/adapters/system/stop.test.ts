import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('fixtures/hangs.ts', import.meta.url))

/** How the program ends when it is sent these, one after the other was heard. */
async function ended(signals: readonly NodeJS.Signals[], ...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = text(child.stderr)
  const closed = once(child, 'close') as Promise<[number | null]>
  for (const signal of signals) {
    await once(child.stdout, 'data')
    child.kill(signal)
  }
  const [code] = await closed
  return { code, said: await said }
}

test('fault 167: what hangs after a signal is cut off when its time is over, with one line that says so', async () => {
  const { code, said } = await ended(['SIGTERM'])
  assert.equal(code, 130)
  assert.equal(said, 'STOP_HUNG: something did not end within 0.3 s of SIGTERM and is cut off; the disk is whole\n')
})

test('fault 167: who ends in time ends as it wants, without waiting for the time to be over', async () => {
  assert.deepEqual(await ended(['SIGTERM'], 'ends'), { code: 0, said: '' })
})

test('a second signal ends at once, without a word', async () => {
  assert.deepEqual(await ended(['SIGTERM', 'SIGINT']), { code: 130, said: '' })
})
