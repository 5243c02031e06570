import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../../base/fault.ts'
import type { ProbedModel } from '../../serving/probe.ts'
import { bomb, bytesOf, endless, scaled, wide } from './fixtures/graphs.ts'
import { onnxRuntimeProbe, PROBE_LIMITS } from './probe.ts'

const asked = Float32Array.of(1, 2, 3, 4, -5, 6)
const model = (bytes: Uint8Array): ProbedModel => ({ bytes, asked, width: 2 })
const tame = new Map([
  ['meta', model(bytesOf(scaled(2)))],
  ['execution', model(bytesOf(scaled(-1)))],
])
const probe = onnxRuntimeProbe({ timedRows: 200 })

test('a probe gives the answers of every role, what a decision takes and the memory it took', async () => {
  const report = unwrap(await probe.run(tame))
  assert.match(report.runtime, /^onnxruntime \d/)
  assert.deepEqual(report.answers.get('meta'), Float32Array.of(2, 4, 6, 8, -10, 12))
  assert.deepEqual(report.answers.get('execution'), Float32Array.of(-1, -2, -3, -4, 5, -6))
  const { p50Ms, p95Ms, p99Ms, rows } = report.latency
  assert.equal(rows, 200)
  assert.ok(p50Ms > 0 && p50Ms <= p95Ms && p95Ms <= p99Ms)
  assert.ok(report.createMs > 0)
  assert.ok(report.peakMb > 20 && report.peakMb < 512, `${report.peakMb} MiB`)
  assert.ok(report.heldBy.includes('permissions'))
})

test('equal models have equal output hashes, other models another', async () => {
  const first = unwrap(await probe.run(tame))
  const turned = unwrap(await probe.run(new Map([...tame].reverse())))
  const other = unwrap(await probe.run(new Map([...tame, ['meta', model(bytesOf(scaled(3)))]])))
  assert.equal(turned.outputSha256, first.outputSha256)
  assert.notEqual(other.outputSha256, first.outputSha256)
})

test('fault 63: a slower model is measured as slower', async () => {
  const quick = unwrap(await probe.run(new Map([['meta', model(bytesOf(wide(64, 1)))]])))
  const slow = unwrap(await probe.run(new Map([['meta', model(bytesOf(wide(512, 20)))]])))
  assert.ok(slow.latency.p50Ms > 10 * quick.latency.p50Ms, `${slow.latency.p50Ms} and ${quick.latency.p50Ms} ms`)
})

test('what the runtime refuses is a failed probe that names the role and says the words', async () => {
  const outcome = await probe.run(new Map([...tame, ['rl_sizer', model(new Uint8Array(40))]]))
  assert.ok(!outcome.ok)
  assert.deepEqual([outcome.fault.code, outcome.fault.place], ['MODEL_PROBE_FAILED', 'rl_sizer'])
})

test('faults 50, 51: a bomb and an endless loop that got past the validator are failed probes', async () => {
  const greedy = await probe.run(new Map([['meta', model(bomb(2 ** 30))]]))
  assert.equal(greedy.ok ? 'passed' : greedy.fault.code, 'MODEL_PROBE_FAILED')
  const impatient = onnxRuntimeProbe({ limits: { ...PROBE_LIMITS, cpuSeconds: 20 }, wallMs: 700 })
  const stuck = await impatient.run(new Map([['meta', model(endless())]]))
  assert.deepEqual(stuck.ok ? [] : [stuck.fault.code, /within \d+ ms/.test(stuck.fault.message)], [
    'MODEL_PROBE_FAILED',
    true,
  ])
})

test('a probe that is called off ends its process and says who called', async () => {
  const stop = new AbortController()
  const running = probe.run(new Map([['meta', model(endless())]]), stop.signal)
  setTimeout(() => stop.abort(new Error('called off')), 500)
  await assert.rejects(running, /called off/)
})

test('where no process can be had no model is to blame', async () => {
  const outcome = await onnxRuntimeProbe({ limits: { ...PROBE_LIMITS, memoryMb: 64 } }).run(tame)
  assert.equal(outcome.ok ? 'passed' : outcome.fault.code, 'PROBE_UNAVAILABLE')
})
