import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { unwrap } from '../base/fault.ts'
import { stepValueMicros } from '../market/instrument.ts'
import type { ClosedTrade, Fill, Side } from '../market/trade.ts'
import { entryOrder, fillOf, MES, MINUTE_MS, minuteBar, openCalendar, START_MS } from './fixtures/market.ts'
import { portfolio } from './portfolio.ts'

const ledger = () => portfolio({ instrument: MES, calendar: openCalendar(), barMs: MINUTE_MS })
const exit = (price: number, quantity = 2, name = 'x') =>
  fillOf(entryOrder(), {
    tradeId: name,
    side: -1,
    role: 'stop',
    price,
    quantity,
    commissionMicros: 750_000 * quantity,
    time: START_MS + 60_000,
  })

test('a long of two lots that loses 8 steps: $20 of points, $3 of commissions, R over the planned $23', () => {
  const book = ledger()
  unwrap(book.register(entryOrder()))
  book.apply(fillOf(entryOrder()))
  const { closed } = book.apply(exit(19_992), 'stop')
  // 2 lots x 8 steps x $1.25 = $20 planned by the stop distance, plus 2 x 2 x $0.75 = $3.
  assert.equal(closed?.grossMicros, -20_000_000)
  assert.equal(closed?.costsMicros, 3_000_000)
  assert.equal(closed?.netMicros, -23_000_000)
  assert.equal(closed?.plannedLossMicros, 23_000_000)
  assert.equal(closed?.r, -1)
  assert.equal(book.view().cashMicros, 100_000_000_000 - 23_000_000)
  assert.equal(book.view().position, 0)
})

test('an open position is marked at the close, and the peak follows marked equity', () => {
  const book = ledger()
  unwrap(book.register(entryOrder()))
  book.begin(minuteBar(0, [20_000, 20_000, 20_000, 20_000]), 0)
  book.apply(fillOf(entryOrder()))
  book.mark(minuteBar(0, [20_000, 20_010, 20_000, 20_010]))
  // 2 x 10 steps x $1.25 = $25, less the $1.50 of the entry.
  assert.equal(book.view().equityMicros, 100_000_000_000 + 23_500_000)
  assert.equal(book.view().peakMicros, book.view().equityMicros)
  book.mark(minuteBar(1, [20_010, 20_010, 20_000, 20_000]))
  assert.equal(book.view().equityMicros, 100_000_000_000 - 1_500_000)
  assert.equal(book.view().peakMicros, 100_000_000_000 + 23_500_000)
})

test('a fill that nobody ordered, or beyond its order, is booked and called runaway', () => {
  const book = ledger()
  assert.equal(book.apply(fillOf(entryOrder())).kind, 'runaway')
  assert.equal(book.view().position, 2)
  const other = ledger()
  unwrap(other.register(entryOrder()))
  assert.equal(other.apply(fillOf(entryOrder(), { quantity: 3 })).kind, 'runaway')
  assert.equal(other.view().position, 3)
})

test('an unordered round trip still counts in cash', () => {
  const book = ledger()
  book.apply(fillOf(entryOrder()))
  book.apply(exit(19_992))
  assert.equal(book.view().cashMicros, 100_000_000_000 - 23_000_000)
  assert.equal(book.view().position, 0)
})

test('the same decision orders once', () => {
  const book = ledger()
  unwrap(book.register(entryOrder()))
  const again = book.register(entryOrder())
  assert.equal(again.ok ? 'taken' : again.fault.code, 'DUPLICATE')
})

test('day and week start from the equity at their first bar; counts and session R begin anew', () => {
  const book = ledger()
  const at = (days: number) => ({
    ...minuteBar(0, [20_000, 20_000, 20_000, 20_000]),
    time: START_MS + days * 86_400_000,
  })
  book.begin(at(0), 0)
  unwrap(book.register(entryOrder()))
  book.apply(fillOf(entryOrder()))
  book.apply(exit(19_992), 'stop')
  book.mark(at(0))
  assert.deepEqual([book.view().entriesToday, book.view().sessionR, book.view().lossesInARow], [1, -1, 1])
  book.begin(at(1), 0)
  assert.equal(book.view().dayStartMicros, 100_000_000_000 - 23_000_000)
  assert.equal(book.view().weekStartMicros, 100_000_000_000)
  assert.deepEqual([book.view().entriesToday, book.view().sessionR, book.view().lossesInARow], [0, 0, 1])
  book.begin(at(7), 0)
  assert.equal(book.view().weekStartMicros, 100_000_000_000 - 23_000_000)
})

