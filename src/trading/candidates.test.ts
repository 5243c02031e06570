import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { sp500Bars } from '../../test/sp500.ts'
import type { Bar } from '../market/bar.ts'
import { DAY_MS } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { featureSchemaHash } from '../market/feature-schema.ts'
import { SPX } from '../market/instrument.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import type { CandidateTable } from './candidate-table.ts'
import { LABEL_STATES } from './candidate-table.ts'
import type { CandidateBookOptions } from './candidates.ts'
import { candidateBook } from './candidates.ts'
import { recordedEvents } from './recorded-events.ts'
import { GENERAL_STRATEGIES } from './strategies/index.ts'
import { rowFeatures, signalId } from './table-rows.ts'

const bars = sp500Bars(1300)
const options: CandidateBookOptions = {
  instrument: SPX,
  calendar: openCalendar,
  barMs: DAY_MS,
  hasVolume: true,
  strategies: GENERAL_STRATEGIES,
}

function run(series: readonly Bar[], changes: Partial<CandidateBookOptions> = {}) {
  const book = candidateBook({ ...options, ...changes })
  const events = series.map(bar => book.update(bar))
  return { book, table: book.table, events }
}

const { table, events, book } = run(bars)
const stateOf = (of: CandidateTable, row: number) => LABEL_STATES[of.state[row]!]
const feature = (of: CandidateTable, row: number, name: (typeof FEATURE_NAMES)[number]) =>
  rowFeatures(of, row)[FEATURE_NAMES.indexOf(name)]!

/** LABEL-03 in cents, written anew from the bars. SPX: slippage 25 cents, $5 a point, $1.50 a round trip. */
function labelByHand(signal: number, side: number, atr: number) {
  const cents = (price: number) => Math.round(price * 100)
  const stopDistance = Math.floor(200 * atr + 1e-9)
  const targetDistance = Math.floor(400 * atr + 1e-9)
  const first = signal + 1
  if (first === bars.length) return undefined
  const entry = cents(bars[first]!.open) + side * 25
  const stop = entry - side * stopDistance
  const target = entry + side * targetDistance
  const dollars = (exit: number) => (side * (exit - entry) * 5) / 100 - 1.5
  const rOf = (exit: number) => dollars(exit) / ((stopDistance * 5) / 100 + 1.5)
  for (let i = first; i <= first + 100; i++) {
    const bar = bars[i]
    if (bar === undefined) return undefined
    const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(cents) as [
      number,
      number,
      number,
      number,
    ]
    const against = side === 1 ? low : high
    const toward = side === 1 ? high : low
    if (side * (against - stop) <= 0) {
      const reference = side * (open - stop) < 0 ? open : stop
      return { end: i, r: rOf(reference - side * 25), slip: 50 }
    }
    if (i > first && side * (open - target) > 0) return { end: i, r: rOf(open), slip: 25 }
    if (i > first && side * (toward - target) > 0) return { end: i, r: rOf(target), slip: 25 }
    if (i === first + 100) return { end: i, r: rOf(close - side * 25), slip: 50 }
  }
  return undefined
}

test('from bar 200 on each strategy has a row at each bar, in order of time and strategy', () => {
  assert.equal(table.length, (1300 - 199) * 4)
  for (let row = 0; row < table.length; row++) {
    assert.equal(table.bar[row], 199 + Math.floor(row / 4))
    assert.equal(table.strategy[row], row % 4)
    assert.equal(table.time[row], bars[table.bar[row]!]!.knownAt)
  }
})

