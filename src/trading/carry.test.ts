import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { DAY_MS } from '../market/bar.ts'
import type { Instrument } from '../market/instrument.ts'
import { carryMicros } from './carry.ts'
import { entryOrder, fillOf, MES, minuteBar, openCalendar, START_MS } from './fixtures/market.ts'
import { portfolio } from './portfolio.ts'

const SHARE: Instrument = { ...MES, pointValue: 1, carry: { longPercent: 7.3, shortPercent: 3.65 } }
const night = { lots: 100, price: 50, from: '2024-06-03', to: '2024-06-04' }

test('borrow and funding are a 365th of a year a night, three over a weekend, and may be received', () => {
  // 100 x $50 = $5,000: 7.3 % a year is $1 a day, 3.65 % is 50 cents.
  assert.equal(carryMicros(SHARE, { ...night, side: 1 }), 1_000_000)
  assert.equal(carryMicros(SHARE, { ...night, side: -1 }), 500_000)
  assert.equal(carryMicros(SHARE, { ...night, side: 1, from: '2024-06-07', to: '2024-06-10' }), 3_000_000)
  const paid = { ...SHARE, carry: { longPercent: -7.3, shortPercent: 0 } }
  assert.equal(carryMicros(paid, { ...night, side: 1 }), -1_000_000)
  assert.equal(carryMicros(MES, { ...night, side: 1 }), 0)
})

test('a dividend goes to who is long into its day and is paid by who is short; before and after it is nobody’s', () => {
  const paying: Instrument = { ...SHARE, carry: undefined, dividends: [{ exDate: '2024-06-04', amount: 0.25 }] }
  assert.equal(carryMicros(paying, { ...night, side: 1 }), -25_000_000)
  assert.equal(carryMicros(paying, { ...night, side: -1 }), 25_000_000)
  assert.equal(carryMicros(paying, { ...night, side: 1, from: '2024-06-04', to: '2024-06-05' }), 0)
})

test('the account pays each night, and the closed trade counts it among its costs', () => {
  const instrument: Instrument = { ...MES, carry: { longPercent: 36.5, shortPercent: 0 } }
  const book = portfolio({ instrument, calendar: openCalendar(), barMs: 60_000 })
  const first = minuteBar(0, [20_000, 20_000, 20_000, 20_000])
  book.begin(first, 0)
  unwrap(book.register(entryOrder()))
  book.apply(fillOf(entryOrder()))
  book.mark(first)
  const before = book.view().cashMicros
  const next = { ...first, time: first.time + DAY_MS, knownAt: first.knownAt + DAY_MS }
  book.begin(next, 0)
  // Two lots of 5,000 points at $5 are $50,000; a tenth of a percent a day is $50.
  assert.equal(before - book.view().cashMicros, 50_000_000)
  book.begin({ ...next, time: next.time + 60_000 }, 0)
  assert.equal(before - book.view().cashMicros, 50_000_000, 'once a night')
  const exit = {
    tradeId: 'x',
    side: -1,
    role: 'stop',
    price: 20_001,
    quantity: 2,
    commissionMicros: 1_500_000,
  } as const
  const { closed } = book.apply(fillOf(entryOrder(), { ...exit, time: START_MS + DAY_MS }), 'stop')
  assert.deepEqual([closed!.carryMicros, closed!.costsMicros], [50_000_000, 53_000_000])
  assert.equal(book.view().cashMicros, 100_000_000_000 + closed!.netMicros)
})
