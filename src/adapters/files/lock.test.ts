import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withFileLock } from './lock.ts'

test('who finds the lock held is told by whom', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-lock-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'a.lock')
  const module = JSON.stringify(new URL('lock.ts', import.meta.url).href)
  const script = `const { withFileLock } = await import(${module})
    await withFileLock(${JSON.stringify(path)}, async () => { console.log('held'); await new Promise(done => setTimeout(done, 60_000)) })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const who = process.platform === 'linux' ? `process ${child.pid} holds the lock` : 'another process holds the lock'
  await assert.rejects(
    withFileLock(path, async () => undefined),
    { code: 'LOCK_BUSY', message: who },
  )
  child.kill('SIGKILL')
  await once(child, 'close')
  assert.equal(await withFileLock(path, async () => 'free again'), 'free again')
})
