// Instants, days and spans as people read them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barTime, days, instant, session, span } from './time.ts'

test('an instant always says its zone, summer and winter', () => {
  assert.equal(instant(Date.UTC(2003, 5, 11, 20), 'America/New_York'), '2003-06-11 16:00 EDT')
  assert.equal(instant(Date.UTC(2003, 11, 11, 21), 'America/New_York'), '2003-12-11 16:00 EST')
  assert.equal(instant(Date.UTC(2003, 5, 11, 20), 'UTC'), '2003-06-11 20:00 UTC')
  assert.equal(instant(null, 'UTC'), 'N/A')
})

test('a daily bar has a date and no zone', () => {
  const label = Date.UTC(2003, 5, 11)
  assert.equal(session(label), '2003-06-11')
  assert.equal(barTime(label, 86_400_000, 'America/New_York'), '2003-06-11')
  assert.equal(barTime(label, 60_000, 'UTC'), '2003-06-11 00:00 UTC')
})

test('spans are said in their two largest units', () => {
  assert.deepEqual([400, 41_000, 90_000, 7_200_000, 183_600_000].map(span), [
    '0.4 s',
    '41 s',
    '1 min 30 s',
    '2 h',
    '2 d 3 h',
  ])
  assert.equal(span(null), 'N/A')
  assert.equal(days(86_400_000), '1 day')
  assert.equal(days(412 * 86_400_000), '412 days')
})
