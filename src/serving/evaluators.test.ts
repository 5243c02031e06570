import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bytesOf, scaled, wide } from '../adapters/onnxruntime/fixtures/graphs.ts'
import { onnxRuntimeHosts } from '../adapters/onnxruntime/hosts.ts'
import { accepted, refused, unwrap } from '../base/fault.ts'
import { floatTensor, node } from '../onnx/build.ts'
import { encodeModel } from '../onnx/encode.ts'
import { answerOf } from './answer.ts'
import type { EvaluatorHosts, HostedGraph } from './evaluator-hosts.ts'
import { DIRECT_WEIGHTS, type Engine, openHosted } from './evaluators.ts'
import { bot } from './fixtures/bot.ts'
import { fakeProbe } from './fixtures/probe.ts'
import { memorySource, tinyRelease } from './fixtures/release.ts'
import { modelSlot } from './slot.ts'

/** Hosts that start nothing and remember what they were given. */
function fakeHosts(fault?: string) {
  const opened: (readonly string[])[] = []
  let released = 0
  const hosts: EvaluatorHosts = {
    async open(graphs) {
      opened.push([...graphs.keys()])
      if (fault !== undefined) return refused(fault, 'none to be had')
      return accepted({
        roles: new Map([...graphs].map(([role, graph]) => [role, quiet(graph)])),
        release: () => released++,
      })
    },
    close: () => Promise.resolve(),
  }
  return { hosts, opened, released: () => released }
}
const quiet = ({ inputName, outputName, width, outputs, metadata }: HostedGraph) => ({
  inputName,
  outputName,
  width,
  outputs,
  metadata,
  run: (_: Float32Array, count: number) => new Float32Array(count * outputs),
})

/** One that our evaluator does not run: a convolution. */
const convolution = encodeModel({
  ...scaled(1),
  nodes: [
    node('Unsqueeze', ['x', 'axis'], ['rows']),
    node('Conv', ['rows', 'kernel'], ['sums']),
    node('Squeeze', ['sums', 'axis'], ['y']),
  ],
  outputs: [{ name: 'y', type: 'float', dims: ['batch', 1] }],
  initializers: [
    floatTensor('kernel', [1, 1, 2], [1, 1]),
    { name: 'axis', type: 'int64', dims: [1], data: BigInt64Array.of(1n) },
  ],
})
const members = new Map([
  ['models/meta.onnx', bytesOf(scaled(2))],
  ['models/execution.onnx', bytesOf(wide(1_024, 1))],
  ['models/rl_sizer.onnx', convolution],
  ['card.md', new Uint8Array(4)],
])

test('auto sends to a host what is large and what our evaluator does not run, and only that', async () => {
  const chosen = async (engine: Engine) => {
    const { hosts, opened } = fakeHosts()
    unwrap(await openHosted({ members }, { engine, hosts }))
    return opened
  }
  assert.ok(1_024 * 1_024 > DIRECT_WEIGHTS)
  assert.deepEqual(await chosen('auto'), [['execution', 'rl_sizer']])
  assert.deepEqual(await chosen('host'), [['meta', 'execution', 'rl_sizer']])
  assert.deepEqual(await chosen('direct'), [])
  assert.equal(unwrap(await openHosted({ members }, undefined)), undefined)
})

test('a graph with two inputs is for no evaluator', async () => {
  const { inputs } = scaled(1)
  const two = encodeModel({ ...scaled(1), inputs: [...inputs, { ...inputs[0]!, name: 'z' }] })
  const outcome = await openHosted(
    { members: new Map([['models/meta.onnx', two]]) },
    { engine: 'auto', ...fakeHosts() },
  )
  assert.equal(outcome.ok ? 'opened' : outcome.fault.code, 'ONNX_INTERFACE')
})

const first = tinyRelease({ seed: 1 })
const second = tinyRelease({ seed: 2, after: first })

const opened: EvaluatorHosts[] = []
after(async () => {
  for (const hosts of opened) await hosts.close()
})

test('a release whose graphs all run in a process passes the gates, is warmed up, decides and gives back what it held', async () => {
  const hosts = onnxRuntimeHosts({ deadlineMs: 5_000 })
  opened.push(hosts)
  const { installation, sync } = await bot({ evaluators: { engine: 'host', hosts }, probe: fakeProbe() })
  const direct = await bot()
  const source = memorySource(first.files)
  for (const release of [first, second, tinyRelease({ seed: 3, after: second })]) {
    source.offer(release.files)
    for (const each of [sync, direct.sync]) assert.equal((await each(source)).installed, 1)
    const row = Float32Array.of(0.25, -0.5)
    for (const role of ['meta', 'execution', 'rl_sizer']) {
      const [ours, theirs] = [direct.installation.slot, installation.slot].map(slot => answerOf(slot, role, row))
      assert.ok(ours?.ok === true && theirs?.ok === true)
      for (const [i, value] of theirs.value.entries()) assert.ok(Math.abs(value - ours.value[i]!) < 1e-6)
    }
  }
  assert.equal(installation.slot.stats().resident, 2)
})

test('a set that is refused gives back what it held', async () => {
  const { hosts, released } = fakeHosts()
  const { sync } = await bot({ evaluators: { engine: 'host', hosts } })
  const result = await sync(memorySource(first.files))
  assert.deepEqual([result.installed, result.refused[0]?.code, released()], [0, 'GATE_REFUSED', 1])
})

test('where no process can be had for it, a release is tried again at the next pass', async () => {
  const { hosts } = fakeHosts('HOST_UNAVAILABLE')
  const { installation, sync } = await bot({ evaluators: { engine: 'host', hosts } })
  const source = memorySource(first.files)
  for (let pass = 0; pass < 2; pass++) {
    assert.deepEqual(
      (await sync(source)).refused.map(({ code }) => code),
      ['HOST_UNAVAILABLE'],
    )
  }
  assert.deepEqual(await installation.registry.blocks(), [])
})

test('fault 63: an answer that comes too late is a decision to abstain, with its reason', async () => {
  const hosts = onnxRuntimeHosts({ deadlineMs: 5_000 })
  opened.push(hosts)
  const { installation, sync } = await bot({ evaluators: { engine: 'host', hosts } })
  await sync(memorySource(first.files))
  const set = installation.slot.current()!
  const slot = modelSlot('main', set)
  assert.ok(answerOf(slot, 'meta', [0, 0]).ok)
  await hosts.close()
  const answer = answerOf(slot, 'meta', [0, 0])
  assert.ok(!answer.ok)
  assert.match(answer.fault.code, /^INFERENCE_/)
})
