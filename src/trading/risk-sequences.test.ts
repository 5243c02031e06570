// RSK-17: whatever comes in whatever order - entries, parts of fills, exits, prices, new days, halts, restarts - no approved entry stands
// beyond a limit. The model beside the risk engine keeps its own simple books in dollars.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { unwrap } from '../base/fault.ts'
import type { Fill, Order, Side } from '../market/trade.ts'
import { planEntry } from './entry-plan.ts'
import { entryOrder, fillOf, MES, MINUTE_MS, minuteBar, openCalendar, START_MS } from './fixtures/market.ts'
import { account, type Limits } from './limits.ts'
import { portfolio } from './portfolio.ts'
import { exitOrder } from './protection.ts'
import { riskState } from './risk-state.ts'
import { NO_CUTS } from './size-cuts.ts'

const DAY_MS = 86_400_000
const SEQUENCES = process.env['RATCHET_LONG'] === undefined ? 5000 : 100_000

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('enter' as const), long: fc.boolean(), sure: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('fill' as const), lots: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('leave' as const), lots: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('price' as const), move: fc.integer({ min: -90, max: 90 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('day' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('kill' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('resume' as const) }) },
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

type Open = { readonly order: Order; entered: number; left: number }

/** The risk engine and its ledger; a restart makes both anew, the ledger from its past and the state from its saved text. */
function world(limits: Limits) {
  const market = { instrument: MES, calendar: openCalendar(), barMs: MINUTE_MS }
  let ledger = portfolio(market)
  let state = riskState(limits)
  const past: (() => void)[] = []
  const does = (act: () => void): void => {
    past.push(act)
    act()
  }
  return {
    view: () => ledger.view(),
    state: () => state.save(),
    begin: (day: number) =>
      does(() => ledger.begin({ ...minuteBar(0, [1, 1, 1, 1]), time: START_MS + day * DAY_MS }, 0)),
    mark: (price: number) => does(() => ledger.mark(minuteBar(0, [price, price, price, price]))),
    register: (order: Order) => does(() => unwrap(ledger.register(order))),
    book: (fill: Fill) => does(() => void ledger.apply(fill, 'flatten')),
    rebase: () => does(() => ledger.rebasePeak()),
    judge: () => state.update(ledger.view()),
    halt: () => state.halt('KILLED', ledger.view()),
    resume: () => state.resume(),
    restart() {
      const saved = JSON.stringify(state.save())
      const before = JSON.stringify(ledger.view())
      ledger = portfolio(market)
      for (const act of past) act()
      state = riskState(limits)
      state.load(JSON.parse(saved))
      assert.equal(JSON.stringify(ledger.view()), before)
      assert.equal(JSON.stringify(state.save()), saved)
    },
  }
}

function play(commands: readonly Command[], limits: Limits): number {
  const { view, state, begin, mark, register, book, judge, ...act } = world(limits)
  let price = 20_000
  let day = 0
  let count = 0
  let approved = 0
  /** Since a halt that only an operator ends. */
  let stopped = false
  const model = { cash: 100_000, dayStart: 100_000, peak: 100_000, entriesToday: 0 }
  let open: Open[] = []
  const equity = (): number =>
    model.cash +
    open.reduce((sum, { order, entered, left }) => {
      const entry = Number(order.price)
      return sum + (entered - left) * order.side * (price - entry) * 1.25
    }, 0)
  const held = (): number => open.reduce((sum, { order, entered, left }) => sum + order.side * (entered - left), 0)

  begin(day)
  mark(price)
  for (const now of commands) {
    if (now.type === 'price') {
      price += now.move
      mark(price)
      model.peak = Math.max(model.peak, equity())
    } else if (now.type === 'day') {
      day++
      begin(day)
      model.dayStart = equity()
      model.entriesToday = 0
    } else if (now.type === 'restart') act.restart()
    else if (now.type === 'kill') {
      act.halt()
      stopped = true
    } else if (now.type === 'resume') {
      act.resume()
      act.rebase()
      model.peak = equity()
      stopped = false
    } else if (now.type === 'fill') {
      const part = open.find(({ order, entered }) => entered < order.quantity)
      if (part !== undefined) {
        const lots = Math.min(now.lots, part.order.quantity - part.entered)
        const side: Side = part.order.side
        book(
          fillOf(part.order, {
            tradeId: `t${++count}`,
            side,
            quantity: lots,
            price: Number(part.order.price),
            commissionMicros: 750_000 * lots,
          }),
        )
        if (part.entered === 0) model.entriesToday++
        part.entered += lots
        model.cash -= 0.75 * lots
      }
    } else if (now.type === 'leave') {
      const part = open.find(({ entered, left, order }) => entered === order.quantity && left < entered)
      if (part !== undefined) {
        const lots = Math.min(now.lots, part.entered - part.left)
        const { order } = part
        const side: Side = order.side === 1 ? -1 : 1
        const exit = exitOrder('paper', order, 'flatten', 'exit')
        book(
          fillOf(exit, {
            tradeId: `t${++count}`,
            side,
            role: 'exit',
            quantity: lots,
            price,
            commissionMicros: 750_000 * lots,
          }),
        )
        part.left += lots
        model.cash += lots * order.side * (price - Number(order.price)) * 1.25 - 0.75 * lots
        if (part.left === part.entered) open = open.filter(other => other !== part)
      }
    } else {
      const side: Side = now.long ? 1 : -1
      const decisionId = `d${++count}`
      const wish = {
        orderId: `o${count}`,
        decisionId,
        releaseId: 'r',
        strategy: 'A',
        side,
        confidence: now.sure ? 0.9 : 0.75,
        multiplier: 2,
      }
      const entryOut = open.some(({ order, entered }) => entered < order.quantity)
      const { order } = planEntry(wish, {
        instrument: MES,
        limits,
        view: view(),
        state: state(),
        moment: {
          now: 0,
          barTime: 0,
          barMs: MINUTE_MS,
          live: openCalendar().at(START_MS),
          session: 0,
          news: undefined,
        },
        market: { price, lastMove: 1, atr: 20, spread: 1 },
        orders: { lastMinute: 0, lastHour: 0, entryOut },
        exposures: [],
        brokerPosition: held(),
        cuts: NO_CUTS,
      })
      if (order !== undefined) {
        approved++
        const loss = model.dayStart - equity()
        const fall = model.peak - equity()
        assert.ok(!stopped && !entryOut)
        assert.ok(loss < 0.9 * Math.min(1000, 0.02 * model.dayStart) + 1e-6, `day ${loss}`)
        assert.ok(fall < 0.75 * Math.min(2000, 0.05 * model.peak) + 1e-6, `drawdown ${fall}`)
        assert.ok(
          fall < 1000 - 1e-6 || (order.quantity === 1 && now.sure),
          'from half of the drawdown on one lot, and sure',
        )
        assert.ok(Math.abs(held()) + order.quantity <= 5)
        assert.ok(open.length < limits.maxOpenPositions && model.entriesToday < limits.maxTradesPerDay)
        const planned = order.quantity * (order.bracket!.stop * 1.25 + 1.5)
        assert.ok(planned <= 0.01 * equity() + 1e-6)
        const placed = { ...entryOrder(), ...order, price }
        register(placed)
        open.push({ order: placed, entered: 0, left: 0 })
      }
    }
    mark(price)
    judge()
    if (state().state === 'HALTED' && state().cause === 'DRAWDOWN') stopped = true
    assert.equal(view().position, held())
    assert.ok(Math.abs(view().equityMicros / 1e6 - equity()) < 1e-6)
  }
  return approved
}

test(`no limit is exceeded in ${SEQUENCES} sequences of entries, partial fills, exits, moves, days, halts and restarts`, () => {
  let approved = 0
  fc.assert(
    fc.property(fc.array(command, { minLength: 20, maxLength: 60 }), commands => {
      approved += play(commands, account({ maxOpenPositions: 3, maxTradesPerDay: 4, maxConsecutiveLosses: 1000 }))
    }),
    { numRuns: SEQUENCES, seed: 17 },
  )
  // A law about approved entries is worth nothing where none is approved.
  assert.ok(approved > SEQUENCES, `${approved} entries were approved`)
})
