import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceWatch } from './source-watch.ts'

test('a source is what its last call and its breakers say; other calls and those that were called off say nothing', () => {
  const { hear, news } = sourceWatch()
  hear({ type: 'ended', operation: 'polygon', result: 'failed' })
  hear({ type: 'ended', operation: 'poll', result: 'cancelled' })
  hear({ type: 'breaker', operation: 'poll', key: 'a.example poll', state: 'closed' })
  assert.equal(news(), undefined)
  hear({ type: 'ended', operation: 'poll', result: 'succeeded' })
  assert.deepEqual(news(), { state: 'ok', detail: 'answered when it was asked last' })
  hear({ type: 'ended', operation: 'poll', result: 'failed' })
  assert.equal(news()?.state, 'degraded')
  hear({ type: 'breaker', operation: 'poll', key: 'b.example poll', state: 'open' })
  hear({ type: 'ended', operation: 'poll', result: 'succeeded' })
  assert.deepEqual(news(), { state: 'degraded', detail: '1 of 2 failed too often and are left alone' })
  hear({ type: 'breaker', operation: 'poll', key: 'b.example poll', state: 'closed' })
  assert.equal(news()?.state, 'ok')
})
