import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instrument } from '../market/instrument.ts'
import { knownInstrument } from '../market/instrument.ts'
import type { Side } from '../market/trade.ts'
import type { Barrier, BarrierBar, BarrierResult } from './barrier.ts'
import { openBarrier, stepBarrier } from './barrier.ts'

const ES: Instrument = knownInstrument('ES')!
const bracket = { stop: 8, target: 16, maxBars: 3 }

function bar(open: number, high: number, low: number, close: number): BarrierBar {
  return { open, high, low, close, slippage: 1, excluded: false }
}

function run(side: Side, bars: readonly BarrierBar[], barrier: Barrier = openBarrier(side, bracket)): BarrierResult[] {
  return bars.map(each => stepBarrier(barrier, ES, each))
}

test('a long that reaches its target, by hand', () => {
  const results = run(1, [bar(400, 404, 398, 402), bar(402, 418, 401, 417)])
  // Entry 401. Target 417: 16 ticks x $12.50 = $200, less $5. Planned: 8 x $12.50 + $5 = $105. R = 195 / 105.
  assert.deepEqual(results, [
    { state: 'pending' },
    { state: 'final', reason: 'target', entry: 401, exit: 417, r: 195 / 105, slippage: 1 },
  ])
})

test('a short that is stopped out, by hand', () => {
  const results = run(-1, [bar(400, 403, 396, 398), bar(400, 408, 399, 402)])
  // Entry 399, stop 407, filled at 408: 9 ticks = $112.50, and $5. R = -117.5 / 105.
  assert.deepEqual(results[1], { state: 'final', reason: 'stop', entry: 399, exit: 408, r: -117.5 / 105, slippage: 2 })
})

test('a gap through the stop loses more than planned', () => {
  const [, last] = run(1, [bar(400, 404, 398, 402), bar(380, 385, 379, 384)])
  // Entry 401, open 380, filled at 379: 22 ticks = $275, and $5.
  assert.deepEqual(last, { state: 'final', reason: 'stop', entry: 401, exit: 379, r: -280 / 105, slippage: 2 })
})

test('the stop counts in the entry bar, the target does not', () => {
  assert.equal(run(1, [bar(400, 440, 395, 430)])[0]!.state, 'pending')
  const [first] = run(1, [bar(400, 440, 393, 430)])
  assert.deepEqual(first, { state: 'final', reason: 'stop', entry: 401, exit: 392, r: -117.5 / 105, slippage: 2 })
})

test('after maxBars bars beyond the entry bar the position is closed at the close', () => {
  const quiet = bar(401, 404, 399, 403)
  const results = run(1, [quiet, quiet, quiet, quiet])
  // Entry 402, exit 402: only costs are lost.
  assert.deepEqual(
    results.map(({ state }) => state),
    ['pending', 'pending', 'pending', 'final'],
  )
  assert.deepEqual(results[3], { state: 'final', reason: 'time', entry: 402, exit: 402, r: -5 / 105, slippage: 2 })
})

test('a bar of an excluded day makes the label void, at entry or later', () => {
  const excluded = { ...bar(400, 440, 300, 400), excluded: true }
  assert.deepEqual(run(1, [excluded]), [{ state: 'void' }])
  assert.deepEqual(run(1, [bar(400, 404, 398, 402), excluded]), [{ state: 'pending' }, { state: 'void' }])
})

test('a barrier saved as JSON goes on the same', () => {
  const bars = [bar(400, 404, 398, 402), bar(402, 405, 399, 401), bar(402, 418, 401, 417)]
  const barrier = openBarrier(1, bracket)
  run(1, bars.slice(0, 2), barrier)
  const restored = JSON.parse(JSON.stringify(barrier)) as Barrier
  assert.deepEqual(run(1, bars.slice(2), restored), run(1, bars.slice(2), barrier))
})
