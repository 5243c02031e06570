// What Prometheus is told: every metric by name, type and labels, what they say, and that nobody can make them many.

import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { replayClock } from '../../src/base/clock.ts'
import { type Meter, meter } from '../../src/base/meter.ts'
import type { CallListener } from '../../src/base/resilience/call-fact.ts'
import type { RunReading } from '../../src/loop/run-reading.ts'
import { type ApiWorld, HOST, openApiWorld, serve } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())

/** Every metric of Ratchet: its type and its labels, none of which is an id or free text (OBS-01). */
const METRICS: Readonly<Record<string, readonly [type: string, ...labels: string[]]>> = {
  api_errors_total: ['counter', 'code'],
  api_request_duration_seconds: ['histogram', 'endpoint', 'le', 'method'],
  api_requests_total: ['counter', 'endpoint', 'method', 'status'],
  breaker_state: ['gauge', 'operation'],
  build_info: ['gauge', 'mode', 'version'],
  channel_freshness_seconds: ['gauge'],
  daily_pnl: ['gauge'],
  db_query_duration_seconds: ['histogram', 'le', 'operation'],
  db_size_bytes: ['gauge'],
  backup_verified_timestamp_seconds: ['gauge'],
  decision_duration_seconds: ['histogram', 'le'],
  decisions_total: ['counter', 'outcome', 'reason'],
  disk_used_ratio: ['gauge', 'volume'],
  drawdown_ratio: ['gauge'],
  equity: ['gauge'],
  event_loop_lag_seconds: ['histogram', 'le'],
  external_calls_total: ['counter', 'operation', 'result'],
  gate_results_total: ['counter', 'gate', 'result'],
  kill_switch_active: ['gauge', 'scope'],
  memory_limit_bytes: ['gauge'],
  model_drift_score: ['gauge', 'model_id'],
  model_prediction_duration_seconds: ['histogram', 'le', 'slot'],
  model_training_active_start_seconds: ['gauge', 'model_id'],
  model_training_duration_seconds: ['histogram', 'le', 'model_id'],
  model_training_failures_total: ['counter', 'code', 'model_id'],
  model_training_helped_ratio: ['gauge', 'model_id'],
  model_training_rows: ['gauge', 'model_id'],
  model_training_total: ['counter', 'model_id', 'status'],
  orders_total: ['counter', 'status'],
  position_contracts: ['gauge', 'symbol'],
  rate_limit_wait_seconds: ['histogram', 'client', 'le'],
  release_age_seconds: ['gauge', 'slot'],
  release_version: ['gauge', 'slot'],
  resident_sets: ['gauge'],
  retries_total: ['counter', 'operation'],
  // By `rule`; in this world no rule refused anything.
  risk_refusals_total: ['counter'],
  rollback_total: ['counter', 'reason'],
  swap_duration_seconds: ['histogram', 'le'],
  swap_total: ['counter', 'result'],
  sync_total: ['counter', 'result'],
}

/** One event of each kind, as the loop tells them. */
const HAPPENED = [
  ['training', { state: 'started' }],
  ['training', { state: 'released', durationMs: 1500, effectiveRows: 300, reason: null }],
  ['training', { state: 'failed', durationMs: 20, effectiveRows: null, reason: 'TRAIN_TOO_FEW: too little data' }],
  ['judged', { drill: false, verdict: 'refused', gates: [{ gate: 'G6', result: 'fail' }], bar: 1 }],
  ['judged', { drill: true, verdict: 'refused', gates: [], bar: 1 }],
  ['swap', { event: 'activated', cause: 'gates passed' }],
  ['swap', { event: 'rolledBack', cause: 'F7: drawdown of r-0123456789abcdef' }],
  ['swap', { event: 'rolledBack', cause: 'it loses money on Mondays' }],
  ['fill', { side: 1, quantity: 1 }],
] as const

/** What a loop measured of itself. */
const MEASURED: readonly [name: RunReading, value: number][] = [
  ['decisionSeconds', 0.0002],
  ['predictionSeconds', 0.00002],
  ['predictionSeconds', 0.4],
  ['swapSeconds', 0.02],
  ['lagSeconds', 0.25],
  ['orderSent', 1],
  ['orderSent', 1],
  ['residentSets', 2],
  ['channelSeconds', 5400],
  ['dailyPnl', -120.5],
  ['helpedRatio', 0.75],
]

