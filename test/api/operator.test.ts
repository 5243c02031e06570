// A person's word on releases and entries: which command each request becomes, and what is no request at all.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { policyOf } from '../../src/api/policies.ts'
import { accepted, refused } from '../../src/base/fault.ts'
import { type ApiWorld, JSON_HEADERS, openApiWorld } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())
beforeEach(() => {
  world.control.asked.length = 0
  world.control.answer = async ({ type }) => accepted(`did ${type}`)
})

const reason = 'looked at it'
const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  world.api.inject({ method: 'POST', url, payload: JSON.stringify(body), headers: { ...JSON_HEADERS, ...headers } })

test('each request becomes the command that the loop knows', async () => {
  for (const type of ['promote', 'pin', 'unpin', 'resumePromotion', 'block', 'unblock'] as const) {
    const response = await post(`/api/releases/v3/${type}`, { reason })
    assert.deepEqual([response.statusCode, response.json()], [200, { done: `did ${type}` }], type)
    assert.deepEqual({ ...world.control.asked.at(-1) }, { type, release: 'v3', reason })
  }
  await post('/api/releases/v3/override', { reason, gates: ['G7'] })
  assert.deepEqual({ ...world.control.asked.at(-1) }, { type: 'promote', release: 'v3', reason, override: ['G7'] })
  for (const [url, type] of [
    ['start', 'train'],
    ['stop', 'stopTraining'],
  ] as const) {
    assert.equal((await post(`/api/trainings/${url}`, { reason })).statusCode, 200)
    assert.deepEqual({ ...world.control.asked.at(-1) }, { type, reason })
  }
  await post('/api/trading/pause', { reason })
  assert.deepEqual({ ...world.control.asked.at(-1) }, { type: 'pauseEntries', reason })
  await post('/api/trading/flatten', { reason })
  assert.deepEqual({ ...world.control.asked.at(-1) }, { type: 'flatten', reason })
})

test('without a reason nothing is asked for, nor with more than is understood', async () => {
  for (const [url, body] of [
    ['/api/releases/v3/promote', {}],
    ['/api/releases/v3/promote', { reason, gates: ['G7'] }],
    ['/api/releases/v3/override', { reason }],
    ['/api/releases/v3/override', { reason, gates: [] }],
    ['/api/releases/v3/pin', { reason: ' ' }],
    ['/api/releases/v3/block', null],
    ['/api/trading/pause', { reason: 'x' }],
    [`/api/releases/${'v'.repeat(200)}/unblock`, { reason }],
  ] as const) {
    const response = await post(url, body)
    assert.equal(response.statusCode, 400, `${url} ${JSON.stringify(body)}: ${response.body}`)
  }
  assert.deepEqual(world.control.asked, [])
})

test('a key is of one release and one act', async () => {
  const key = { 'idempotency-key': 'operator' }
  assert.equal((await post('/api/releases/v3/pin', { reason }, key)).statusCode, 200)
  assert.equal((await post('/api/releases/v3/pin', { reason }, key)).statusCode, 200)
  assert.equal(world.control.asked.length, 1)
  const other = await post('/api/releases/v4/pin', { reason }, key)
  assert.deepEqual([other.statusCode, other.json<{ code: string }>().code], [409, 'IDEMPOTENCY_KEY_REUSED'])
})

test('what the present state forbids is a conflict, what a gate says is a refusal, and each says what to do', async () => {
  for (const [code, status] of [
    ['SLOT_PINNED', 409],
    ['PIN_TARGET', 409],
    ['NOT_PINNED', 409],
    ['RELEASE_IN_CHARGE', 409],
    ['ALREADY_BLOCKED', 409],
    ['GATE_REFUSED', 422],
    ['GATE_FINAL', 422],
    ['RELEASE_UNKNOWN', 404],
  ] as const) {
    world.control.answer = async () => refused(code, 'no', { fix: 'do otherwise' })
    const response = await post('/api/releases/v3/promote', { reason })
    const problem = response.json<{ code: string; hint: string }>()
    assert.deepEqual([response.statusCode, problem.code, problem.hint], [status, code, 'do otherwise'])
  }
})

test('a trader may act on releases, but only an admin sets a gate aside or ends a pause', () => {
  for (const act of ['promote', 'pin', 'unpin', 'block', 'unblock']) {
    assert.equal(policyOf('POST', `/api/releases/:name/${act}`), 'trader')
  }
  assert.equal(policyOf('POST', '/api/trading/pause'), 'trader')
  assert.equal(policyOf('POST', '/api/trading/flatten'), 'trader')
  assert.equal(policyOf('POST', '/api/releases/:name/override'), 'admin')
  assert.equal(policyOf('POST', '/api/trading/resume'), 'admin')
  assert.equal(policyOf('POST', '/api/releases/:name/resumePromotion'), 'admin')
})
