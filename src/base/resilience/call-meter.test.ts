import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callMeter, WAIT_BUCKETS } from './call-meter.ts'

test('calls, retries and waits are counted by operation; of several places the worst breaker is shown', () => {
  let changes = 0
  const meter = callMeter(() => changes++)
  meter.ended('poll', 'succeeded')
  meter.ended('poll', 'failed')
  meter.retried('poll')
  meter.waited('poll', 0)
  meter.waited('poll', 2_000)
  meter.waited('poll', 1e9)
  meter.breaker('poll', 'a.example poll', 'open')
  meter.breaker('poll', 'b.example poll', 'closed')
  meter.ended('fetch', 'refused')
  const [poll, fetch] = meter.totals()
  assert.deepEqual(poll?.results, { succeeded: 1, failed: 1, cancelled: 0, refused: 0 })
  assert.deepEqual([poll?.operation, poll?.retries, poll?.breaker, changes], ['poll', 1, 'open', 9])
  const upTo = (seconds: number) => poll?.waits.counts[WAIT_BUCKETS.indexOf(seconds)]
  assert.deepEqual([upTo(0.001), upTo(1), upTo(5), upTo(300), poll?.waits.counts.at(-1)], [1, 1, 2, 2, 3])
  assert.equal(poll?.waits.sumSeconds, 1_000_002)
  assert.deepEqual([fetch?.breaker, fetch?.results.refused], ['closed', 1])
  meter.breaker('poll', 'a.example poll', 'closed')
  assert.equal(meter.totals()[0]?.breaker, 'closed')
})
