import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted, refused } from '../../base/fault.ts'
import { candidate, contextOf } from '../fixtures/candidate.ts'
import type { Measurement } from '../probe.ts'
import { parity } from './g5-parity.ts'
import { latency } from './g11-latency.ts'

const sound = candidate()
const figures = (p95Ms: number, p99Ms: number) => ({ p50Ms: p95Ms / 2, p95Ms, p99Ms, rows: 1_000 })
const measured = (p95Ms: number, p99Ms: number, peakMb: number, champion?: number): Measurement => ({
  report: {
    runtime: 'fake 1.0.0',
    createMs: 1,
    latency: figures(p95Ms, p99Ms),
    peakMb,
    answers: new Map(),
    outputSha256: '',
    heldBy: [],
  },
  champion: champion === undefined ? undefined : figures(champion / 2, champion),
})
const check = (measurement: Measurement, over = {}) =>
  latency.check(contextOf(sound, { measured: accepted(measurement), ...over }))

test('G11 passes at its limits and refuses beyond any of them, in paper as in live', () => {
  for (const profile of ['paper', 'live'] as const) {
    const result = (measurement: Measurement) => check(measurement, { profile }).result
    assert.equal(result(measured(50, 100, 512)), 'pass')
    assert.equal(result(measured(50.1, 60, 512)), 'fail')
    assert.equal(result(measured(50, 100.1, 512)), 'fail')
    assert.equal(result(measured(1, 1, 512.5)), 'fail')
    assert.equal(result(measured(Number.NaN, 1, 100)), 'fail')
  }
  const { value, limit, reason } = check(measured(1, 2, 600.2))
  assert.deepEqual([value, limit], ['p95 1.000 ms, p99 2.000 ms, 601 MiB', '50 ms, 100 ms, 512 MiB'])
  assert.equal(reason, 'took 601 MiB, at most 512 MiB')
})

test('G11 holds the 99 % against three times the set in charge and 1 ms', () => {
  assert.equal(check(measured(1, 7, 100, 2)).result, 'pass')
  const slower = check(measured(1, 7.1, 100, 2))
  assert.equal(slower.result, 'fail')
  assert.match(slower.reason ?? '', /7\.100 ms, that of the set in charge 2\.000 ms: more than 3 times that and 1 ms/)
})

test('G11 says where the set in charge could not be measured', () => {
  const { result, reason } = check(measured(1, 7.1, 100), { champion: sound.set })
  assert.deepEqual([result, reason], ['pass', 'the set in charge could not be measured: absolute limits only'])
})

test('G11 is open in paper and refuses in live where nothing was measured', () => {
  const unavailable = refused('PROBE_UNAVAILABLE', 'no process can be had here')
  for (const nothing of [undefined, unavailable]) {
    const paper = latency.check(contextOf(sound, { measured: nothing }))
    assert.deepEqual([paper.result, paper.paper, paper.live], ['notApplicable', true, 'fail'])
    assert.equal(latency.check(contextOf(sound, { measured: nothing, profile: 'live' })).result, 'fail')
  }
})

test('fault 61: G11 refuses what its probe could not finish, in paper too', () => {
  const broken = refused('MODEL_PROBE_FAILED', 'the probe failed: onnxruntime ended with SIGSEGV')
  const { result, value, reason } = latency.check(contextOf(sound, { measured: broken }))
  assert.deepEqual([result, value], ['fail', 'MODEL_PROBE_FAILED'])
  assert.match(reason ?? '', /SIGSEGV/)
})

test('G5 holds the runtime of the probe to the golden vectors too', () => {
  const golden = (off: number) => {
    const answers = [...sound.set.roles].map(([role, graph]) => {
      const rows = Float32Array.from({ length: 64 * graph.width }, (_, i) => Math.sin(i + 1))
      return [role, graph.run(rows, 64).map(value => value + off)] as const
    })
    const { report, champion } = measured(1, 1, 100)
    return accepted({ report: { ...report, answers: new Map(answers) }, champion })
  }
  assert.equal(parity.check(contextOf(sound, { measured: golden(0) })).result, 'pass')
  const other = parity.check(contextOf(sound, { measured: golden(1e-3) }))
  assert.equal(other.result, 'fail')
  assert.match(other.reason ?? '', /meta in the probe: \d+ of 192 values differ/)
})
