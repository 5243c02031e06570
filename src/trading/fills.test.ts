import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Instrument } from '../market/instrument.ts'
import { cashInstrument, knownInstrument, SPX } from '../market/instrument.ts'
import {
  barExit,
  bracketDistances,
  limitFill,
  marketFill,
  plannedLossMicros,
  roundTripCostsMicros,
  slippageSteps,
  stopFill,
} from './fills.ts'

const ES: Instrument = knownInstrument('ES')!
const EURUSD = cashInstrument('EURUSD', 'fx')
const conditions = { instrument: ES, rth: true, atr: 10, spreadBps: 0.5, price: 5000, barVolume: 400, hasVolume: true }
const rule = { stopAtr: 2, targetAtr: 3, minRiskRewardRatio: 2 }

test('slippage is half the spread plus the impact of the size, rounded up', () => {
  // Spread 0.25 = 1 tick, half 0.5; impact 0.1 x 40 ticks x sqrt(100 / 400) = 2: 2.5, so 3.
  assert.equal(slippageSteps(conditions, 100), 3)
})

test('slippage is at least the minimum of the hour', () => {
  assert.equal(slippageSteps(conditions, 1), 1)
  assert.equal(slippageSteps({ ...conditions, rth: false }, 1), 2)
})

test('without volume slippage is half the spread only', () => {
  // 1 bp of 1.2 is 0.00012; half is 60 steps of a millionth.
  const fx = { ...conditions, instrument: EURUSD, spreadBps: 1, price: 1.2, atr: 0.001, hasVolume: false, barVolume: 0 }
  assert.equal(slippageSteps(fx, 1_000_000), 60)
})

test('a bar without trades costs what a fill of its whole volume does', () => {
  assert.equal(slippageSteps({ ...conditions, barVolume: 0 }, 1), 5)
})

test('the index keeps its fixed slippage of a quarter point', () => {
  assert.equal(slippageSteps({ ...conditions, instrument: SPX, spreadBps: 80 }, 1000), 25)
})

test('nothing may be filled before warm-up', () => {
  assert.throws(() => slippageSteps({ ...conditions, atr: Number.NaN }, 1), RangeError)
})

test('slippage is never favourable and rises with size', () => {
  const size = fc.integer({ min: 1, max: 1000 })
  fc.assert(
    fc.property(size, size, fc.integer({ min: 0, max: 5000 }), (a, b, barVolume) => {
      const [small, large] = [a, b].map(quantity => slippageSteps({ ...conditions, barVolume }, quantity))
      assert.ok(small! >= 1 && large! >= 1)
      if (a <= b && barVolume >= b) assert.ok(small! <= large!)
    }),
  )
})

test('the default bracket is 2 and 4 ATR, rounded toward the entry', () => {
  // 2 x 2.6 = 5.2 = 20.8 ticks; 4 x 2.6 = 10.4 = 41.6 ticks.
  assert.deepEqual(bracketDistances(ES, 2.6, rule), { stop: 20, target: 41 })
})

test('without a risk/reward limit the target stays at 3 ATR', () => {
  assert.deepEqual(bracketDistances(ES, 2.6, { ...rule, minRiskRewardRatio: 0 }), { stop: 20, target: 31 })
})

test('the stop is at least one step away', () => {
  assert.deepEqual(bracketDistances(ES, 0, rule), { stop: 1, target: 2 })
  assert.deepEqual(bracketDistances(ES, 0.1, { ...rule, minRiskRewardRatio: 0 }), { stop: 1, target: 1 })
})

test('a distance of a whole number of steps is not lost to binary fractions', () => {
  assert.equal(bracketDistances({ ...SPX, step: 0.01 }, 0.035, rule).stop, 7)
})

test('risk/reward holds after rounding, and no rounding adds risk', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), fc.constantFrom(1, 1.5, 2, 2.7), (atr, ratio) => {
      const { stop, target } = bracketDistances(ES, atr, { ...rule, minRiskRewardRatio: ratio })
      assert.ok(target >= ratio * stop - 1e-6)
      assert.ok(stop === 1 || stop * 0.25 <= 2 * atr + 1e-6)
      assert.ok(Number.isInteger(stop) && Number.isInteger(target))
    }),
  )
})

