// The pair of processes that decide for graphs which are too large for us: real ones, with models that are late, fall or are let go.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, unwrap } from '../../base/fault.ts'
import type { Hosted, HostedGraph } from '../../serving/evaluator-hosts.ts'
import { bytesOf, endless, scaled, wide } from './fixtures/graphs.ts'
import type { Host } from './host.ts'
import { onnxRuntimeHost } from './host.ts'
import { type OnnxRuntimeHostsOptions, onnxRuntimeHosts } from './hosts.ts'

const graph = (bytes: Uint8Array, outputs = 2): HostedGraph => ({
  bytes,
  inputName: 'x',
  outputName: 'y',
  width: 2,
  outputs,
  metadata: {},
})
const tame = (factor: number) => new Map([['meta', graph(bytesOf(scaled(factor)))]])
const row = Float32Array.of(1, -2)

/** Long enough for a machine that does other things beside: what is late here is late by far. */
const PATIENT = { deadlineMs: 5_000 } as const

const opened: { close(): Promise<void> }[] = []
after(async () => {
  for (const each of opened) await each.close()
})
function hostsOf(options: OnnxRuntimeHostsOptions = PATIENT) {
  const hosts = onnxRuntimeHosts(options)
  opened.push(hosts)
  return hosts
}
function hostOf(options: Parameters<typeof onnxRuntimeHost>[0] = PATIENT): Host {
  const host = onnxRuntimeHost(options)
  opened.push(host)
  return host
}
const codeOf = (ask: () => unknown): string => {
  try {
    ask()
    return 'answered'
  } catch (cause) {
    assert.ok(cause instanceof Fault)
    return cause.code
  }
}
const ask = ({ roles }: Hosted, given = row, count = 1) => roles.get('meta')!.run(given, count)

test('a set answers rows and batches as its graphs do, and two sets side by side each by their own', async () => {
  const hosts = hostsOf()
  const one = unwrap(await hosts.open(tame(2)))
  const two = unwrap(await hosts.open(tame(-3)))
  assert.deepEqual(ask(one), Float32Array.of(2, -4))
  assert.deepEqual(ask(two), Float32Array.of(-3, 6))
  const many = Float32Array.from({ length: 50_000 }, (_, i) => i)
  const answers = ask(one, many, 25_000)
  assert.equal(answers.length, 50_000)
  assert.ok(answers.every((value, i) => value === 2 * i))
  assert.throws(() => ask(one, Float32Array.of(1), 1), RangeError)
})

test('an answer is a copy of its own', async () => {
  const set = unwrap(await hostsOf().open(tame(2)))
  const first = ask(set)
  ask(set, Float32Array.of(7, 7))
  assert.deepEqual(first, Float32Array.of(2, -4))
})

test('a row of values beyond what a question holds is refused before anything is started', async () => {
  const outcome = await hostsOf().open(new Map([['meta', { ...graph(bytesOf(scaled(1))), width: 2_000_000 }]]))
  assert.equal(outcome.ok ? 'opened' : outcome.fault.code, 'HOST_LOAD_FAILED')
})

test('fault 61: a graph that the runtime refuses is a refusal that names the role, and the other set answers on', async () => {
  const hosts = hostsOf()
  const set = unwrap(await hosts.open(tame(2)))
  const outcome = await hosts.open(new Map([...tame(1), ['execution', graph(new Uint8Array(60))]]))
  assert.ok(!outcome.ok)
  assert.deepEqual([outcome.fault.code, outcome.fault.place], ['HOST_LOAD_FAILED', 'execution'])
  assert.deepEqual(ask(set), Float32Array.of(2, -4))
})

test('where no process can be had the refusal says so, for no model is to blame', async () => {
  const outcome = await hostsOf({ limits: { memoryMb: 64, descriptors: 64 } }).open(tame(1))
  assert.equal(outcome.ok ? 'opened' : outcome.fault.code, 'HOST_UNAVAILABLE')
})

test('fault 63: a decision never waits past its deadline: late is no answer, and what is stuck is started again', async () => {
  const falls: string[] = []
  const host = hostOf({ deadlineMs: 60, onFall: reason => falls.push(reason) })
  await host.load(1, bytesOf(scaled(2)))
  await host.load(2, endless())
  assert.equal(
    codeOf(() => host.run(2, row, 1)),
    'INFERENCE_LATE',
  )
  // Behind it is late as well, and no answer is ever given to another question.
  assert.equal(
    codeOf(() => host.run(1, row, 1)),
    'INFERENCE_LATE',
  )
  while (falls.length === 0) await sleep(20)
  assert.match(falls[0]!, /no answer within 1000 ms/)
  let values: Float32Array | undefined
  while (values === undefined) {
    await sleep(20)
    if (codeOf(() => (values = host.run(1, row, 1))) !== 'answered') values = undefined
  }
  assert.deepEqual(values, Float32Array.of(2, -4))
})

