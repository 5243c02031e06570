// Requests that change something: what reaches the loop, what the kill switch does alone, and the same request twice.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import type { Status } from '../../src/api/schemas/status.ts'
import { accepted, refused } from '../../src/base/fault.ts'
import { type ApiWorld, HOST, JSON_HEADERS, LIVE, openApiWorld, serve } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())
beforeEach(() => {
  world.control.asked.length = 0
  world.control.answer = async ({ type }) => accepted(`did ${type}`)
})

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  world.api.inject({ method: 'POST', url, payload: JSON.stringify(body), headers: { ...JSON_HEADERS, ...headers } })

const killPath = (): string => join(world.directory, 'kill.txt')
const killed = async (): Promise<unknown> =>
  (await world.api.inject({ url: '/api/status', headers: HOST })).json<Status>().killed

test('each request becomes the command that the loop knows', async () => {
  for (const [url, body, command] of [
    ['/api/replay', { action: 'pause' }, { type: 'pause' }],
    ['/api/replay', { action: 'continue' }, { type: 'continue' }],
    ['/api/replay', { action: 'speed', barsPerSecond: 12.5 }, { type: 'speed', barsPerSecond: 12.5 }],
    ['/api/replay', { action: 'speed', barsPerSecond: null }, { type: 'speed', barsPerSecond: null }],
    ['/api/replay', { action: 'jump', to: 123 }, { type: 'jump', to: 123 }],
    ['/api/replay', { action: 'restart', seed: 7 }, { type: 'restart', seed: 7 }],
    ['/api/drills', { name: 'forged-release' }, { type: 'drill', name: 'forged-release' }],
    ['/api/releases/rollback', { reason: 'it loses', to: '3' }, { type: 'rollback', reason: 'it loses', to: '3' }],
  ] as const) {
    const response = await post(url, body)
    assert.deepEqual([response.statusCode, response.json()], [200, { done: `did ${command.type}` }], url)
    assert.deepEqual({ ...world.control.asked.at(-1) }, command)
  }
})

test('a body that is not as expected reaches nobody', async () => {
  for (const [url, body] of [
    ['/api/replay', {}],
    ['/api/replay', { action: 'explode' }],
    ['/api/replay', { action: 'speed', barsPerSecond: -1 }],
    ['/api/replay', { action: 'pause', more: 1 }],
    ['/api/replay', { action: 'restart', seed: 2 ** 53 }],
    ['/api/drills', { name: 'earthquake' }],
    ['/api/releases/rollback', { reason: '' }],
    ['/api/trading/resume', { reason: 'x' }],
    ['/api/trading/resume', null],
  ] as const) {
    const response = await post(url, body)
    assert.equal(response.statusCode, 400, `${url} ${JSON.stringify(body)}: ${response.body}`)
  }
  assert.deepEqual(world.control.asked, [])
})

test('the same key and body are done once; another body under the key is refused', async () => {
  const key = { 'idempotency-key': 'k1' }
  const [first, second] = await Promise.all([
    post('/api/drills', { name: 'forged-release' }, key),
    post('/api/drills', { name: 'forged-release' }, key),
  ])
  assert.deepEqual([first.body, first.statusCode], [second.body, 200])
  assert.equal(world.control.asked.length, 1)
  const other = await post('/api/replay', { action: 'pause' }, key)
  assert.deepEqual([other.statusCode, other.json<{ code: string }>().code], [409, 'IDEMPOTENCY_KEY_REUSED'])
})

test('what was done under a key is answered alike by the server that is started next, and not done again', async t => {
  const key = { 'idempotency-key': 'k3' }
  const first = await post('/api/drills', { name: 'forged-release' }, key)
  const control = { ...world.control, send: () => assert.fail('the loop was asked again') }
  const next = await serve(world.directory, { control })
  t.after(() => next.close())
  const again = (body: unknown) =>
    next.api.inject({
      method: 'POST',
      url: '/api/drills',
      payload: JSON.stringify(body),
      headers: { ...JSON_HEADERS, ...key },
    })
  const second = await again({ name: 'forged-release' })
  assert.deepEqual([second.statusCode, second.body], [200, first.body])
})

