import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../../market/bar.ts'
import { buildDataset } from '../dataset.ts'
import { makeTable } from '../fixtures/candidate-table.ts'
import { sizerTrades } from '../roles/sizer.ts'
import { sizerEnvironment } from './sizer-environment.ts'
import { marketPart, sizerMarket } from './sizer-market.ts'

const LIMIT = 1000
const table = makeTable({ bars: 800, edge: true, firedShare: 0.4 })
/** Sessions of four days, so that trades are in one and close in the next. */
const sessionOf = (time: number): string => `${Math.floor(time / (4 * DAY_MS))}`
const data = buildDataset({ table, asOf: Date.UTC(2100, 0, 1), barMs: DAY_MS })
const trades = sizerTrades({
  data,
  events: Int32Array.from(data.events.time.keys()),
  step: 0.01,
  sessionOf,
  drawdownLimitR: LIMIT,
})
const market = sizerMarket({ table, trades, sessionOf, scale: rows => rows, drawdownLimitR: LIMIT })

test('with size 1 the account of the environment is the one that training rows remember', () => {
  const environment = sizerEnvironment(market, 0)
  const state = new Float32Array(environment.width)
  let place = 0
  while (place < trades.r.length) {
    environment.reset(state)
    for (let open = true; open; place++) {
      const wanted = trades.inputs.subarray(place * state.length, (place + 1) * state.length)
      for (const [i, value] of wanted.entries())
        assert.ok(Math.abs(state[i]! - value) < 1e-5, `trade ${place}, column ${i}`)
      const { reward, ending } = environment.step(1, state)
      assert.equal(reward, trades.r[place])
      open = ending === 'none'
    }
  }
  assert.equal(place, trades.r.length)
})

test('a part has the trades from one place to another and no more', () => {
  const part = marketPart(market, 10, 25)
  assert.equal(part.inputs.length, 15 * 10)
  assert.deepEqual([part.r[0], part.time[14], part.session[3]], [market.r[10], market.time[24], market.session[13]])
})
