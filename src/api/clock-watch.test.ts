import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockWatch } from './clock-watch.ts'

test('the clock is held against the date of the last answer; five minutes either way are no trouble', () => {
  const now = 1_800_000_000_000
  const { hear, news } = clockWatch({ now: () => now })
  hear({ type: 'ended', operation: 'poll', result: 'succeeded' })
  assert.equal(news(), undefined)
  const after = (aheadMs: number) => {
    hear({ type: 'dated', operation: 'poll', at: now - aheadMs })
    return news()
  }
  assert.deepEqual(after(300_000), { state: 'ok', detail: '300 s ahead of the source of releases' })
  assert.deepEqual(after(-300_000), { state: 'ok', detail: '300 s behind the source of releases' })
  assert.deepEqual(after(-301_000), { state: 'degraded', detail: '301 s behind the source of releases' })
  assert.equal(after(301_000)?.state, 'degraded')
})
