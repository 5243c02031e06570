// RSK-13 on virtual time: the kill switch is pulled at 1,000 random moments of paced replays, also in the middle of a decision. A moment is
// a call through one of the engine's ports, so that "after" means after, however fast the machine is.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import { baselineModels } from './baseline.ts'
import { tradingEngine } from './engine.ts'
import { addStance, MES, MINUTE_MS, minuteBar, openCalendar } from './fixtures/market.ts'
import { TRADING_SCOPES } from './kill-scopes.ts'
import { account } from './limits.ts'
import { paperBroker } from './paper-broker.ts'
import { portfolio } from './portfolio.ts'
import { eventOfRows } from './recorded-events.ts'
import { candidateTable } from './table-rows.ts'

const BARS = 24

/** Runs so many bars with the switch pulled at a moment; gives when things were sent, counted in moments. */
function killedAt(pullAt: number, seed: number) {
  const rng = seededRng(seed)
  const calendar = openCalendar()
  const market = { instrument: MES, calendar, barMs: MINUTE_MS }
  const ledger = portfolio(market)
  const paper = paperBroker({ ...market, hasVolume: true })
  const table = candidateTable('MES', ['A'])
  const rules = baselineModels(['A'])
  const entries: number[] = []
  let moment = 0
  let pulledInBar: number | undefined
  let bar = 0
  const passes = (): void => {
    moment++
    if (moment >= pullAt) pulledInBar ??= bar
  }
  const clock = replayClock(0)
  const engine = tradingEngine({
    ...market,
    portfolio: ledger,
    broker: {
      ...paper,
      place(order) {
        if (order.role === 'entry') entries.push(moment)
        return paper.place(order)
      },
    },
    clock: {
      now() {
        passes()
        return clock.now()
      },
    },
    models: {
      lease() {
        passes()
        const lease = rules.lease()
        return {
          ...lease,
          probabilities(row) {
            passes()
            return lease.probabilities(row)
          },
          size(row) {
            passes()
            return lease.size(row)
          },
        }
      },
    },
    limits: account({ maxDailyLoss: 0.9, maxDailyLossDollars: 90_000, cooldownMinutes: 0, ordersPerMinute: 99 }),
    rng: seededRng(1),
    killed: () => (pulledInBar === undefined ? undefined : { reason: 'test', scopes: TRADING_SCOPES }),
  })
  let last = 20_000
  const flatAt: number[] = []
  for (; bar < BARS; bar++) {
    passes()
    const open = last
    last = open + rng.int(81) - 40
    const minute = minuteBar(bar, [open, Math.max(open, last) + 4, Math.min(open, last) - 4, last], 10_000)
    const side = rng.int(2) === 0 ? 1 : -1
    const row = addStance(table, bar, minute, { strategy: 0, side, fired: rng.int(3) > 0 }, 4)
    clock.advanceTo(minute.knownAt)
    engine.onEvent(eventOfRows(table, minute, row, 1, []), table)
    if (ledger.view().position === 0) flatAt.push(bar)
  }
  return { entries, moments: moment, pulledInBar, flatAt }
}

test('at 1,000 of 1,000 random moments nothing is entered after the switch, and the book is flat two bars later', () => {
  const rng = seededRng(13)
  let open = 0
  for (let i = 0; i < 1000; i++) {
    const free = killedAt(Number.POSITIVE_INFINITY, i)
    assert.ok(free.entries.length > 0)
    const at = 1 + rng.int(free.moments)
    const { entries, pulledInBar, flatAt } = killedAt(at, i)
    // Up to the switch all is as it was without it; the entry of the very moment counts as before it.
    assert.deepEqual(
      entries,
      free.entries.filter(moment => moment < at),
      `seed ${i}, moment ${at}`,
    )
    for (let bar = pulledInBar! + 2; bar < BARS; bar++) assert.ok(flatAt.includes(bar), `seed ${i}, bar ${bar}`)
    if (!flatAt.includes(pulledInBar!)) open++
  }
  // The law would hold for an empty book too: here it was put to the test.
  assert.ok(open > 200, `${open} positions were open`)
})
