import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import type { ClosedTrade, Fill, Order } from '../market/trade.ts'
import type { DecisionRecord } from './decision.ts'
import { tradingEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import { addStance, leaseOf, MES, MINUTE_MS, minuteBar, openCalendar, type RowSpec } from './fixtures/market.ts'
import { account } from './limits.ts'
import type { ModelLease } from './models-in-charge.ts'
import { paperBroker } from './paper-broker.ts'
import { portfolio } from './portfolio.ts'
import { eventOfRows } from './recorded-events.ts'
import { candidateTable } from './table-rows.ts'

const flat = [20_000, 20_002, 19_998, 20_000]
const fired: readonly RowSpec[] = [{ strategy: 0 }]
const quiet: readonly RowSpec[] = [{ strategy: 0, fired: false }]

/** Sets by number; positions are pinned as a slot pins them. */
function bot(positions: EngineOptions['positions'], sets: readonly Partial<ModelLease>[]) {
  const calendar = openCalendar()
  const market = { instrument: MES, calendar, barMs: MINUTE_MS }
  const clock = replayClock(0)
  const ledger = portfolio(market)
  const broker = paperBroker({ ...market, hasVolume: true })
  const table = candidateTable('MES', ['A', 'B'])
  const pins = new Map<string, number>()
  const decisions: DecisionRecord[] = []
  const fills: Fill[] = []
  const trades: ClosedTrade[] = []
  const orders: Order[] = []
  const slot = { current: 0 }
  const lease = (position?: string): ModelLease => {
    const setSeq = (position === undefined ? undefined : pins.get(position)) ?? slot.current
    const pin = (held: string) => void pins.set(held, setSeq)
    return leaseOf({ releaseId: `r-${setSeq}`, setSeq, pin, ...sets[setSeq] })
  }
  const engine = tradingEngine({
    ...market,
    models: { lease, unpin: position => void pins.delete(position) },
    broker,
    portfolio: ledger,
    limits: account({ modelConfidenceThreshold: 0 }),
    clock,
    rng: seededRng(1),
    ...(positions && { positions }),
    onDecision: decision => decisions.push(decision),
    onFill: fill => fills.push(fill),
    onTrade: trade => trades.push(trade),
    onOrder: order => orders.push(order),
  })
  let index = 0
  const step = (prices: readonly number[], specs = quiet, atr = 10) => {
    const bar = minuteBar(index, prices)
    const firstRow = table.length
    for (const spec of specs) addStance(table, index, bar, spec, atr)
    clock.advanceTo(bar.knownAt)
    engine.onEvent(eventOfRows(table, bar, firstRow, specs.length, []), table)
    index += 1
    return decisions.at(-1)!
  }
  const stop = () => broker.status().working.find(({ role }) => role === 'stop')
  return { step, slot, pins, decisions, fills, trades, orders, ledger, stop }
}

const codes = ({ outcome, reasons }: DecisionRecord) => [outcome, ...reasons.map(({ code }) => code)]

test('fault 157: pinned to its entry, a trade is decided for by its own release from feature to exit, whatever is swapped', () => {
  const it = bot(undefined, [])
  const entry = it.step(flat, fired)
  assert.equal(entry.releaseId, 'r-0')
  it.step(flat)
  it.slot.current = 1
  for (const _ of [1, 2]) assert.deepEqual([it.step(flat).releaseId, it.decisions.at(-1)?.outcome], ['r-0', 'hold'])
  it.step([20_000, 20_001, 19_900, 19_905])
  assert.deepEqual([it.trades[0]?.releaseId, it.trades[0]?.exitReason], ['r-0', 'stop'])
  assert.deepEqual([...new Set(it.fills.map(({ decisionId }) => decisionId))], [entry.decisionId])
  assert.equal(it.pins.size, 0)
  assert.equal(it.step(flat, fired).releaseId, 'r-1')
})

test('a set that takes a trade over and would hold it keeps it, once, and decides for it from then on', () => {
  const it = bot(() => 'handoff', [])
  it.step(flat, fired)
  it.step(flat)
  it.slot.current = 1
  const taken = it.step(flat)
  assert.deepEqual(codes(taken), ['hold', 'POSITION_OPEN', 'HANDOFF_KEEP'])
  assert.deepEqual([taken.releaseId, codes(it.step(flat))], ['r-1', ['hold', 'POSITION_OPEN']])
  assert.equal(it.ledger.view().position, 5)
})

test('a set that would hold less reduces to that, and the rest stays under its bracket', () => {
  // 5 lots at size 1; a tenth of the risk pays for none, three tenths for two (9.8 x 0.3).
  const it = bot(() => 'handoff', [{}, { size: () => 0.3 }])
  it.step(flat, fired)
  it.step(flat)
  it.slot.current = 1
  const taken = it.step(flat)
  assert.deepEqual(taken.reasons.at(-1), { code: 'HANDOFF_REDUCE', value: 2, limit: 5 })
  it.step(flat)
  assert.deepEqual([it.ledger.view().position, it.stop()?.quantity], [2, 2])
  it.step([20_000, 20_001, 19_900, 19_905])
  assert.deepEqual([it.ledger.view().position, it.trades[0]?.quantity, it.trades[0]?.exitReason], [0, 5, 'stop'])
  assert.equal(new Set(it.orders.map(({ id }) => id)).size, it.orders.length)
})

test('a set that would not hold it leaves: no edge, None likelier, too small for a lot, or the strategy has turned', () => {
  const none = () => Float32Array.of(0.3, 0.2, 0.5)
  const short: readonly RowSpec[] = [{ strategy: 0, fired: false, side: -1 }]
  const cases = [
    ['HANDOFF_EXPECTED_R', { expectedR: () => -0.1 }, quiet],
    ['HANDOFF_NONE', { probabilities: none }, quiet],
    ['HANDOFF_SIZE', { size: () => 0.1 }, quiet],
    ['HANDOFF_SIDE', {}, short],
  ] as const
  for (const [code, set, specs] of cases) {
    const it = bot(() => 'handoff', [{}, set])
    it.step(flat, fired)
    it.step(flat)
    it.slot.current = 1
    const taken = it.step(flat, specs)
    assert.deepEqual(codes(taken), ['exit', code])
    assert.equal(taken.orderId, it.orders.at(-1)?.id)
    it.step(flat)
    assert.deepEqual([it.ledger.view().position, it.trades[0]?.exitReason], [0, 'flatten'], code)
  }
})

test('a stop is tightened to what the new set would place, and never widened', () => {
  for (const [atr, moved] of [
    [5, true],
    [20, false],
  ] as const) {
    const it = bot(() => 'handoff', [])
    it.step(flat, fired)
    it.step(flat)
    const before = it.stop()!.price!
    it.slot.current = 1
    it.step(flat, quiet, atr)
    const after = it.stop()!.price!
    // Two ATR of 5 points are 40 steps below the close.
    assert.equal(after, moved ? 19_960 : before)
    assert.ok(after >= before)
  }
})

test('models that give no numbers, and a strategy that says nothing, leave the trade under its bracket', () => {
  const nan = Number.NaN
  for (const set of [{ expectedR: () => nan }, { size: () => nan }]) {
    const it = bot(() => 'handoff', [{}, set])
    it.step(flat, fired)
    it.step(flat)
    it.slot.current = 1
    assert.deepEqual(codes(it.step(flat)), ['hold', 'POSITION_OPEN', 'HANDOFF_KEEP'])
  }
  const silent = bot(() => 'handoff', [])
  silent.step(flat, fired)
  silent.step(flat)
  silent.slot.current = 1
  assert.equal(codes(silent.step(flat, [{ strategy: 1, fired: false }])).at(-1), 'HANDOFF_KEEP')
})

test('flatten closes at the next open, whatever the new set thinks', () => {
  const it = bot(() => 'flatten', [])
  it.step(flat, fired)
  it.step(flat)
  it.slot.current = 1
  assert.deepEqual(codes(it.step(flat)), ['exit', 'HANDOFF_FLATTEN'])
  it.step(flat)
  assert.equal(it.ledger.view().position, 0)
})

test('FEATURE_MISSING: a set that may not be asked enters nothing, and what is open is managed to its exit', () => {
  const blind = { featureMask: 0b10, expectedR: () => -0.1 }
  const it = bot(() => 'handoff', [{}, blind])
  it.step(flat, fired)
  it.step(flat)
  it.slot.current = 1
  assert.deepEqual(codes(it.step(flat)), ['hold', 'POSITION_OPEN', 'HANDOFF_KEEP'])
  it.step([20_000, 20_001, 19_900, 19_905])
  assert.deepEqual([it.ledger.view().position, it.trades[0]?.exitReason], [0, 'stop'])
  assert.deepEqual(codes(it.step(flat, fired)), ['noTrade', 'FEATURE_MISSING'])
})