test('every label equals one worked out anew from the bars', () => {
  let final = 0
  for (let row = 0; row < table.length; row++) {
    const expected = labelByHand(table.bar[row]!, table.direction[row]!, table.atr[row]!)
    if (expected === undefined) {
      assert.equal(stateOf(table, row), 'pending')
      continue
    }
    final++
    assert.equal(stateOf(table, row), 'final')
    assert.equal(table.labelEnd[row], bars[expected.end]!.knownAt)
    assert.ok(Math.abs(table.r[row]! - expected.r) < 1e-9, `row ${row}: ${table.r[row]} ${expected.r}`)
    assert.equal(table.slip[row], expected.slip)
    assert.equal(table.win[row], expected.r > 0 ? 1 : 0)
  }
  assert.ok(final > 4000)
})

test('columns 13 to 15 know only outcomes that were final before the bar', () => {
  for (let row = 0; row < table.length; row += 7) {
    const earlier: number[] = []
    for (let other = 0; other < row; other++) {
      if (table.strategy[other] === table.strategy[row] && table.labelEnd[other]! < table.time[row]!)
        earlier.push(other)
    }
    earlier.sort((a, b) => table.labelEnd[a]! - table.labelEnd[b]! || a - b)
    const outcomes = earlier.map(other => table.r[other]!)
    const last = outcomes.slice(-100)
    const wins = last.filter(r => r > 0).length
    assert.equal(feature(table, row, 'prior_win_rate'), Math.fround((wins + 5) / (last.length + 10)))
    const sum = last.reduce((a, b) => a + b, 0)
    assert.ok(Math.abs(feature(table, row, 'avg_r_multiple') - sum / (last.length + 10)) < 1e-6)
    let peak = 0
    let total = 0
    for (const r of outcomes) peak = Math.max(peak, (total += r))
    assert.ok(Math.abs(feature(table, row, 'drawdown_risk') - Math.min(1, (peak - total) / 10)) < 1e-6)
  }
})

test('the event names the strongest row, ties by strategy order', () => {
  for (const { firstRow, rowCount, strongest } of events.slice(199)) {
    const strengths = Array.from({ length: rowCount }, (_, i) => feature(table, firstRow + i, 'signal_strength'))
    assert.equal(strongest - firstRow, strengths.indexOf(Math.max(...strengths)))
  }
})

test('before 200 bars an event is not ready and has no rows', () => {
  assert.ok(events.slice(0, 199).every(({ ready, rowCount }) => !ready && rowCount === 0))
  assert.ok(events.slice(199).every(({ ready, rowCount }) => ready && rowCount === 4))
})

test('each row is resolved in exactly one event', () => {
  const resolved = events.flatMap(event => event.resolved)
  assert.equal(new Set(resolved).size, resolved.length)
  for (const event of events) for (const row of event.resolved) assert.equal(table.labelEnd[row], event.bar.knownAt)
})

test('the mask has all columns but those of quotes, depth and news', () => {
  const absent = FEATURE_NAMES.filter((_, i) => ((table.mask[0]! >>> i) & 1) === 0)
  assert.deepEqual(absent, ['bid_ask_imbalance', 'order_book_imbalance', 'news_impact'])
})

test('the same bars give the same table, byte for byte', () => {
  const again = run(bars).table
  for (const name of ['features', 'r', 'labelEnd', 'entry', 'regime', 'mask'] as const) {
    assert.deepEqual(again[name], table[name])
  }
})

test('recorded events equal those of the book', () => {
  assert.deepEqual([...recordedEvents(table, bars, 0, bars.length)], events)
  assert.deepEqual([...recordedEvents(table, bars, 300, 420)], events.slice(300, 420))
  assert.deepEqual([...recordedEvents(table, bars, 5, 5)], [])
})

test('at the end of the data what is open becomes void, and its R stays unknown', () => {
  const short = run(bars.slice(0, 260))
  const open = short.book.voidPending()
  assert.ok(open.length > 0)
  for (const row of open) {
    assert.equal(stateOf(short.table, row), 'void')
    assert.ok(Number.isNaN(short.table.r[row]!))
    assert.equal(short.table.labelEnd[row], bars[259]!.knownAt)
  }
  assert.deepEqual(short.book.voidPending(), [])
})