test('a key whose request was cut off says that nobody knows whether it was done', async t => {
  const { promise, resolve: reached } = Promise.withResolvers<void>()
  const control = {
    ...world.control,
    send: () => {
      reached()
      return new Promise<never>(() => {})
    },
  }
  const lost = await serve(world.directory, { control })
  const request = {
    method: 'POST' as const,
    url: '/api/drills',
    payload: JSON.stringify({ name: 'forged-release' }),
    headers: { ...JSON_HEADERS, 'idempotency-key': 'k4' },
  }
  void lost.api.inject(request).catch(() => undefined)
  await promise
  t.after(() => lost.close())
  const response = await world.api.inject(request)
  const { code } = response.json<{ code: string }>()
  assert.deepEqual([response.statusCode, code], [409, 'IDEMPOTENCY_OUTCOME_UNKNOWN'])
  assert.deepEqual(world.control.asked, [])
})

test('what was refused may be asked again under its key', async () => {
  world.control.answer = async () => refused('RUN_ENDED', 'it is over')
  const key = { 'idempotency-key': 'k2' }
  assert.equal((await post('/api/replay', { action: 'pause' }, key)).statusCode, 409)
  world.control.answer = async () => accepted('done now')
  assert.equal((await post('/api/replay', { action: 'pause' }, key)).statusCode, 200)
})

test('the kill switch writes its file without asking the loop, whatever comes with the request', async () => {
  const requests: readonly { readonly payload?: string; readonly headers: Record<string, string> }[] = [
    { headers: HOST },
    { payload: '', headers: { ...HOST, 'content-type': 'application/x-www-form-urlencoded' } },
    { payload: 'reason=now', headers: { ...HOST, 'content-type': 'text/plain' } },
    { payload: '{"reason":', headers: JSON_HEADERS },
    { payload: '{"reason":7}', headers: JSON_HEADERS },
    { payload: '{"reason":"a dragon"}', headers: JSON_HEADERS },
  ]
  world.control.answer = () => new Promise(() => {})
  for (const request of requests) {
    rmSync(killPath(), { force: true })
    const response = await world.api.inject({ method: 'POST', url: '/api/kill', ...request })
    assert.equal(response.statusCode, 200, response.body)
    assert.ok(existsSync(killPath()), JSON.stringify(request))
  }
  assert.match(readFileSync(killPath(), 'utf8'), /a dragon/)
  assert.deepEqual(await killed(), { reason: 'a dragon', scopes: ['entries', 'cancel', 'flatten'] })
  const payload = { reason: 'a bad week', scopes: ['publish', 'models'] }
  const response = await world.api.inject({ method: 'POST', url: '/api/kill', headers: JSON_HEADERS, payload })
  const done = 'The kill file is written: nothing is published, no release takes charge.'
  assert.deepEqual(response.json(), { done })
  assert.deepEqual(await killed(), { reason: 'a bad week', scopes: ['models', 'publish'] })
  assert.deepEqual(world.control.asked, [])
})

const resume = async (reason: string) => {
  const { previewId } = await previewed()
  return post('/api/trading/resume', { reason, previewId })
}
const previewed = async () =>
  (await world.api.inject({ url: '/api/trading/resume', headers: HOST })).json<{ ends: string[]; previewId: string }>()

test('resume ends what was looked at and nothing else', async () => {
  rmSync(killPath(), { force: true })
  world.control.show({ ...LIVE, entriesPaused: 'numbers at nine' })
  const seen = await previewed()
  assert.deepEqual(seen.ends, ['the pause of entries: numbers at nine'])
  assert.equal((await post('/api/trading/resume', { reason: 'looked at it' })).statusCode, 400)
  await post('/api/kill', { reason: 'a dragon' })
  const stale = await post('/api/trading/resume', { reason: 'looked at it', previewId: seen.previewId })
  assert.deepEqual([stale.statusCode, stale.json<{ code: string }>().code], [412, 'PREVIEW_STALE'])
  assert.ok(existsSync(killPath()), 'the kill was not lifted unseen')
  assert.equal((await resume('looked at it')).statusCode, 200)
  assert.deepEqual({ ...world.control.asked.at(-1) }, { type: 'resumeTrading', reason: 'looked at it' })
  world.control.show(LIVE)
})

test('resume takes away what the kill switch wrote and asks the loop, but leaves a file that a person put there', async () => {
  await post('/api/kill', { reason: 'a bad week' })
  assert.equal((await resume('all clear')).statusCode, 200)
  assert.deepEqual([existsSync(killPath()), await killed()], [false, null])
  writeFileSync(killPath(), 'hands off\n')
  assert.deepEqual(await killed(), { reason: 'hands off', scopes: ['entries', 'cancel', 'flatten'] })
  const response = await resume('all clear')
  assert.deepEqual([response.statusCode, response.json<{ code: string }>().code], [409, 'KILL_FILE_FOREIGN'])
  assert.ok(existsSync(killPath()))
  rmSync(killPath())
})