test('a market order pays, buying and selling', () => {
  assert.equal(marketFill(1, 100, 2), 102)
  assert.equal(marketFill(-1, 100, 2), 98)
})

test('a limit fills only when the bar trades through it, or at a better open', () => {
  assert.equal(limitFill(1, 95, { open: 100, high: 101, low: 95 }), undefined)
  assert.equal(limitFill(1, 95, { open: 100, high: 101, low: 94 }), 95)
  assert.equal(limitFill(1, 95, { open: 93, high: 101, low: 92 }), 93)
  assert.equal(limitFill(-1, 105, { open: 100, high: 105, low: 99 }), undefined)
  assert.equal(limitFill(-1, 105, { open: 100, high: 106, low: 99 }), 105)
  assert.equal(limitFill(-1, 105, { open: 108, high: 109, low: 99 }), 108)
})

test('a stop triggers on touch and fills at the worse of stop and open', () => {
  assert.equal(stopFill(-1, 95, { open: 100, high: 101, low: 96 }, 1), undefined)
  assert.equal(stopFill(-1, 95, { open: 100, high: 101, low: 95 }, 1), 94)
  assert.equal(stopFill(-1, 95, { open: 90, high: 91, low: 88 }, 1), 89)
  assert.equal(stopFill(1, 105, { open: 100, high: 105, low: 99 }, 2), 107)
  assert.equal(stopFill(1, 105, { open: 110, high: 112, low: 109 }, 2), 112)
})

const long = { side: 1, stop: 90, target: 120, entryBar: false, slippage: 1 } as const
const short = { side: -1, stop: 110, target: 80, entryBar: false, slippage: 1 } as const

test('stop and target in one bar: the stop counts', () => {
  assert.deepEqual(barExit({ ...long, open: 100, high: 125, low: 90 }), { reason: 'stop', price: 89, slippage: 1 })
  assert.deepEqual(barExit({ ...short, open: 100, high: 110, low: 70 }), { reason: 'stop', price: 111, slippage: 1 })
})

test('the entry bar knows the stop but not the target', () => {
  assert.equal(barExit({ ...long, entryBar: true, open: 100, high: 125, low: 95 }), undefined)
  assert.deepEqual(barExit({ ...long, entryBar: true, open: 100, high: 101, low: 85 }), {
    reason: 'stop',
    price: 89,
    slippage: 1,
  })
})

test('the target is a limit: touched is not filled, a gap beyond it is better', () => {
  assert.equal(barExit({ ...long, open: 100, high: 120, low: 95 }), undefined)
  assert.deepEqual(barExit({ ...long, open: 100, high: 121, low: 95 }), { reason: 'target', price: 120, slippage: 0 })
  assert.deepEqual(barExit({ ...long, open: 126, high: 130, low: 125 }), { reason: 'target', price: 126, slippage: 0 })
  assert.deepEqual(barExit({ ...short, open: 75, high: 78, low: 74 }), { reason: 'target', price: 75, slippage: 0 })
})

test('long and short are mirror images', () => {
  const price = fc.integer({ min: 50, max: 150 })
  fc.assert(
    fc.property(price, price, price, fc.boolean(), (a, b, open, entryBar) => {
      const high = Math.max(a, b, open)
      const low = Math.min(a, b, open)
      const up = barExit({ ...long, entryBar, open, high, low })
      const down = barExit({ ...short, entryBar, open: 200 - open, high: 200 - low, low: 200 - high })
      assert.deepEqual(down, up && { ...up, price: 200 - up.price })
    }),
  )
})

test('costs are both commissions, and the planned loss includes them', () => {
  assert.equal(roundTripCostsMicros(ES, 3), 15_000_000)
  // 8 ticks x $12.50 x 2 lots + $10.
  assert.equal(plannedLossMicros(ES, 2, 400, 392), 210_000_000)
})
