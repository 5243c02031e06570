import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cashInstrument } from '../market/instrument.ts'
import { MES, MINUTE_MS, minuteBar, openCalendar, START_MS } from './fixtures/market.ts'
import { account } from './limits.ts'
import { portfolio } from './portfolio.ts'
import { checkEntry } from './risk.ts'
import { riskState } from './risk-state.ts'
import type { RiskQuestion } from './rules/rule.ts'

const view = { ...portfolio({ instrument: MES, calendar: openCalendar(), barMs: MINUTE_MS }).view() }
const live = openCalendar().at(START_MS)
const bar = minuteBar(0, [20_000, 20_000, 20_000, 20_000])

const question: RiskQuestion = {
  intent: { orderId: 'o', symbol: 'MES', quantity: 2, stop: 40, target: 80, confidence: 0.9 },
  view,
  state: riskState(account()).save(),
  shares: { daily: 0, weekly: 0, drawdown: 0 },
  limits: account(),
  instrument: MES,
  moment: { now: bar.knownAt, barTime: bar.knownAt, barMs: MINUTE_MS, live, session: 0 },
  market: { price: 20_000, lastMove: 4, atr: 20, spread: 1 },
  orders: { lastMinute: 0, lastHour: 0, entryOut: false },
  exposures: [],
  brokerPosition: 0,
}

type Asked = Omit<RiskQuestion, 'exposures'>
type Change = {
  [K in keyof Asked]?: RiskQuestion[K] extends object ? Partial<RiskQuestion[K]> : RiskQuestion[K]
}
function ask(change: Change): string {
  const asked = { ...question } as Record<string, unknown>
  for (const [key, value] of Object.entries(change)) {
    const before = asked[key]
    asked[key] = typeof value === 'object' && typeof before === 'object' ? { ...before, ...value } : value
  }
  return checkEntry(asked as RiskQuestion).code ?? 'approved'
}

test('an ordinary entry is approved, with the margin of every check', () => {
  const { approved, checks } = checkEntry(question)
  assert.equal(approved, true)
  assert.equal(checks.find(({ code }) => code === 'RISK_PER_TRADE')?.margin, 1_000_000_000 - 103_000_000)
})

test('a refusal names its first rule and still lists the rest', () => {
  const verdict = checkEntry({ ...question, state: { ...question.state, state: 'HALTED' }, brokerPosition: undefined })
  assert.equal(verdict.code, 'NOT_ACTIVE')
  assert.deepEqual(
    verdict.checks.filter(({ passed }) => !passed).map(({ code }) => code),
    ['NOT_ACTIVE', 'UNKNOWN_POSITION'],
  )
})

