// Health, figures and alerts over a state directory that a loop left.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { replayClock } from '../../src/base/clock.ts'
import { accepted, refused as refusal } from '../../src/base/fault.ts'
import type { CallListener } from '../../src/base/resilience/call-fact.ts'
import { asker } from './asker.ts'
import { type ApiWorld, HOST, LIVE, openApiWorld, serve, toyControl } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())

const { all, ask, get, refused } = asker(() => world)

test('health asks nobody, readiness asks everybody', async () => {
  assert.deepEqual((await ask('/healthz')).json(), { status: 'ok', version: '0.1.0' })
  assert.deepEqual((await ask('/health')).json(), { status: 'ok', version: '0.1.0' })
  const ready = (await ask('/readyz')).json<{
    ready: boolean
    components: { name: string; state: string; degradedMode: string }[]
  }>()
  assert.equal(ready.ready, true)
  const names = [
    'database',
    'ml-rl-system',
    'models',
    'release source',
    'broker',
    'data',
    'disk',
    'memory',
    'clock skew',
  ]
  assert.deepEqual(
    ready.components.map(({ name }) => name),
    names,
  )
  assert.ok(ready.components.every(({ degradedMode }) => degradedMode.length > 10))
})

test('the process is dead where the thread of its loop does not turn any more', async t => {
  let silence = 29_000
  const { api, close } = await serve(world.directory, { loopSilenceMs: () => silence })
  t.after(close)
  const status = async () => (await api.inject({ url: '/healthz', headers: HOST })).statusCode
  assert.equal(await status(), 200)
  silence = 31_000
  assert.equal(await status(), 503)
})

test('readiness asks the release source once a minute and says what its passes came to', async t => {
  const listening: CallListener[] = []
  const control = toyControl()
  control.show(LIVE)
  const clock = replayClock(Date.now())
  const { api, close } = await serve(world.directory, {
    control,
    clock,
    limits: { sampleMs: 0 },
    onCall: listener => {
      listening.push(listener)
      return () => undefined
    },
  })
  t.after(close)
  const tell: CallListener = fact => listening.forEach(listener => listener(fact))
  const stateOf = async (wanted: string) => {
    const response = await api.inject({ url: '/readyz', headers: HOST })
    const { components } = response.json<{ components: { name: string; state: string; detail: string }[] }>()
    const { state, detail } = components.find(({ name }) => name === wanted)!
    return [response.statusCode, state, detail]
  }
  const later = () => clock.advanceTo(clock.now() + 60_000)
  control.answer = async () => refusal('SOURCE_UNREACHABLE', 'no answer')
  assert.deepEqual(await stateOf('release source'), [200, 'degraded', 'SOURCE_UNREACHABLE: no answer'])
  control.answer = async () => accepted('1 asked, all answer')
  assert.equal((await stateOf('release source'))[1], 'degraded')
  later()
  assert.deepEqual(await stateOf('release source'), [200, 'ok', '1 asked, all answer'])
  later()
  control.answer = async () => refusal('NO_SOURCES', 'a replay')
  assert.deepEqual(await stateOf('release source'), [200, 'ok', 'on this disk'])
  assert.deepEqual(
    control.asked.map(({ type }) => type),
    Array(3).fill('askSources'),
  )
  const trouble = { source: 'cdn.example.com/stable', failures: 3, code: 'SOURCE_UNREACHABLE', detail: 'why' }
  control.show({ ...LIVE, troubled: [trouble], signedAt: 5 })
  assert.equal((await stateOf('release source'))[1], 'degraded')
  const { channel, live } = (await api.inject({ url: '/api/status', headers: HOST })).json<{
    channel: { signedAt: number; ageMs: number }
    live: { troubled: unknown[] }
  }>()
  assert.deepEqual([channel.signedAt, live.troubled], [5, [trouble]])
  assert.ok(channel.ageMs > 0)
  assert.equal((await stateOf('clock skew'))[1], 'unknown')
  tell({ type: 'dated', operation: 'poll', at: clock.now() - 3_600_000 })
  assert.equal((await stateOf('clock skew'))[1], 'degraded')
})

test('the figures that matter, as JSON', async () => {
  const { schema, performanceMetrics, healthMetrics, threadCount, gcCollections } = await get<{
    schema: string
    threadCount: number | null
    gcCollections: number
    healthMetrics: { name: string; value: number }[]
    performanceMetrics: { name: string; value: number | null; unit: string }[]
  }>('/api/metrics.json')
  assert.equal(schema, 'ratchet.metrics/1')
  const figureOf = (wanted: string) => performanceMetrics.find(({ name }) => name === wanted)
  assert.equal(figureOf('refused')?.value, 1)
  assert.ok(threadCount === null || threadCount > 1)
  assert.ok(gcCollections >= 0)
  assert.ok(healthMetrics.find(({ name }) => name === 'memoryUsed')!.value > 0)
  assert.deepEqual(figureOf('predictionTime'), { name: 'predictionTime', value: null, unit: 'ms' })
  // Fewer than ten scored predictions say nothing.
  const scored = figureOf('scoredPredictions')!.value!
  for (const name of ['accuracy', 'confidence', 'successRate', 'rMultiple']) {
    assert.equal(figureOf(name)?.value === null, scored < 10, name)
  }
})

test('alerts: drills and commands newest first; verdicts on real releases are left to their list', async () => {
  const judged = (drill: boolean) =>
    JSON.stringify({ drill, verdict: 'refused', decidedBy: 'SIGNATURE_INVALID', bar: 1 })
  const told = [
    ['judged', judged(true)],
    ['judged', judged(false)],
    ['control', JSON.stringify({ action: 'resume', detail: '<b>' })],
  ] as const
  for (const [topic, body] of told) {
    await world.world.database.insertInto('events_outbox').values({ run_id: 'replay-1', topic, at: 7, body }).execute()
  }
  const { items } = await get<{ items: Record<string, unknown>[] }>('/api/alerts')
  assert.deepEqual(
    items
      .slice(0, 2)
      .map(({ topic, at, drill, decidedBy, action, detail }) => [topic, at, drill, decidedBy, action, detail]),
    [
      ['control', 7, undefined, undefined, 'resume', '<b>'],
      ['judged', 7, true, 'SIGNATURE_INVALID', undefined, undefined],
    ],
  )
  const seqs = items.map(({ seq }) => Number(seq))
  assert.deepEqual(
    seqs,
    seqs.toSorted((a, b) => b - a),
  )
  assert.deepEqual(await get('/api/alerts?run=replay-1'), { items, next: null })
  const paged = await all<Record<string, unknown>>('/api/alerts?limit=1')
  assert.deepEqual(paged, items)
  await refused('/api/alerts?run=replay-9', 404, 'RUN_UNKNOWN')
})
