import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted } from '../base/fault.ts'
import { candidate, contextOf, graph, realRows } from './fixtures/candidate.ts'
import { GATE_LIMITS } from './gates/limits.ts'
import { REPLAYED, warmRows, warmUp } from './warm-up.ts'

const sound = candidate()

test('a set is asked the sanity rows and then what was decided last, at most a hundred of each role', () => {
  const recorded = (role: string) => (role === 'meta' ? realRows(150)('meta') : undefined)
  const rows = warmRows(contextOf(sound), recorded)
  assert.equal(rows.get('meta')?.rows.length, (200 + REPLAYED) * 2)
  assert.deepEqual(rows.get('meta')?.rows.slice(-200), realRows(150)('meta').slice(-200))
  assert.equal(rows.get('execution')?.rows.length, 200)
  const odd = warmRows(contextOf(sound), () => new Float32Array(3))
  assert.equal(odd.get('meta')?.rows.length, 400)
})

test('answers that the probe gave are wanted again, those of golden rows left out', async () => {
  const plain = warmRows(contextOf(sound))
  const answers = [...sound.set.roles].map(([role, graph]) => {
    const { outputs } = graph
    const sanity = graph.run(plain.get(role)!.rows, 200)
    const all = new Float32Array(64 * outputs + sanity.length)
    all.set(sanity, 64 * outputs)
    return [role, all] as const
  })
  const report = {
    runtime: 'fake',
    createMs: 0,
    latency: { p50Ms: 0, p95Ms: 0, p99Ms: 0, rows: 0 },
    peakMb: 0,
    answers: new Map(answers),
    outputSha256: '',
    heldBy: [],
  }
  const rows = warmRows(contextOf(sound, { measured: accepted({ report, champion: undefined }) }))
  assert.equal(rows.get('meta')?.expected.length, 600)
  assert.deepEqual(await warmUp(sound.set, rows, GATE_LIMITS), { ok: true, value: undefined })
})

const failing = (answers: (row: Float32Array) => readonly number[]) => {
  const one = candidate({ graphs: { execution: graph(1, 1, 'expected_r', answers) }, golden: 'sound' })
  return warmUp(one.set, warmRows(contextOf(sound)), GATE_LIMITS)
}

test('fault 57: no answer and an answer that is no number refuse a set before it decides', async () => {
  const nothing = await failing(() => {
    throw new Error('no')
  })
  const infinite = await failing(row => [row[0]! > 0.9 ? Number.POSITIVE_INFINITY : 0])
  for (const [outcome, words] of [
    [nothing, /execution of .*: no/],
    [infinite, /gives Infinity/],
  ] as const) {
    assert.ok(!outcome.ok)
    assert.equal(outcome.fault.code, 'WARM_UP_FAILED')
    assert.match(outcome.fault.message, words)
  }
})

test('whoever decides meanwhile waits for one row at most', async () => {
  let turns = 0
  let asked = 0
  const going = { on: true }
  const count = (): void => {
    turns++
    if (going.on) setImmediate(count)
  }
  setImmediate(count)
  const one = candidate({ graphs: { execution: graph(1, 1, 'expected_r', row => [(asked++, row[0]!)]) } })
  await warmUp(one.set, warmRows(contextOf(one)), GATE_LIMITS)
  going.on = false
  assert.ok(turns >= asked, `${turns} turns for ${asked} rows`)
})