/** A server that has just been told of everything there is, and what it says of it. */
async function told(t: TestContext) {
  const loop: Meter<RunReading> = meter({ stopwatch: { now: () => 0 }, everyMs: 0 })
  const listening: CallListener[] = []
  const call: CallListener = fact => listening.forEach(listener => listener(fact))
  const { api, close } = await serve(world.directory, {
    limits: { sampleMs: 0 },
    onCall: listener => {
      listening.push(listener)
      return () => undefined
    },
    onReadings: listener => loop.on(listener),
  })
  t.after(close)
  const scrape = async () => (await api.inject({ url: '/metrics', headers: HOST })).body
  await scrape()
  const rows = HAPPENED.map(([topic, body]) => ({ run_id: 'replay-1', topic, at: 1, body: JSON.stringify(body) }))
  await world.world.database.insertInto('events_outbox').values(rows).execute()
  for (const [name, value] of MEASURED) loop.note(name, value)
  loop.turn()
  call({ type: 'waited', operation: 'poll', ms: 250 })
  call({ type: 'retried', operation: 'poll' })
  call({ type: 'ended', operation: 'poll', result: 'failed' })
  call({ type: 'breaker', operation: 'poll', key: 'a.example poll', state: 'open' })
  call({ type: 'breaker', operation: 'poll', key: 'b.example poll', state: 'closed' })
  return { api, scrape }
}

/** What the events of a swap are while it goes on. */
async function toldWhileSwapping(t: TestContext) {
  const { scrape } = await told(t)
  const body = JSON.stringify({ event: 'activated', cause: 'gates passed' })
  const swap = { run_id: 'replay-1', topic: 'swap', at: 1, body }
  return { scrape, swap: () => world.world.database.insertInto('events_outbox').values(swap).execute() }
}

