// The process that holds the runtime: what holds it, and that nothing of what it does reaches us but a fault.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { confinement, UNCONFINED } from './confine.ts'
import { bomb, bytesOf, endless, scaled } from './fixtures/graphs.ts'
import { runtimeProcess } from './runtime-process.ts'

const here = await confinement()
const row = Float32Array.of(1, -2)
const without = (what: keyof typeof here) => !here[what] && `this system offers no ${what} confinement`

const limits = { memoryMb: 1_536, cpuSeconds: 1, descriptors: 64 }

test('the process has an empty environment, limits, no network and no descriptors of ours', {
  skip: without('limits'),
}, async () => {
  const child = await runtimeProcess({ limits })
  const read = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8')
  assert.equal(read('environ'), '')
  const words = read('limits')
  assert.match(words, /Max address space +1610612736 +1610612736/)
  assert.match(words, /Max cpu time +1 +1/)
  assert.match(words, /Max open files +64 +64/)
  if (here.network) {
    const interfaces = read('net/dev').trim().split('\n').slice(2)
    assert.deepEqual(
      interfaces.map(line => line.split(':')[0]!.trim()),
      ['lo'],
    )
  }
  await child.close()
})

test('fault 86: with 64 descriptors it still answers, and closing gives every descriptor of ours back', async () => {
  const open = () => process.getActiveResourcesInfo().filter(name => name.includes('Pipe')).length
  const before = open()
  for (let time = 0; time < 3; time++) {
    const child = await runtimeProcess({ limits })
    await child.ask({ kind: 'load', id: 1 }, bytesOf(scaled(2)))
    assert.deepEqual((await child.ask({ kind: 'run', id: 1, count: 1 }, row)).values, Float32Array.of(2, -4))
    await child.close()
  }
  await sleep(20)
  assert.equal(open(), before)
})

test('fault 50: an allocation bomb meets the limit of the address space, and the process answers again', {
  skip: without('limits'),
}, async () => {
  const child = await runtimeProcess({ limits })
  await child.ask({ kind: 'load', id: 1 }, bomb(2 ** 30)).catch(() => undefined)
  await assert.rejects(child.ask({ kind: 'run', id: 1, count: 1 }, row), { code: /RUNTIME_REFUSED|RUNTIME_ENDED/ })
  await child.close()
})

test('fault 50: where no limit can be set, memory is watched and the process ended', async () => {
  const child = await runtimeProcess({ limits: { ...limits, memoryMb: 300 }, held: UNCONFINED })
  await assert.rejects(
    (async () => {
      await child.ask({ kind: 'load', id: 1 }, bomb(2 ** 28))
      for (;;) await child.ask({ kind: 'run', id: 1, count: 1 }, row)
    })(),
    { code: 'RUNTIME_MEMORY', message: /more than 300 MiB/ },
  )
})

test('fault 51: an endless loop is ended by the limit of processor time', { skip: without('limits') }, async () => {
  const child = await runtimeProcess({ limits })
  await child.ask({ kind: 'load', id: 1 }, endless())
  await assert.rejects(child.ask({ kind: 'run', id: 1, count: 1 }, row), { code: 'RUNTIME_ENDED', message: /SIG/ })
})

test('fault 61: a crash in load and a crash in run are faults of the questions that wait, and of all later ones', async () => {
  for (const [signal, crash] of [
    ['SIGSEGV', 'load'],
    ['SIGABRT', 'run'],
  ] as const) {
    const child = await runtimeProcess({ limits: { ...limits, cpuSeconds: 10 } })
    if (crash === 'run') await child.ask({ kind: 'load', id: 1 }, endless())
    const asked = [
      crash === 'load'
        ? child.ask({ kind: 'load', id: 1 }, bytesOf(scaled(2)))
        : child.ask({ kind: 'run', id: 1, count: 1 }, row),
      child.ask({ kind: 'run', id: 1, count: 1 }, row),
    ]
    process.kill(child.pid, signal)
    for (const each of await Promise.allSettled(asked)) {
      assert.ok(each.status === 'rejected')
      assert.match(String(each.reason), new RegExp(`ended with ${signal}`))
    }
    await assert.rejects(child.ask({ kind: 'release', id: 1 }), { code: 'RUNTIME_ENDED' })
    assert.match((await child.ended).message, new RegExp(signal))
  }
})

/** A parent of its own that starts an endless run, tells the child's process id and waits to be killed. */
const PARENT = (held: string) => `
  import { UNCONFINED, confinement } from ${JSON.stringify(new URL('confine.ts', import.meta.url).href)}
  import { endless } from ${JSON.stringify(new URL('fixtures/graphs.ts', import.meta.url).href)}
  import { runtimeProcess } from ${JSON.stringify(new URL('runtime-process.ts', import.meta.url).href)}
  const child = await runtimeProcess({ held: ${held} })
  await child.ask({ kind: 'load', id: 1 }, endless())
  void child.ask({ kind: 'run', id: 1, count: 1 }, Float32Array.of(1, 2)).catch(() => undefined)
  console.log(child.pid)`

/** Uses every descriptor up, gives a few back and says what comes of starting a process; then all, and again. */
const CROWDED = `
  import { closeSync, openSync } from 'node:fs'
  import { confinement } from ${JSON.stringify(new URL('confine.ts', import.meta.url).href)}
  import { runtimeProcess } from ${JSON.stringify(new URL('runtime-process.ts', import.meta.url).href)}
  await confinement()
  const held = []
  const codeOf = () => runtimeProcess().then(async child => (await child.close(), 'started'), ({ code }) => code)
  const codes = []
  try { for (;;) held.push(openSync('/dev/null')) } catch { codes.push(await codeOf()) }
  for (let time = 0; time < 2; time++) {
    for (let n = 0; n < 2; n++) closeSync(held.pop())
    codes.push(await codeOf())
  }
  for (const each of held.splice(0)) closeSync(each)
  codes.push(await codeOf())
  console.log(codes.join())`

test('fault 86: with no descriptor left no process can be had, which is a refusal, and passes', {
  skip: without('limits'),
}, async () => {
  const words = ['--nofile=60', process.execPath, '--input-type=module', '-e', CROWDED]
  const crowded = spawn('/usr/bin/prlimit', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [told] = (await once(crowded.stdout, 'data')) as [Buffer]
  const none = 'RUNTIME_UNAVAILABLE'
  assert.equal(told.toString().trim(), [none, none, none, 'started'].join())
})

const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** The same, with a host between. */
const HOSTING = `
  import { endless } from ${JSON.stringify(new URL('fixtures/graphs.ts', import.meta.url).href)}
  import { onnxRuntimeHost } from ${JSON.stringify(new URL('host.ts', import.meta.url).href)}
  const host = onnxRuntimeHost({ deadlineMs: 60_000 })
  const { pid } = await host.load(1, endless())
  process.stdout.write(String(pid), () => host.run(1, Float32Array.of(1, 2), 1))`

for (const [script, how] of [
  [PARENT('await confinement()'), 'by the system'],
  [PARENT('UNCONFINED'), 'by a thread in it'],
  [HOSTING, 'below the thread of a host'],
] as const) {
  const skip = process.platform !== 'linux' && 'looks at /proc'
  test(`fault 69: a process in an endless run ends with the parent that is killed, ${how}`, { skip }, async () => {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [told] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(told.toString())
    await sleep(200)
    assert.ok(alive(pid))
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    for (let time = 0; time < 100 && alive(pid); time++) await sleep(50)
    assert.equal(alive(pid), false)
  })
}