/** Rule, what admits at its boundary, what refuses just beyond it, and the code. */
const boundaries: readonly (readonly [string, Change, Change, string])[] = [
  ['RSK-01 state', { state: { state: 'ACTIVE' } }, { state: { state: 'REDUCING' } }, 'NOT_ACTIVE'],
  ['RSK-02 symbol', { intent: { symbol: 'ES' } }, { intent: { symbol: 'MESX' } }, 'SYMBOL'],
  ['RSK-02 open', {}, { moment: { live: { ...live, open: false, minutesToClose: 0 } } }, 'CLOSED'],
  [
    'RSK-02 last ten minutes',
    { moment: { live: { ...live, minutesToClose: 10 } } },
    { moment: { live: { ...live, minutesToClose: 9 } } },
    'CLOSED',
  ],
  [
    'RSK-02 before news',
    { moment: { news: { minutesTo: 2.1, minutesSince: Infinity } } },
    { moment: { news: { minutesTo: 2, minutesSince: Infinity } } },
    'NEWS',
  ],
  [
    'RSK-02 after news',
    { moment: { news: { minutesTo: Infinity, minutesSince: 3.1 } } },
    { moment: { news: { minutesTo: Infinity, minutesSince: 3 } } },
    'NEWS',
  ],
  ['RSK-03 daily', { shares: { daily: 0.8999 } }, { shares: { daily: 0.9 } }, 'DAILY_LOSS'],
  ['RSK-03 weekly', { shares: { weekly: 0.8999 } }, { shares: { weekly: 0.9 } }, 'WEEKLY_LOSS'],
  [
    'RSK-04 no entry',
    { shares: { drawdown: 0.74 }, intent: { quantity: 1 } },
    { shares: { drawdown: 0.75 }, intent: { quantity: 1 } },
    'DRAWDOWN',
  ],
  [
    'RSK-04 one lot',
    { shares: { drawdown: 0.5 }, intent: { quantity: 1 } },
    { shares: { drawdown: 0.5 }, intent: { quantity: 2 } },
    'DRAWDOWN',
  ],
  [
    'RSK-04 confidence',
    { shares: { drawdown: 0.5 }, intent: { quantity: 1, confidence: 0.85 } },
    { shares: { drawdown: 0.5 }, intent: { quantity: 1, confidence: 0.849 } },
    'DRAWDOWN',
  ],
  ['RSK-05 stop', { intent: { stop: 1, target: 2 } }, { intent: { stop: 0, target: 2 } }, 'NO_STOP'],
  // 2 lots x (399 x $1.25 + $1.50) = $1,000.50 > $1,000; 398 ticks are $998.
  ['RSK-05 risk', { intent: { stop: 398, target: 1_000 } }, { intent: { stop: 399, target: 1_000 } }, 'RISK_PER_TRADE'],
  ['RSK-05 reward', { intent: { target: 80 } }, { intent: { target: 79 } }, 'RISK_REWARD'],
  ['RSK-05 confidence', { intent: { confidence: 0.7 } }, { intent: { confidence: 0.699 } }, 'CONFIDENCE'],
  ['RSK-06 lots', { intent: { quantity: 5 } }, { intent: { quantity: 6 } }, 'MAX_POSITION'],
  [
    'RSK-06 mini equivalents',
    { limits: { maxMiniEquivalent: 0.2 } },
    { limits: { maxMiniEquivalent: 0.2 }, intent: { quantity: 3 } },
    'MAX_POSITION',
  ],
  ['RSK-06 one position', { view: { openPositions: 0 } }, { view: { openPositions: 1 } }, 'MAX_POSITION'],
  ['RSK-06 entries a day', { view: { entriesToday: 49 } }, { view: { entriesToday: 50 } }, 'MAX_TRADES'],
  [
    'RSK-06 entries a session',
    { view: { entriesThisSession: 19 } },
    { view: { entriesThisSession: 20 } },
    'MAX_TRADES',
  ],
  [
    'RSK-07 streak',
    { view: { lossesInARow: 2, lastLossAt: bar.knownAt } },
    { view: { lossesInARow: 3, lastLossAt: bar.knownAt } },
    'COOLDOWN',
  ],
  [
    'RSK-07 thirty minutes',
    { view: { lossesInARow: 3, lastLossAt: bar.knownAt - 30 * MINUTE_MS } },
    { view: { lossesInARow: 3, lastLossAt: bar.knownAt - 29 * MINUTE_MS } },
    'COOLDOWN',
  ],
  // Two lots of MES with a stop of 40 steps plan to lose $103.
  [
    'RSK-08 planned loss of the own position',
    { view: { plannedLossMicros: 897e6 } },
    { view: { plannedLossMicros: 897e6 + 1 } },
    'CORRELATION',
  ],
  [
    'RSK-09 age',
    { moment: { now: bar.knownAt + 2 * MINUTE_MS } },
    { moment: { now: bar.knownAt + 2 * MINUTE_MS + 1 } },
    'STALE_QUOTE',
  ],
  ['RSK-09 collar', { market: { lastMove: 200 } }, { market: { lastMove: 201 } }, 'COLLAR'],
  ['RSK-09 spread in RTH', { market: { spread: 2 } }, { market: { spread: 2.1 } }, 'SPREAD'],
  [
    'RSK-09 spread in ETH',
    { moment: { session: 1 }, market: { spread: 3 } },
    { moment: { session: 1 }, market: { spread: 3.1 } },
    'SPREAD',
  ],
  ['RSK-10 a minute', { orders: { lastMinute: 9 } }, { orders: { lastMinute: 10 } }, 'ORDER_RATE'],
  ['RSK-10 an hour', { orders: { lastHour: 99 } }, { orders: { lastHour: 100 } }, 'ORDER_RATE'],
  ['RSK-10 duplicate', { orders: { entryOut: false } }, { orders: { entryOut: true } }, 'DUPLICATE'],
  ['RSK-12 position', { brokerPosition: 0 }, { brokerPosition: 1 }, 'UNKNOWN_POSITION'],
]

