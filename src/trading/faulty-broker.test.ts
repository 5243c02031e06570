import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import type { Fill } from '../market/trade.ts'
import { baselineModels } from './baseline.ts'
import { checkBroker } from './broker.checks.ts'
import type { BarBroker } from './broker.ts'
import { tradingEngine } from './engine.ts'
import { BROKER_FAULTS, type BrokerFaultKind, faultyBroker, seededFaults } from './faulty-broker.ts'
import { addStance, entryOrder, MES, MINUTE_MS, marketBar, minuteBar, openCalendar } from './fixtures/market.ts'
import { account } from './limits.ts'
import { paperBroker } from './paper-broker.ts'
import { portfolio } from './portfolio.ts'
import { eventOfRows } from './recorded-events.ts'
import { candidateTable } from './table-rows.ts'

const quiet = (i: number) => marketBar(i, [20_000, 20_004, 19_996, 20_000])
const paper = () => paperBroker({ instrument: MES, barMs: MINUTE_MS, hasVolume: true })
const withFault = (kind: BrokerFaultKind, at: number, bars = 1) =>
  faultyBroker(paper(), bar => (bar === at ? { kind, bars } : undefined))

checkBroker('a broker without faults', () => ({
  broker: faultyBroker(paper(), () => undefined),
  entry: entryOrder(),
  quiet: i => marketBar(i, [20_000, 20_002, 19_998, 20_000]),
  stopping: i => marketBar(i, [20_000, 20_001, 19_990, 19_992]),
}))

test('a schedule of a seed is the same schedule, and every kind of fault is in it', () => {
  const kinds = (seed: number) => {
    const faultAt = seededFaults(seededRng(seed), 0.3)
    return Array.from({ length: 300 }, (_, bar) => faultAt(bar)?.kind)
  }
  assert.deepEqual(kinds(1), kinds(1))
  assert.notDeepEqual(kinds(1), kinds(2))
  assert.deepEqual(new Set(kinds(1)), new Set([undefined, ...BROKER_FAULTS]))
})

test('an order after a rejecting bar is refused, the next one taken', () => {
  const broker = withFault('reject', 0)
  broker.onBar(quiet(0))
  const outcome = broker.place(entryOrder({ quantity: 2 }))
  assert.equal(outcome.ok ? 'taken' : outcome.fault.code, 'BROKER_REJECTED')
  broker.onBar(quiet(1))
  assert.equal(broker.place(entryOrder({ quantity: 2 })).ok, true)
})

test('a delayed order works all the time and fills later, once', () => {
  const broker = withFault('delay', 0)
  broker.onBar(quiet(0))
  assert.equal(broker.place(entryOrder({ quantity: 2 })).ok, true)
  assert.equal(broker.place(entryOrder({ quantity: 2 })).ok, false)
  assert.deepEqual(broker.onBar(quiet(1)), [])
  assert.equal(broker.status().working.length, 1)
  assert.deepEqual(
    broker.onBar(quiet(2)).map(({ quantity }) => quantity),
    [2],
  )
})

test('a dead line takes nothing and shows what was known; what was filled meanwhile is told at its end', () => {
  const broker = withFault('disconnect', 1, 2)
  broker.onBar(quiet(0))
  broker.place(entryOrder({ quantity: 2 }))
  for (const i of [1, 2]) {
    assert.deepEqual(broker.onBar(quiet(i)), [])
    const { health, positions, working } = broker.status()
    assert.deepEqual([health, positions.size, working.map(({ role }) => role)], [0, 0, ['entry']])
    assert.equal(broker.place(entryOrder({ quantity: 1 })).ok, false)
    assert.equal(broker.cancel(working[0]!.id), false)
  }
  assert.deepEqual(
    broker.onBar(quiet(3)).map(({ role, quantity }) => [role, quantity]),
    [['entry', 2]],
  )
  assert.equal(broker.status().positions.get('MES'), 2)
})

test('fills are told twice under one trade id; a thin bar fills one lot of two', () => {
  const twice = withFault('duplicate', 1)
  twice.onBar(quiet(0))
  twice.place(entryOrder({ quantity: 2 }))
  const told = twice.onBar(quiet(1))
  assert.deepEqual([told.length, new Set(told.map(({ tradeId }) => tradeId)).size], [2, 1])
  const partly = withFault('partial', 1)
  partly.onBar(quiet(0))
  partly.place(entryOrder({ quantity: 2 }))
  assert.deepEqual(
    partly.onBar(quiet(1)).map(({ quantity }) => quantity),
    [1],
  )
})