test('a change from RTH to ETH resets the count of the session, not of the day', () => {
  const book = ledger()
  const bar = minuteBar(0, [20_000, 20_000, 20_000, 20_000])
  book.begin(bar, 0)
  unwrap(book.register(entryOrder()))
  book.apply(fillOf(entryOrder()))
  book.begin(bar, 1)
  assert.deepEqual([book.view().entriesToday, book.view().entriesThisSession], [1, 0])
})

/** Some decisions, each with its entry split in parts and its exits adding up to the entry. */
const decisions = fc.array(
  fc.record({
    long: fc.boolean(),
    parts: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 19_900, max: 20_100 })), {
      minLength: 1,
      maxLength: 3,
    }),
    out: fc.array(fc.integer({ min: 19_900, max: 20_100 }), { minLength: 1, maxLength: 1 }),
  }),
  { minLength: 1, maxLength: 5 },
)

test('10,000 random fill sequences, shuffled and with duplicates, end in the same totals (ORD-04)', () => {
  fc.assert(
    fc.property(decisions, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (specs, dice) => {
      const book = ledger()
      const fills: Fill[] = []
      let expected = 100_000_000_000
      for (const [d, { long, parts, out }] of specs.entries()) {
        const side: Side = long ? 1 : -1
        const quantity = parts.reduce((sum, [lots]) => sum + lots, 0)
        const order = entryOrder({ id: `o${d}`, decisionId: `d${d}`, side, quantity })
        unwrap(book.register(order))
        for (const [p, [lots, price]] of parts.entries()) {
          fills.push(
            fillOf(order, { tradeId: `d${d}.in${p}`, quantity: lots, price, commissionMicros: 750_000 * lots }),
          )
          const leave: Side = long ? -1 : 1
          const stop = { tradeId: `d${d}.out${p}`, side: leave, role: 'stop', quantity: lots, price: out[0]! } as const
          fills.push(fillOf(order, { ...stop, commissionMicros: 750_000 * lots }))
          expected += side * lots * (out[0]! - price) * stepValueMicros(MES) - 2 * 750_000 * lots
        }
      }
      // Duplicates first, then any order.
      const dealt = fills.flatMap((fill, i) => (dice[i]! % 3 === 0 ? [fill, fill] : [fill]))
      dealt.sort((a, b) => dice[fills.indexOf(a) % 60]! - dice[fills.indexOf(b) % 60]!)
      const trades: ClosedTrade[] = []
      let duplicates = 0
      for (const fill of dealt) {
        const booking = book.apply(fill)
        if (booking.kind === 'duplicate') duplicates += 1
        assert.notEqual(booking.kind, 'runaway')
        if (booking.closed !== undefined) trades.push(booking.closed)
      }
      assert.equal(duplicates, dealt.length - fills.length)
      assert.equal(book.view().position, 0)
      assert.equal(book.view().openPositions, 0)
      assert.equal(book.view().cashMicros, expected)
      assert.equal(book.view().equityMicros, expected)
      assert.equal(
        trades.reduce((sum, { netMicros }) => sum + netMicros, 100_000_000_000),
        expected,
      )
    }),
    { numRuns: 10_000, seed: 42 },
  )
})

test("the highest balance of the days' ends rises when the next day begins, and by what was realised only", () => {
  const book = ledger()
  const dayAfter = (days: number) => ({
    ...minuteBar(0, [20_000, 20_000, 20_000, 20_000]),
    time: START_MS + days * 86_400_000,
  })
  unwrap(book.register(entryOrder()))
  book.begin(dayAfter(0), 0)
  book.apply(fillOf(entryOrder()))
  book.mark(minuteBar(0, [20_000, 20_010, 20_000, 20_010]))
  book.begin(dayAfter(1), 0)
  // $25 are open, and the commission of the entry is paid: that day ended no higher than the start.
  assert.equal(book.view().endOfDayPeakMicros, book.view().startMicros)
  book.apply(exit(20_010), 'target')
  assert.equal(book.view().endOfDayPeakMicros, book.view().startMicros)
  book.begin(dayAfter(2), 0)
  // $25 less $3 of commissions.
  assert.equal(book.view().endOfDayPeakMicros, book.view().startMicros + 22_000_000)
})
