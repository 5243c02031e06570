import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import { finerBars } from './finer-bars.ts'
import { entryOrder, MES, MINUTE_MS, marketBar, minuteBar } from './fixtures/market.ts'
import { paperBroker } from './paper-broker.ts'

/** Entry long at 20,001: stop 19,993, target 20,017. The second bar touches both. */
function exitWith(finer: readonly Bar[] | undefined) {
  const broker = paperBroker({ instrument: MES, barMs: MINUTE_MS, hasVolume: true })
  unwrap(broker.place(entryOrder()))
  broker.onBar(marketBar(1, [20_000, 20_002, 19_998, 20_000]))
  const [fill] = broker.onBar({ ...marketBar(2, [20_000, 20_030, 19_980, 20_000]), finer })
  return [fill?.role, fill?.price]
}

test('finer bars tell whether target or stop came first; without them, and where they leave it open too, the stop counts', () => {
  const up = minuteBar(2, [20_000, 20_030, 19_999, 20_020])
  const down = minuteBar(3, [20_020, 20_020, 19_980, 20_000])
  assert.deepEqual(exitWith(undefined), ['stop', 19_992])
  assert.deepEqual(exitWith([up, down]), ['target', 20_017])
  assert.deepEqual(exitWith([down, up]), ['stop', 19_992])
  assert.deepEqual(exitWith([minuteBar(2, [20_000, 20_030, 19_980, 20_000])]), ['stop', 19_992])
  // They were supplied for another time: nothing is known of this one.
  assert.deepEqual(exitWith([]), ['stop', 19_992])
})

test('each bar gets those that became known in it, also across gaps', () => {
  const minutes = [0, 1, 2, 3, 4, 5, 9].map(i => minuteBar(i, [1, 1, 1, 1]))
  const fifth = (i: number): Bar => ({ ...minuteBar(i, [1, 1, 1, 1]), knownAt: minuteBar(i + 4, [1, 1, 1, 1]).knownAt })
  const of = finerBars({ symbol: 'MES', barMs: MINUTE_MS, bars: minutes }, { symbol: 'MES', barMs: 5 * MINUTE_MS })
  assert.deepEqual(of(fifth(0)), minutes.slice(0, 5))
  assert.deepEqual(of(fifth(5)), minutes.slice(5))
  assert.deepEqual(of(fifth(10)), [])
})

test('bars of another symbol, or no finer ones, are refused', () => {
  const one = { symbol: 'MES', barMs: MINUTE_MS, bars: [] }
  for (const other of [{ ...one, symbol: 'ES', barMs: 2 * MINUTE_MS }, one]) {
    assert.throws(() => finerBars(one, other), { code: 'BARS_NOT_FINER' })
  }
})