const minute = fc.record({
  move: fc.integer({ min: -60, max: 60 }),
  gap: fc.integer({ min: -30, max: 30 }),
  reach: fc.integer({ min: 0, max: 40 }),
  fires: fc.boolean(),
  long: fc.boolean(),
  kill: fc.integer({ min: 0, max: 120 }),
})

/** The broker with a record of what it really did. */
function witnessed(broker: BarBroker, made: Fill[]): BarBroker {
  const note = (fills: readonly Fill[]) => {
    made.push(...fills)
    return fills
  }
  return { ...broker, onBar: market => note(broker.onBar(market)), settle: market => note(broker.settle(market)) }
}

test('whatever the broker does wrong: no fill is lost or booked twice, caps hold, and positions reconcile once it is heard', () => {
  const seen = new Set<string>()
  let fills = 0
  fc.assert(
    fc.property(
      fc.array(minute, { minLength: 20, maxLength: 80 }),
      fc.integer({ min: 0, max: 1e6 }),
      (minutes, seed) => {
        const calendar = openCalendar()
        const clock = replayClock(0)
        const market = { instrument: MES, calendar, barMs: MINUTE_MS }
        const ledger = portfolio(market)
        const made: Fill[] = []
        const booked: Fill[] = []
        const faultAt = seededFaults(seededRng(seed), 0.3)
        const broker = faultyBroker(witnessed(paperBroker({ ...market, hasVolume: true }), made), faultAt)
        const table = candidateTable('MES', ['A'])
        const ordered = new Map<string, number>()
        let killed = false
        let netMicros = 0
        const engine = tradingEngine({
          ...market,
          models: baselineModels(['A']),
          broker,
          portfolio: ledger,
          limits: account({ maxDrawdownDollars: 400, maxDailyLossDollars: 300 }),
          clock,
          rng: seededRng(1),
          killed: () => (killed ? { reason: 'test', scopes: ['entries', 'cancel', 'flatten'] } : undefined),
          onFill: fill => booked.push(fill),
          onOrder({ id, quantity }) {
            assert.ok(!ordered.has(id), 'one order an id')
            ordered.set(id, quantity)
          },
          onTrade: trade => {
            netMicros += trade.netMicros
          },
        })
        let last = 20_000
        for (const [i, { move, gap, reach, fires, long, kill }] of minutes.entries()) {
          const open = last + gap
          last = open + move
          const bar = minuteBar(i, [open, Math.max(open, last) + reach, Math.min(open, last) - reach, last])
          killed ||= kill === 0
          const row = addStance(table, i, bar, { strategy: 0, side: long ? 1 : -1, fired: fires }, 4)
          clock.advanceTo(bar.knownAt)
          engine.onEvent(eventOfRows(table, bar, row, 1, []), table)
          const kind = faultAt(i)?.kind
          if (kind !== undefined) seen.add(kind)
          const view = ledger.view()
          assert.ok(Math.abs(view.position) <= 5 && view.openPositions <= 1)
          // What is known of the position is what was told of it, also while nothing is heard.
          assert.equal(view.position, broker.status().positions.get('MES') ?? 0)
        }
        engine.close('end')
        fills += made.length
        const ids = (some: readonly Fill[]) => some.map(({ tradeId }) => tradeId).sort()
        assert.deepEqual(ids(booked), ids(made), 'every fill that was made is booked, once')
        for (const [id, quantity] of ordered) {
          const filled = booked.reduce((sum, fill) => sum + (fill.orderId === id ? fill.quantity : 0), 0)
          assert.ok(filled <= quantity, 'never more than was ordered')
        }
        assert.equal(ledger.view().position, 0)
        assert.equal(broker.status().positions.size, 0)
        assert.equal(ledger.view().cashMicros, 100_000_000_000 + netMicros)
      },
    ),
    { numRuns: 300, seed: 11 },
  )
  assert.deepEqual(seen, new Set(BROKER_FAULTS))
  assert.ok(fills > 1000, `${fills} fills`)
})