test('metrics: each name, its type and its labels, as they are listed and no others', async t => {
  const { api, scrape } = await told(t)
  await api.inject({ url: '/api/releases/nope', headers: HOST })
  const body = await scrape()
  const types = new Map([...body.matchAll(/^# TYPE ratchet_(\w+) (\w+)$/gm)].map(([, name, type]) => [name!, type!]))
  const labels = new Map([...types.keys()].map(name => [name, new Set<string>()]))
  for (const [, name, inside = ''] of body.matchAll(/^ratchet_(\w+?)(?:\{(.*)\})? \S+$/gm)) {
    const base = labels.has(name!) ? name! : name!.replace(/_(bucket|sum|count)$/, '')
    for (const [, label] of inside.matchAll(/(\w+)="/g)) labels.get(base)!.add(label!)
  }
  const found = [...types].map(([name, type]) => [name, [type, ...[...labels.get(name)!].sort()]])
  assert.deepEqual(Object.fromEntries(found), METRICS)
  assert.match(body, /^process_cpu_user_seconds_total /m)
})

test('fault 166: whatever is asked and told, labels are names of ours and there are few series', async t => {
  const { api, scrape } = await told(t)
  for (let i = 0; i < 200; i++) {
    await api.inject({ url: `/unknown-${i}`, headers: HOST })
    await api.inject({ url: `/api/releases/nope-${i}?x=${i}`, headers: HOST })
    await api.inject({ method: i % 2 === 0 ? 'PATCH' : 'DELETE', url: `/api/odd-${i}`, headers: HOST })
    await api.inject({ url: '/api/bars', headers: { host: `evil-${i}.example` } })
  }
  const body = await scrape()
  assert.match(body, /^# TYPE ratchet_api_requests_total counter$/m)
  const series = body.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  assert.ok(series.length < 2000, `${series.length} series`)
  assert.doesNotMatch(body, /(unknown|nope|odd|evil)-\d|r-[0-9a-f]{16}|replay-1|Mondays|example/)
  t.diagnostic(`${series.length} series`)
})

test('metrics: what they say is what is so', async () => {
  for (let i = 0; i < 30; i++) await world.api.inject({ url: `/unknown-${i}`, headers: HOST })
  for (const url of ['/api/releases/nope', '/healthz']) await world.api.inject({ url, headers: HOST })
  const { body } = await world.api.inject({ url: '/metrics', headers: HOST })
  for (const expected of [
    /^ratchet_api_requests_total\{method="GET",endpoint="\/api\/releases\/:name",status="404"\} \d+$/m,
    /^ratchet_api_requests_total\{method="GET",endpoint="other",status="404"\} \d+$/m,
    /^ratchet_api_errors_total\{code="RELEASE_UNKNOWN"\} \d+$/m,
    /^ratchet_api_request_duration_seconds_bucket\{le="0.005",method="GET",endpoint="\/healthz"\} \d+$/m,
    /^ratchet_db_query_duration_seconds_count\{operation="select runs"\} \d+$/m,
    /^ratchet_db_size_bytes \d{5,}$/m,
    /^ratchet_decisions_total\{outcome="held",reason="NO_CANDIDATE"\} \d+$/m,
    /^ratchet_release_version\{slot="replay"\} 1$/m,
    /^ratchet_model_drift_score\{model_id="ratchet"\} [\d.]+$/m,
    /^ratchet_model_training_active_start_seconds\{model_id="ratchet"\} 0$/m,
    /^ratchet_equity [\d.]+$/m,
    /^ratchet_drawdown_ratio [\d.e-]+$/m,
    /^ratchet_position_contracts\{symbol="SIM"\} -?\d+$/m,
    /^ratchet_kill_switch_active\{scope="flatten"\} 0$/m,
    /^ratchet_memory_limit_bytes [\d.e+]+$/m,
    /^ratchet_disk_used_ratio\{volume="state"\} [\d.]+$/m,
    /^ratchet_build_info\{version="0\.1\.0",mode="PAPER"\} 1$/m,
  ]) {
    assert.match(body, expected)
  }
})

test('what the loop has not told yet is not there, rather than 0', async t => {
  const { api, close } = await serve(world.directory, { onReadings: () => () => undefined })
  t.after(close)
  const { body } = await api.inject({ url: '/metrics', headers: HOST })
  assert.match(body, /^# TYPE ratchet_channel_freshness_seconds gauge$/m)
  assert.doesNotMatch(body, /^ratchet_(channel_freshness_seconds|daily_pnl|resident_sets|model_training_helped_ratio)/m)
})

test('counters of the loop follow its events from the start of the server on, and those of calls what the loop tells', async t => {
  const { scrape } = await told(t)
  const body = await scrape()
  assert.doesNotMatch(body, /status="started"/)
  for (const line of [
    'model_training_total{model_id="ratchet",status="released"} 1',
    'model_training_total{model_id="ratchet",status="failed"} 1',
    'model_training_failures_total{model_id="ratchet",code="TRAIN_TOO_FEW"} 1',
    'model_training_duration_seconds_sum{model_id="ratchet"} 1.52',
    'model_training_rows{model_id="ratchet"} 300',
    'sync_total{result="refused"} 1',
    'sync_total{result="drill"} 1',
    'gate_results_total{gate="G6",result="fail"} 1',
    'swap_total{result="activated"} 1',
    'swap_total{result="rolledBack"} 2',
    'rollback_total{reason="F7"} 1',
    'rollback_total{reason="operator"} 1',
    'orders_total{status="filled"} 1',
    'orders_total{status="sent"} 2',
    'decision_duration_seconds_bucket{le="0.0001"} 0',
    'decision_duration_seconds_bucket{le="0.0003"} 1',
    'model_prediction_duration_seconds_bucket{le="0.00003",slot="replay"} 1',
    'model_prediction_duration_seconds_count{slot="replay"} 2',
    'swap_duration_seconds_sum 0.02',
    'event_loop_lag_seconds_bucket{le="0.2"} 0',
    'event_loop_lag_seconds_bucket{le="0.5"} 1',
    'resident_sets 2',
    'channel_freshness_seconds 5400',
    'daily_pnl -120.5',
    'model_training_helped_ratio{model_id="ratchet"} 0.75',
    'external_calls_total{operation="poll",result="failed"} 1',
    'retries_total{operation="poll"} 1',
    'breaker_state{operation="poll"} 2',
    'rate_limit_wait_seconds_bucket{le="0.1",client="poll"} 0',
    'rate_limit_wait_seconds_bucket{le="1",client="poll"} 1',
    'rate_limit_wait_seconds_sum{client="poll"} 0.25',
  ])
    assert.ok(body.includes(`\nratchet_${line}\n`), line)
})

test('fault 166: scrapes during a swap are each whole and never count back', async t => {
  const { scrape, swap: swapOnce } = await toldWhileSwapping(t)
  const count = (body: string): number =>
    Number(/^ratchet_swap_total\{result="activated"\} (\d+)$/m.exec(body)?.[1] ?? Number.NaN)
  let before = count(await scrape())
  for (let i = 0; i < 10; i++) {
    const swap = swapOnce()
    const bodies = await Promise.all([scrape(), scrape(), scrape()])
    await swap
    for (const body of bodies) {
      assert.ok(body.endsWith('\n') && count(body) >= before)
      before = count(body)
    }
  }
  assert.equal(count(await scrape()), 11)
})

test('metrics are sampled by the clock, and every ten minutes the log is told the figures', async t => {
  const clock = replayClock(Date.now())
  const told: string[] = []
  const log = { write: (_level: string, event: string) => void told.push(event) }
  const { api, close } = await serve(world.directory, { clock, log, limits: { sampleMs: 5 } })
  t.after(close)
  const sampled = async (): Promise<boolean> =>
    (await api.inject({ url: '/metrics', headers: HOST })).statusCode === 200
  clock.advanceTo(clock.now() + 599_000)
  assert.ok(await sampled())
  assert.ok(!told.includes('statistics'))
  clock.advanceTo(clock.now() + 1000)
  // Nobody scrapes: the collector looks by itself.
  for (let turn = 0; turn < 400 && !told.includes('statistics'); turn++) await systemTimer.sleep(5)
  assert.deepEqual(
    told.filter(event => event === 'statistics'),
    ['statistics'],
  )
})

test('a release is as old as it was made, on the clock of the run', async () => {
  const { run, slots } = (await world.api.inject({ url: '/api/status', headers: HOST })).json<{
    run: { clock: number }
    slots: { issuedAt: number }[]
  }>()
  const { body } = await world.api.inject({ url: '/metrics', headers: HOST })
  const age = Number(/^ratchet_release_age_seconds\{slot="\w+"\} (\S+)$/m.exec(body)?.[1])
  assert.equal(age, Math.max(0, run.clock - slots[0]!.issuedAt) / 1000)
})