describe('each rule admits at its boundary and refuses just beyond it', () => {
  for (const [name, admits, refuses, code] of boundaries) {
    test(name, () => {
      assert.equal(ask(admits), 'approved')
      assert.equal(ask(refuses), code)
    })
  }
})

test('daily bars have no minutes to a close and no cooldown: the next open is the next session', () => {
  const daily = { ...question.moment, live: undefined, barMs: 86_400_000 }
  assert.equal(checkEntry({ ...question, moment: daily }).approved, true)
  const streak = { ...view, lossesInARow: 3, lastLossAt: bar.knownAt }
  assert.equal(checkEntry({ ...question, moment: daily, view: streak }).approved, true)
})

test('cash without a lot cap: the notional may be all the equity and no more', () => {
  const instrument = cashInstrument('XYZ', 'nyse')
  const limits = account({ allowedSymbols: ['XYZ'] })
  const shares = (quantity: number) =>
    checkEntry({
      ...question,
      instrument,
      limits,
      intent: { ...question.intent, symbol: 'XYZ', quantity, stop: 100_000, target: 200_000 },
      market: { ...question.market, price: 100_000_000 },
    }).code
  assert.equal(shares(1_000), undefined)
  assert.equal(shares(1_001), 'MAX_POSITION')
})

test('a position that the broker cannot tell is refused', () => {
  assert.equal(checkEntry({ ...question, brokerPosition: undefined }).code, 'UNKNOWN_POSITION')
})

/** An account of $1,000 for all that moves together, with something open in another instrument. */
const beside = (symbol: string, family: string, plannedLossMicros: number, values: readonly number[]) => {
  const sessionReturns = (each: readonly number[]) =>
    new Map(each.map((value, day) => [new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10), value]))
  const own = Array.from({ length: 20 }, (_, day) => Math.sin(day))
  return checkEntry({
    ...question,
    exposures: [
      { symbol: 'MES', family: 'ES', plannedLossMicros: 0, sessionReturns: sessionReturns(own) },
      { symbol, family, plannedLossMicros, sessionReturns: sessionReturns(values) },
    ],
  }).code
}

test('a pair that moves together shares one planned loss: ES beside MES, and whatever correlates', () => {
  const alike = Array.from({ length: 20 }, (_, day) => Math.sin(day))
  const unlike = Array.from({ length: 20 }, (_, day) => Math.sin(day * 2.5 + 1))
  assert.equal(beside('ES', 'ES', 898e6, unlike), 'CORRELATION')
  assert.equal(beside('ES', 'ES', 897e6, unlike), undefined)
  assert.equal(beside('YM', 'YM', 898e6, alike), 'CORRELATION')
  assert.equal(beside('GC', 'GC', 898e6, unlike), undefined)
})

test('an account without dollar limits has none on correlated positions, and no check of it in its records', () => {
  const limits = account({ maxCorrelatedLossDollars: undefined })
  const { approved, checks } = checkEntry({ ...question, limits, view: { ...view, plannedLossMicros: 1e12 } })
  assert.equal(approved, true)
  assert.ok(checks.every(({ rule }) => rule !== 'RSK-08'))
})
