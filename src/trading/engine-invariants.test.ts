import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import { baselineModels } from './baseline.ts'
import type { DecisionRecord } from './decision.ts'
import { tradingEngine } from './engine.ts'
import { addStance, MES, MINUTE_MS, minuteBar, openCalendar } from './fixtures/market.ts'
import { TRADING_SCOPES } from './kill-scopes.ts'
import { account } from './limits.ts'
import { paperBroker } from './paper-broker.ts'
import { portfolio } from './portfolio.ts'
import { eventOfRows } from './recorded-events.ts'
import { candidateTable } from './table-rows.ts'

/** One minute: where it closes and how far it reaches, its volume, whether a strategy fires, on which side, and the kill switch. */
const minute = fc.record({
  move: fc.integer({ min: -60, max: 60 }),
  gap: fc.integer({ min: -30, max: 30 }),
  reach: fc.integer({ min: 0, max: 40 }),
  volume: fc.constantFrom(0, 15, 40, 10_000),
  fires: fc.boolean(),
  long: fc.boolean(),
  kill: fc.integer({ min: 0, max: 60 }),
})

test('whatever the market does: ledger is broker, caps hold, one order a decision, no entry unless ACTIVE', () => {
  fc.assert(
    fc.property(fc.array(minute, { minLength: 20, maxLength: 80 }), minutes => {
      const calendar = openCalendar()
      const clock = replayClock(0)
      const market = { instrument: MES, calendar, barMs: MINUTE_MS }
      const ledger = portfolio(market)
      const broker = paperBroker({ ...market, hasVolume: true })
      const table = candidateTable('MES', ['A'])
      const decisions: DecisionRecord[] = []
      const orders = new Set<string>()
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
        killed: () => (killed ? { reason: 'test', scopes: TRADING_SCOPES } : undefined),
        onDecision: decision => decisions.push(decision),
        onOrder: order => {
          assert.ok(!orders.has(order.id))
          orders.add(order.id)
        },
        onTrade: trade => {
          netMicros += trade.netMicros
        },
      })
      let last = 20_000
      for (const [i, { move, gap, reach, volume, fires, long, kill }] of minutes.entries()) {
        const open = last + gap
        last = open + move
        const bar = minuteBar(i, [open, Math.max(open, last) + reach, Math.min(open, last) - reach, last], volume)
        killed ||= kill === 0
        const row = addStance(table, i, bar, { strategy: 0, side: long ? 1 : -1, fired: fires }, 4)
        clock.advanceTo(bar.knownAt)
        engine.onEvent(eventOfRows(table, bar, row, 1, []), table)

        const view = ledger.view()
        const decision = decisions.at(-1)!
        assert.equal(decisions.length, i + 1)
        assert.equal(view.position, broker.status().positions.get('MES') ?? 0)
        assert.ok(Math.abs(view.position) <= 5 && view.openPositions <= 1)
        const stop = broker.status().working.find(({ role }) => role === 'stop')
        assert.equal(stop?.quantity ?? 0, Math.abs(view.position))
        if (decision.outcome === 'enter') assert.equal(decision.riskState, 'ACTIVE')
        if (killed) assert.notEqual(decision.outcome, 'enter')
      }
      engine.close('end')
      assert.equal(ledger.view().position, 0)
      assert.equal(ledger.view().cashMicros, 100_000_000_000 + netMicros)
    }),
    { numRuns: 400, seed: 7 },
  )
})