test('fault 63: ten times slower than the deadline allows is late by the same deadline', async () => {
  const slow = new Map([['meta', graph(bytesOf(wide(1024, 40)), 1)]])
  const set = unwrap(await hostsOf({ deadlineMs: 2 }).open(slow))
  const answers = Array.from({ length: 20 }, () => codeOf(() => ask(set)))
  assert.ok(answers.filter(code => code === 'INFERENCE_LATE').length >= 18, answers.join())
})

test('fault 61: a process that crashes in a run is started again with its models; until then there is no answer', async () => {
  const falls: boolean[] = []
  const host = hostOf({ ...PATIENT, onFall: (_, up) => falls.push(up) })
  const { pid } = await host.load(1, bytesOf(scaled(2)))
  assert.deepEqual(host.run(1, row, 1), Float32Array.of(2, -4))
  process.kill(pid!, 'SIGSEGV')
  let answered: string
  do {
    await sleep(20)
    answered = codeOf(() => host.run(1, row, 1))
    assert.ok(answered === 'answered' || answered === 'INFERENCE_FAILED', answered)
  } while (answered !== 'answered')
  const again = await host.load(2, bytesOf(scaled(3)))
  assert.notEqual(again.pid, pid)
  assert.deepEqual([...host.run(1, row, 1), ...host.run(2, row, 1)], [2, -4, 3, -6])
  assert.deepEqual(falls, [true])
})

test('a process that falls again and again stays down, and says so', async () => {
  const falls: boolean[] = []
  const host = hostOf({ ...PATIENT, onFall: (_, up) => falls.push(up) })
  for (let fall = 0; fall < 4; fall++) {
    const { pid } = await host.load(1, bytesOf(scaled(2)))
    process.kill(pid!, 'SIGKILL')
    while (falls.length === fall) await sleep(10)
  }
  assert.deepEqual(falls, [true, true, true, false])
  assert.equal(
    codeOf(() => host.run(1, row, 1)),
    'INFERENCE_FAILED',
  )
  await assert.rejects(host.load(2, bytesOf(scaled(1))), { code: 'HOST_DOWN' })
})

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test('a candidate is loaded where nobody decides, and a worn process is replaced and ends with its last set', async () => {
  const hosts = hostsOf({ ...PATIENT, recycleAfter: 2 })
  const sets: Hosted[] = []
  // Set after set as a slot holds them: the one in charge and the way back.
  for (let n = 1; n <= 6; n++) {
    sets.push(unwrap(await hosts.open(tame(n))))
    sets.at(-3)?.release()
    for (const [at, set] of sets.slice(-2).entries()) {
      assert.deepEqual(ask(set), Float32Array.of(Math.max(1, n - 1 + at), -2 * Math.max(1, n - 1 + at)))
      if (n === 1) break
    }
  }
  assert.equal(
    codeOf(() => ask(sets[0]!)),
    'INFERENCE_FAILED',
  )
})

test('a worn process answers on and ends with its last model; further models go to another', async () => {
  const host = hostOf()
  const first = (await host.load(1, bytesOf(scaled(2)))).pid!
  await host.renew()
  const second = (await host.load(2, bytesOf(scaled(3)))).pid!
  assert.notEqual(second, first)
  assert.deepEqual([...host.run(1, row, 1), ...host.run(2, row, 1)], [2, -4, 3, -6])
  assert.ok(alive(first))
  await host.release(1)
  assert.equal(alive(first), false)
  assert.equal(
    codeOf(() => host.run(1, row, 1)),
    'INFERENCE_FAILED',
  )
  assert.deepEqual(host.run(2, row, 1), Float32Array.of(3, -6))
})

test('closing ends every process, and is fine again', {
  skip: process.platform !== 'linux' && 'looks at /proc',
}, async () => {
  const host = onnxRuntimeHost(PATIENT)
  const { pid } = await host.load(1, bytesOf(scaled(2)))
  assert.ok(alive(pid!))
  await host.close()
  assert.equal(alive(pid!), false)
  await host.close()
})
