// The laws that every bar-driven broker keeps, whatever is behind it (BRK-08).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import type { Order } from '../market/trade.ts'
import type { BarBroker, MarketBar } from './broker.ts'

export type BrokerCase = {
  readonly broker: BarBroker
  /** A market entry of two lots, long, that the broker would take. */
  readonly entry: Order
  /** A bar, `i` bars after the decision, that touches neither stop nor target. */
  readonly quiet: (i: number) => MarketBar
  /** One that touches the stop of `entry`. */
  readonly stopping: (i: number) => MarketBar
}

export function checkBroker(name: string, make: () => BrokerCase): void {
  const law = (sentence: string, check: (given: BrokerCase) => void): void => {
    test(`${name}: ${sentence}`, () => check(make()))
  }

  law('an order fills in the bar after it was placed, never before', ({ broker, entry, quiet }) => {
    assert.deepEqual(broker.onBar(quiet(0)), [])
    unwrap(broker.place(entry))
    assert.equal(broker.status().positions.size, 0)
    const [fill] = broker.onBar(quiet(1))
    assert.equal(fill?.orderId, entry.id)
    assert.equal(broker.status().positions.get(entry.symbol), entry.quantity)
  })
  law('an entry without a stop is refused', ({ broker, entry }) => {
    const outcome = broker.place({ ...entry, bracket: undefined })
    assert.equal(outcome.ok ? 'taken' : outcome.fault.code, 'NO_STOP')
  })
  law('the same order id is taken once, also after it was filled', ({ broker, entry, quiet }) => {
    unwrap(broker.place(entry))
    assert.equal(broker.place(entry).ok, false)
    broker.onBar(quiet(1))
    assert.equal(broker.place(entry).ok, false)
    assert.equal(broker.status().positions.get(entry.symbol), entry.quantity)
  })
  law('a position is protected by stop and target of its size at once', ({ broker, entry, quiet }) => {
    unwrap(broker.place(entry))
    broker.onBar(quiet(1))
    const protective = broker.status().working.map(({ role, quantity, side }) => ({ role, quantity, side }))
    assert.deepEqual(protective, [
      { role: 'stop', quantity: entry.quantity, side: -1 },
      { role: 'target', quantity: entry.quantity, side: -1 },
    ])
  })
  law('when the stop fills, the target is gone and nothing is held', ({ broker, entry, quiet, stopping }) => {
    unwrap(broker.place(entry))
    broker.onBar(quiet(1))
    const fills = broker.onBar(stopping(2))
    assert.deepEqual(
      fills.map(({ role, quantity }) => [role, quantity]),
      [['stop', entry.quantity]],
    )
    assert.equal(broker.status().working.length, 0)
    assert.equal(broker.status().positions.size, 0)
  })
  law('a working entry is cancelled once', ({ broker, entry, quiet }) => {
    unwrap(broker.place(entry))
    assert.equal(broker.cancel(entry.id), true)
    assert.equal(broker.cancel(entry.id), false)
    assert.deepEqual(broker.onBar(quiet(1)), [])
  })
  law('an exit of a part leaves the rest under its bracket', ({ broker, entry, quiet, stopping }) => {
    unwrap(broker.place(entry))
    broker.onBar(quiet(1))
    const exit = { ...entry, id: 'part', side: -1, role: 'exit', quantity: 1, bracket: undefined } as const
    unwrap(broker.place(exit))
    const [fill] = broker.onBar(quiet(2))
    assert.deepEqual([fill?.orderId, fill?.quantity], ['part', 1])
    const working = broker.status().working.map(({ role, quantity }) => [role, quantity])
    assert.deepEqual(working, [
      ['stop', entry.quantity - 1],
      ['target', entry.quantity - 1],
    ])
    assert.equal(broker.onBar(stopping(3))[0]?.quantity, entry.quantity - 1)
  })
  law('a stop is moved nearer to the price and never away from it', ({ broker, entry, quiet }) => {
    assert.equal(broker.tighten(entry.decisionId, 1), false)
    unwrap(broker.place(entry))
    broker.onBar(quiet(1))
    const stop = () => broker.status().working.find(({ role }) => role === 'stop')!.price!
    const before = stop()
    assert.equal(broker.tighten(entry.decisionId, before), false)
    assert.equal(broker.tighten(entry.decisionId, before - 1), false)
    assert.equal(broker.tighten(entry.decisionId, before + 1), true)
    assert.equal(stop(), before + 1)
  })
  law('no two fills share a trade id', ({ broker, entry, quiet, stopping }) => {
    unwrap(broker.place(entry))
    const ids = [...broker.onBar(quiet(1)), ...broker.onBar(stopping(2))].map(fill => fill.tradeId)
    assert.equal(new Set(ids).size, 2)
  })
  law('settling leaves it flat', ({ broker, entry, quiet }) => {
    unwrap(broker.place(entry))
    broker.onBar(quiet(1))
    assert.equal(broker.settle(quiet(1)).length, 1)
    assert.equal(broker.status().positions.size, 0)
  })
  law('disconnected it takes no order, keeps protection and says health 0', ({ broker, entry, quiet }) => {
    unwrap(broker.place(entry))
    broker.onBar(quiet(1))
    broker.disconnect()
    assert.equal(broker.place({ ...entry, id: 'other', decisionId: 'other' }).ok, false)
    assert.equal(broker.status().health, 0)
    assert.equal(broker.status().working.length, 2)
  })
  law('the same orders and bars make the same fills', ({ broker, entry, quiet, stopping }) => {
    const again = make()
    const play = (each: BarBroker) => {
      unwrap(each.place(entry))
      return [quiet(1), stopping(2)].flatMap(bar => each.onBar(bar))
    }
    assert.deepEqual(play(broker), play(again.broker))
  })
}