test('a label whose span meets an excluded day is void, the others stay as they are', () => {
  const day = new Date(bars[400]!.time).toISOString().slice(0, 10)
  const excluded = run(bars, { excludedDates: new Set([day]) }).table
  for (let row = 0; row < table.length; row++) {
    const spans = table.bar[row]! < 400 && !(table.labelEnd[row]! < bars[400]!.knownAt)
    if (spans) assert.equal(stateOf(excluded, row), 'void')
    else assert.equal(excluded.r[row], table.r[row])
  }
})

test('intraday rows carry the session of their bar', () => {
  const calendar: Calendar = {
    ...openCalendar,
    at: time => ({ ...openCalendar.at(time), rth: new Date(time).getUTCHours() >= 12 }),
  }
  const hours = bars.map((bar, i) => ({ ...bar, time: i * 3_600_000, knownAt: (i + 1) * 3_600_000 }))
  const hourly = run(hours, { calendar, barMs: 3_600_000 }).table
  for (let row = 0; row < hourly.length; row++) {
    assert.equal(hourly.session[row], hourly.bar[row]! % 24 >= 12 ? 0 : 1)
  }
})

test('a signal id is 16 hex digits, unique to the row and the schema', () => {
  const hash = featureSchemaHash(book.schema)
  const ids = Array.from({ length: 400 }, (_, row) => signalId(table, row, hash))
  assert.equal(new Set(ids).size, 400)
  assert.match(ids[0]!, /^[0-9a-f]{16}$/)
  assert.notEqual(signalId(table, 0, 'another schema'), ids[0])
})

test('without volume two bits are clear and Breakout never fires', () => {
  const series = bars.map(bar => ({ ...bar, volume: 0 }))
  const quiet = run(series, { hasVolume: false }).table
  const mask = quiet.mask[0]!
  assert.equal((mask >>> FEATURE_NAMES.indexOf('volume')) & 1, 0)
  assert.equal((mask >>> FEATURE_NAMES.indexOf('liquidity_risk')) & 1, 0)
  for (let row = 0; row < quiet.length; row++) {
    if (quiet.strategies[quiet.strategy[row]!] === 'Breakout') assert.equal(quiet.fired[row], 0)
  }
})

test('a table of news is the source of its column where it covers an intraday bar; daily bars and no table have none', () => {
  const HOUR = 3_600_000
  const hourly = bars.slice(0, 600).map((bar, i) => ({ ...bar, time: i * HOUR, knownAt: (i + 1) * HOUR }))
  const news = {
    events: [
      { time: 300 * HOUR, importance: 0.5, event: 'first' },
      { time: 500 * HOUR, importance: 1, event: 'last' },
    ],
  } as const
  const intraday = { barMs: HOUR, news }
  const column = FEATURE_NAMES.indexOf('news_impact')
  const { table: rows } = run(hourly, intraday)
  const seen = Array.from({ length: rows.length }, (_, row) => ({
    hour: rows.time[row]! / HOUR,
    impact: feature(rows, row, 'news_impact'),
    sourced: ((rows.mask[row]! >> column) & 1) === 1,
  }))
  for (const { hour, impact, sourced } of seen) {
    assert.equal(sourced, hour >= 300 && hour <= 500, String(hour))
    const expected = Math.max(0.5 * Math.exp(-2 * Math.abs(hour - 300)), Math.exp(-2 * Math.abs(hour - 500)))
    assert.equal(impact, sourced ? Math.fround(expected) : 0, String(hour))
  }
  assert.ok(seen.some(({ sourced }) => sourced) && seen.some(({ sourced }) => !sourced))
  const { news: _, ...without } = intraday
  const { table: bare } = run(hourly, without)
  assert.ok(Array.from(bare.mask.subarray(0, bare.length)).every(mask => ((mask >> column) & 1) === 0))
  assert.deepEqual(run(bars.slice(0, 400), { news }).table, run(bars.slice(0, 400)).table)
})
