import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarOf } from '../market/calendars/index.ts'
import { type DataFacts, type MaxAges, statusOf, tradingMs } from './status.ts'

const AGES: MaxAges = { polygon: 300, topstepx: 300, fred: 3600, file: 86_400, internal: 86_400, model: 86_400 }
const ms = (time: string) => Date.parse(time)
const nyse = calendarOf('nyse')
const MINUTE = 60_000

const facts = (over: Partial<DataFacts>): DataFacts => ({
  source: 'polygon',
  asOf: ms('2024-07-03T17:00:00Z'),
  calendar: nyse,
  blocked: false,
  checked: undefined,
  ...over,
})

test('a feed ages only while its market trades: over a night, a weekend, a holiday and an early close', () => {
  // Closed at 13:00 New York on 3 July 2024, then Independence Day; open again on Friday at 09:30.
  const last = ms('2024-07-03T17:00:00Z')
  const count = (to: string) => tradingMs(nyse, last, ms(to), Number.POSITIVE_INFINITY) / MINUTE
  assert.equal(count('2024-07-03T20:00:00Z'), 0)
  assert.equal(count('2024-07-05T13:30:00Z'), 0)
  assert.equal(count('2024-07-05T13:34:30Z'), 4.5)
  assert.equal(count('2024-07-08T14:00:00Z'), 390 + 30)
})

test('trading time over the break of futures and over the change to summer time', () => {
  const cme = calendarOf('cme-index')
  const count = (from: string, to: string) => tradingMs(cme, ms(from), ms(to), Number.POSITIVE_INFINITY) / 3_600_000
  assert.equal(count('2024-01-10T00:00:00Z', '2024-01-11T00:00:00Z'), 23)
  // Friday 16:00 New York to Sunday 19:00: one hour before the weekend and one after it, whatever the clocks did.
  assert.equal(count('2024-03-08T21:00:00Z', '2024-03-10T23:00:00Z'), 2)
  assert.equal(count('2024-11-01T20:00:00Z', '2024-11-04T00:00:00Z'), 2)
  assert.equal(tradingMs(calendarOf('24x7'), 0, 7 * MINUTE, 1e9), 7 * MINUTE)
})

test('a feed expires after five minutes of trading and not a moment before', () => {
  const at = (time: string) => statusOf(facts({}), ms(time), AGES)
  assert.equal(at('2024-07-05T13:35:00Z'), 'verified')
  assert.equal(at('2024-07-05T13:35:01Z'), 'expired')
})

test('a file expires after a day of any kind, an archive an hour after it was asked', () => {
  const file = facts({ source: 'file', checked: true })
  assert.equal(statusOf(file, file.asOf + 86_400_000, AGES), 'verified')
  assert.equal(statusOf(file, file.asOf + 86_400_001, AGES), 'expired')
  const fred = facts({ source: 'fred', calendar: undefined })
  assert.equal(statusOf(fred, fred.asOf + 3_600_000, AGES), 'verified')
  assert.equal(statusOf(fred, fred.asOf + 3_600_001, AGES), 'expired')
})

test('a block outweighs all; files and simulations are believed after a check, vendors until one fails', () => {
  const now = facts({}).asOf
  const of = (over: Partial<DataFacts>) => statusOf(facts(over), now, AGES)
  assert.equal(of({ blocked: true, checked: true }), 'blocked')
  assert.equal(of({ blocked: true, asOf: 0 }), 'blocked')
  assert.equal(of({ source: 'file' }), 'unverified')
  assert.equal(of({ source: 'file', checked: true }), 'verified')
  assert.equal(of({ source: 'simulated' }), 'unverified')
  assert.equal(of({ source: 'polygon' }), 'verified')
  assert.equal(of({ source: 'polygon', checked: false }), 'unverified')
  assert.equal(of({ source: 'model_output' }), 'unverified')
})

test('data from a clock ahead of ours is not older than new', () => {
  assert.equal(statusOf(facts({ source: 'file', checked: true }), 0, AGES), 'verified')
})
