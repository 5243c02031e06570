// Health, figures and alerts over a state directory that a loop left.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CallListener } from '../../src/base/resilience/call-fact.ts'
import { asker } from './asker.ts'
import { type ApiWorld, HOST, LIVE, openApiWorld, serve, toyControl } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())

const { ask, get, refused } = asker(() => world)

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

test('readiness says how the release source does while a loop runs, as calls to it told', async t => {
  const listening: CallListener[] = []
  const control = toyControl()
  control.show(LIVE)
  const { api, close } = await serve(world.directory, {
    control,
    onCall: listener => {
      listening.push(listener)
      return () => undefined
    },
  })
  t.after(close)
  const tell: CallListener = fact => listening.forEach(listener => listener(fact))
  const stateOf = async (wanted: string) => {
    const { components } = (await api.inject({ url: '/readyz', headers: HOST })).json<{
      components: { name: string; state: string }[]
    }>()
    return components.find(({ name }) => name === wanted)?.state
  }
  const source = async () => {
    const response = await api.inject({ url: '/readyz', headers: HOST })
    const { components } = response.json<{ components: { name: string; state: string }[] }>()
    return [response.statusCode, components.find(({ name }) => name === 'release source')?.state]
  }
  assert.deepEqual(await source(), [200, 'ok'])
  tell({ type: 'breaker', operation: 'poll', key: 'a.example poll', state: 'open' })
  tell({ type: 'ended', operation: 'poll', result: 'failed' })
  assert.deepEqual(await source(), [200, 'degraded'])
  tell({ type: 'breaker', operation: 'poll', key: 'a.example poll', state: 'closed' })
  tell({ type: 'ended', operation: 'poll', result: 'succeeded' })
  assert.deepEqual(await source(), [200, 'ok'])
  const trouble = { source: 'cdn.example.com/stable', failures: 3, code: 'SOURCE_UNREACHABLE', detail: 'why' }
  control.show({ ...LIVE, troubled: [trouble], signedAt: 5 })
  assert.deepEqual(await source(), [200, 'degraded'])
  const { channel, live } = (await api.inject({ url: '/api/status', headers: HOST })).json<{
    channel: { signedAt: number; ageMs: number }
    live: { troubled: unknown[] }
  }>()
  assert.deepEqual([channel.signedAt, live.troubled], [5, [trouble]])
  assert.ok(channel.ageMs > 0)
  control.show(LIVE)
  assert.equal(await stateOf('clock skew'), 'unknown')
  tell({ type: 'dated', operation: 'poll', at: Date.now() - 3_600_000 })
  assert.equal(await stateOf('clock skew'), 'degraded')
})

test('the figures that matter, as JSON', async () => {
  const { schema, performanceMetrics } = await get<{
    schema: string
    performanceMetrics: { name: string; value: number }[]
  }>('/api/metrics.json')
  assert.equal(schema, 'ratchet.metrics/1')
  assert.equal(performanceMetrics.find(({ name }) => name === 'refused')?.value, 1)
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
  assert.deepEqual(await get('/api/alerts?run=replay-1'), { items })
  await refused('/api/alerts?run=replay-9', 404, 'RUN_UNKNOWN')
})
