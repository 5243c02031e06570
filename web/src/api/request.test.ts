// Requests to the API and what is said when they fail.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { RequestProblem } from './problem.ts'
import { get, post, urlOf } from './request.ts'

const answering = (t: TestContext, response: () => Response | Promise<Response>): void => {
  t.mock.method(globalThis, 'fetch', async () => response())
}

const isProblem = (code: string, sentence: RegExp) => (error: unknown) =>
  error instanceof RequestProblem && error.code === code && sentence.test(error.message)

test('absent values stay out of an address', () => {
  assert.equal(urlOf('/api/bars', { run: 'a b', from: undefined, to: null, limit: 5 }), '/api/bars?run=a+b&limit=5')
  assert.equal(urlOf('/api/status'), '/api/status')
  assert.equal(urlOf('/api/releases/:name', { name: 'a/b', run: 'r' }), '/api/releases/a%2Fb?run=r')
})

test('an answer is its JSON; a change says what was done', async t => {
  answering(t, () => Response.json({ done: 'paused' }))
  assert.deepEqual(await get('/api/status'), { done: 'paused' })
  assert.equal(await post('/api/replay', { action: 'pause' }), 'paused')
})

test('a problem of the API keeps its code, its sentence and its hint', async t => {
  const body = { title: 'Conflict', status: 409, detail: 'the run has ended', code: 'RUN_ENDED', hint: 'restart it' }
  answering(t, () => Response.json(body, { status: 409, headers: { 'content-type': 'application/problem+json' } }))
  await assert.rejects(
    get('/api/status'),
    error => isProblem('RUN_ENDED', /the run has ended/)(error) && 'hint' in Object(error),
  )
})

test('an answer that is no problem document still says its status', async t => {
  answering(t, () => new Response('<h1>no</h1>', { status: 502, headers: { 'content-type': 'text/html' } }))
  await assert.rejects(get('/api/status'), isProblem('HTTP_502', /answered 502/))
})

test('no answer is said as such', async t => {
  answering(t, () => Promise.reject(new TypeError('fetch failed')))
  await assert.rejects(get('/api/status'), isProblem('UNREACHABLE', /does not answer/))
})
