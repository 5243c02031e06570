import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '../base/canonical-json.ts'
import { type ReplayClock, replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import type { ClosedTrade, Fill, Order } from '../market/trade.ts'
import { baselineModels } from './baseline.ts'
import type { CandidateTable } from './candidate-table.ts'
import type { DecisionRecord } from './decision.ts'
import { tradingEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import { addStance, leaseOf, MES, MINUTE_MS, minuteBar, openCalendar, type RowSpec } from './fixtures/market.ts'
import { type Pulled, TRADING_SCOPES } from './kill-scopes.ts'
import { account } from './limits.ts'
import type { ModelsInCharge } from './models-in-charge.ts'
import { paperBroker } from './paper-broker.ts'
import { portfolio } from './portfolio.ts'
import { eventOfRows, quietEvent } from './recorded-events.ts'
import { candidateTable } from './table-rows.ts'

const flat = [20_000, 20_002, 19_998, 20_000]

function world(overrides: Partial<EngineOptions> = {}) {
  const calendar = overrides.calendar ?? openCalendar()
  const market = { instrument: MES, calendar, barMs: MINUTE_MS }
  const clock = (overrides.clock as ReplayClock | undefined) ?? replayClock(0)
  const ledger = portfolio(market)
  const broker = paperBroker({ ...market, hasVolume: true })
  const table: CandidateTable = candidateTable('MES', ['A', 'B'])
  const decisions: DecisionRecord[] = []
  const fills: Fill[] = []
  const trades: ClosedTrade[] = []
  const orders: Order[] = []
  const engine = tradingEngine({
    ...market,
    models: baselineModels(['A', 'B']),
    broker,
    portfolio: ledger,
    limits: account(),
    clock,
    rng: seededRng(1),
    onDecision: decision => decisions.push(decision),
    onFill: fill => fills.push(fill),
    onTrade: trade => trades.push(trade),
    onOrder: order => orders.push(order),
    ...overrides,
  })
  let index = 0
  /** Next minute; without specs it is warm-up. */
  const step = (prices: readonly number[], specs: readonly RowSpec[] = [{ strategy: 0, fired: false }], lateMs = 0) => {
    const bar: Bar = minuteBar(index, prices)
    const firstRow = table.length
    for (const spec of specs) addStance(table, index, bar, spec, 10)
    clock.advanceTo(bar.knownAt + lateMs)
    const event = specs.length === 0 ? quietEvent(index, bar, []) : eventOfRows(table, bar, firstRow, specs.length, [])
    engine.onEvent(event, table)
    index += 1
    return decisions.at(-1)
  }
  return { engine, step, decisions, fills, trades, orders, ledger, broker, table }
}
const fired: readonly RowSpec[] = [{ strategy: 0 }]
const first = (decision: DecisionRecord | undefined) => [decision?.outcome, decision?.reasons[0]?.code]

test('warm-up makes no decision; after it every closed bar makes exactly one, numbered in order', () => {
  const { step, decisions } = world()
  step(flat, [])
  step(flat, [])
  assert.equal(decisions.length, 0)
  for (let i = 0; i < 20; i++) step(flat, i % 4 === 0 ? fired : undefined)
  assert.deepEqual(
    decisions.map(({ seq, bar }) => [seq, bar]),
    Array.from({ length: 20 }, (_, i) => [i, i + 2]),
  )
})

test('an entry decided at a close fills at the next open, is held, and its stop makes the trade', () => {
  const { step, fills, trades, orders } = world()
  const entry = step(flat, fired)
  assert.deepEqual(first(entry), ['enter', undefined])
  // Stop 2 ATR = 20 points = 80 steps: $1,000 / (80 x $1.25 + $1.50) = 9.8 lots, five allowed.
  assert.deepEqual([entry?.sizing?.uncapped, entry?.sizing?.lots], [9, 5])
  assert.equal(entry?.orderId, orders[0]?.id)
  assert.equal(fills.length, 0)
  assert.deepEqual(first(step(flat)), ['hold', 'POSITION_OPEN'])
  assert.equal(fills.length, 1)
  step([19_990, 19_995, 19_900, 19_905])
  const [trade] = trades
  assert.equal(trade?.exitReason, 'stop')
  assert.equal(trade?.decisionId, entry?.decisionId)
  // Slippage beyond the planned stop: a little worse than -1 R.
  assert.ok(trade.r < -1 && trade.r > -1.2)
})

test('noTrade says why: nothing fired, LATE, SIZE_ZERO, blocked from outside', () => {
  assert.deepEqual(first(world().step(flat)), ['noTrade', 'NO_CANDIDATE'])
  assert.deepEqual(first(world().step(flat, fired, 2_001)), ['noTrade', 'LATE'])
  const poor = world({ limits: account({ maxRiskPerTrade: 0.05 }) })
  assert.deepEqual(first(poor.step(flat, fired)), ['noTrade', 'SIZE_ZERO'])
  const stale = world({ entriesBlocked: () => ({ code: 'MODEL_STALE', value: 80, limit: 72 }) })
  assert.deepEqual(first(stale.step(flat, fired)), ['noTrade', 'MODEL_STALE'])
})

test('fault 165: a decision that a stall made late is marked LATE, and its order is never sent', () => {
  const clock = replayClock(0)
  const models: ModelsInCharge = {
    lease: () => ({
      ...baselineModels(['A', 'B']).lease(),
      probabilities() {
        // The thread stands still while a model is asked.
        clock.advanceTo(clock.now() + 2_001)
        return Float32Array.of(0.5, 0.5, 0)
      },
    }),
  }
  const { step, orders, broker } = world({ models, clock })
  assert.deepEqual(first(step(flat, fired)), ['noTrade', 'LATE'])
  assert.deepEqual([orders.length, broker.status().working.length], [0, 0])
})

test('refused says which rule: the market is closed when the order would go live', () => {
  const { step, orders } = world({ calendar: openCalendar({ open: false, minutesToClose: 0 }) })
  const decision = step(flat, fired)
  assert.deepEqual(first(decision), ['refused', 'CLOSED'])
  assert.ok(decision!.checks.length > 15)
  assert.equal(orders.length, 0)
})

test('the kill switch refuses entries, flattens at the next open and holds until it is resumed', () => {
  let pulled: Pulled | undefined
  const { step, trades, engine } = world({ killed: () => pulled })
  step(flat, fired)
  step(flat)
  pulled = { reason: 'kill.txt', scopes: TRADING_SCOPES }
  assert.deepEqual(first(step(flat)), ['exit', 'KILLED'])
  step(flat)
  assert.equal(trades[0]?.exitReason, 'flatten')
  pulled = undefined
  assert.deepEqual(first(step(flat, fired)), ['refused', 'NOT_ACTIVE'])
  engine.resume()
  assert.deepEqual(first(step(flat, fired)), ['enter', undefined])
})

test('a switch that is pulled for entries alone lets what is open run to its stop, and for models alone trading go on', () => {
  let pulled: Pulled | undefined
  const { step, trades } = world({ killed: () => pulled })
  step(flat, fired)
  step(flat)
  pulled = { reason: 'test', scopes: ['entries'] }
  for (let i = 0; i < 3; i++) assert.deepEqual(first(step(flat)), ['hold', 'POSITION_OPEN'])
  step([19_990, 19_995, 19_900, 19_905])
  assert.equal(trades[0]?.exitReason, 'stop')
  assert.deepEqual(first(step(flat, fired)), ['refused', 'NOT_ACTIVE'])
  pulled = { reason: 'test', scopes: ['models', 'publish'] }
  const other = world({ killed: () => pulled })
  assert.deepEqual(first(other.step(flat, fired)), ['enter', undefined])
})

test('the tenth order within a minute that the rate holds back is a runaway: nothing is entered until it is resumed', () => {
  const clock = { ...replayClock(0), now: () => 0 }
  const limits = account({ ordersPerMinute: 1, maxOpenPositions: 20, maxRiskPerTrade: 0.11 })
  const { step, engine, orders } = world({ clock, limits })
  step(flat, fired)
  for (let i = 1; i < 10; i++) assert.deepEqual(first(step(flat, fired)), ['refused', 'ORDER_RATE'])
  assert.equal(engine.riskState().state, 'ACTIVE')
  step(flat, fired)
  assert.deepEqual([engine.riskState().state, engine.riskState().cause], ['HALTED', 'RUNAWAY'])
  assert.deepEqual(first(step(flat, fired)), ['exit', 'RUNAWAY'])
  for (let i = 0; i < 100; i++) assert.notEqual(step(flat, fired)?.outcome, 'enter')
  assert.equal(orders.filter(({ role }) => role === 'entry').length, 1)
})

test('an order at the broker that nobody here meant is taken back at the next bar, and everything leaves', () => {
  const { step, engine, broker, ledger } = world()
  step(flat, fired)
  step(flat)
  const [stop] = broker.status().working
  // A second program on the same account: an entry of its own.
  const bracket = { stop: 40, target: 80, maxBars: 10 }
  const foreign = {
    ...stop!,
    id: 'x',
    decisionId: 'y',
    side: 1,
    role: 'entry',
    type: 'limit',
    price: 1,
    bracket,
  } as const
  assert.ok(broker.place(foreign).ok)
  assert.deepEqual(first(step(flat)), ['exit', 'RUNAWAY'])
  assert.ok(!broker.status().working.some(({ id }) => id === 'x'))
  step(flat)
  assert.deepEqual([ledger.view().position, engine.riskState().state], [0, 'HALTED'])
})

test('a drawdown of the whole limit flattens and halts', () => {
  const { step, trades, engine, ledger } = world({
    limits: account({ maxDrawdownDollars: 100, maxDailyLossDollars: 90_000, maxDailyLoss: 0.9 }),
  })
  step(flat, fired)
  step(flat)
  // Five lots, 60 steps down: $375 and no stop yet at 80.
  assert.deepEqual(first(step([20_000, 20_000, 19_935, 19_940])), ['exit', 'DRAWDOWN'])
  step([19_940, 19_941, 19_939, 19_940])
  assert.equal(trades[0]?.exitReason, 'flatten')
  assert.equal(engine.riskState().state, 'HALTED')
  engine.resume()
  assert.equal(ledger.view().peakMicros, ledger.view().equityMicros)
})

test('a decision keeps one lease, and gives it back also when a model fails', () => {
  let out = 0
  const { step } = world({
    models: {
      lease: () => {
        out += 1
        return leaseOf({
          probabilities: () => {
            throw new Error('broken')
          },
          release: () => {
            out -= 1
          },
        })
      },
    },
  })
  assert.throws(() => step(flat, fired), /broken/)
  assert.equal(out, 0)
})

test('a swap takes effect with the next decision, and the trade keeps the release it was opened by', () => {
  let current = 'r-1'
  const { step, trades } = world({ models: { lease: () => leaseOf({ releaseId: current }) } })
  assert.equal(step(flat, fired)?.releaseId, 'r-1')
  current = 'r-2'
  assert.equal(step(flat)?.releaseId, 'r-2')
  step([20_000, 20_001, 19_900, 19_905])
  assert.equal(trades[0]?.releaseId, 'r-1')
})

test('closing at the end leaves at the last close', () => {
  const { step, trades, engine, ledger } = world()
  step(flat, fired)
  step(flat)
  engine.close('end')
  assert.deepEqual([trades[0]?.exitReason, trades[0]?.exit, ledger.view().position], ['end', 19_999, 0])
})

test('a record is plain data, and the same seed makes the same records', () => {
  const play = () => {
    const { step, decisions } = world()
    for (let i = 0; i < 30; i++) step([20_000 + i, 20_004 + i, 19_996 + i, 20_001 + i], i % 5 === 0 ? fired : undefined)
    return canonicalJson(decisions)
  }
  assert.equal(play(), play())
})
