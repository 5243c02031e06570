import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../base/fault.ts'
import { workProcess } from './work-process.ts'

const file = new URL('./fixtures/work.ts', import.meta.url)
function opened(context: TestContext, memoryMb = 512) {
  const process = workProcess({ file, memoryMb })
  context.after(() => process.close())
  return process
}
const double = (_: string, value: number): number => 2 * value

test('a task may ask whoever gave it; the process is kept for the next task', async context => {
  const work = opened(context)
  const first = await work.run('ask', double)
  assert.deepEqual(first, [(first as number[])[0], 42])
  assert.deepEqual(await work.run('ask', double), first)
  assert.ok(work.cpuMs() > 0)
})

test('a fault, a bug and an answer that is a fault are told; the next task gets a process that works', async context => {
  const work = opened(context)
  await assert.rejects(work.run('fault', double), { code: 'TOO_FEW_ROWS' })
  await assert.rejects(work.run('bug', double), { code: 'PROCESS_FAILED', message: 'a bug' })
  const refuse = (): never => {
    throw new Fault('ORACLE_FAILED', 'no')
  }
  await assert.rejects(work.run('ask', refuse), { code: 'ORACLE_FAILED' })
  assert.deepEqual(((await work.run('ask', double)) as number[])[1], 42)
})

test('a process that ends says how, and one that is stopped is gone', async context => {
  const work = opened(context)
  await assert.rejects(work.run('leave', double), { code: 'PROCESS_LOST', message: /status 3/ })
  const stop = new AbortController()
  const never = assert.rejects(work.run('never', double, stop.signal), { code: 'PROCESS_STOPPED' })
  stop.abort()
  await never
  await assert.rejects(work.run('ask', double, stop.signal), { code: 'PROCESS_STOPPED' })
})

test('memory outside of the heap counts', async context => {
  await assert.rejects(opened(context, 200).run('grow', double), { code: 'PROCESS_MEMORY' })
})

test('a program that waits for nothing but the end of its process sees it', () => {
  const parent = fileURLToPath(new URL('./fixtures/short-parent.ts', import.meta.url))
  assert.equal(execFileSync(process.execPath, [parent], { encoding: 'utf8' }), 'closed')
})

test('a process that has nothing to do for long is ended, and the next task gets another', async context => {
  const work = workProcess({ file, memoryMb: 512, idleMs: 10 })
  context.after(() => work.close())
  const [first] = (await work.run('ask', double)) as number[]
  await sleep(100)
  const cpuMs = work.cpuMs()
  const [second] = (await work.run('ask', double)) as number[]
  assert.notEqual(first, second)
  assert.ok(work.cpuMs() > cpuMs)
})

test('signals of the terminal are left to whoever gave the task', async context => {
  assert.equal(await opened(context).run('interrupted', double), 'still here')
})

test('a process that hangs does not outlive a parent that was killed', async () => {
  const file = fileURLToPath(new URL('./fixtures/busy-parent.ts', import.meta.url))
  const parent = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [told] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(told.toString())
  parent.kill('SIGKILL')
  const lives = (): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      // Nobody is called that any more.
      return false
    }
  }
  while (lives()) await sleep(20)
  assert.equal(lives(), false)
})
