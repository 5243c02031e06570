import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { DAY_MS } from '../market/bar.ts'
import type { Fill, Order } from '../market/trade.ts'
import { openBarrier, stepBarrier } from './barrier.ts'
import { checkBroker } from './broker.checks.ts'
import type { MarketBar } from './broker.ts'
import { entryOrder, MES, MINUTE_MS, marketBar, START_MS } from './fixtures/market.ts'
import { paperBroker } from './paper-broker.ts'
import { exitOrder } from './protection.ts'

const made = (hasVolume = true) => paperBroker({ instrument: MES, barMs: MINUTE_MS, hasVolume })

checkBroker('paper', () => ({
  broker: made(),
  entry: entryOrder(),
  quiet: i => marketBar(i, [20_000, 20_002, 19_998, 20_000]),
  stopping: i => marketBar(i, [20_000, 20_001, 19_990, 19_992]),
}))

/** Places the order, feeds the bars, and gives what matters of the fills. */
function play(order: Order, bars: readonly MarketBar[], hasVolume = true) {
  const broker = made(hasVolume)
  unwrap(broker.place(order))
  const fills = bars.flatMap(bar => broker.onBar(bar))
  return { broker, fills, brief: fills.map(({ role, quantity, price }: Fill) => [role, quantity, price]) }
}

// MES: 0.25 a step. Entry long at 20,000 + 1 slippage = 20,001; stop 8 below = 19,993; target 16 above = 20,017.
const calm = [20_000, 20_004, 19_996, 20_000]

describe('market', () => {
  test('a buy fills at the open plus slippage, a sale at the open less slippage', () => {
    assert.deepEqual(play(entryOrder(), [marketBar(1, calm)]).brief, [['entry', 2, 20_001]])
    assert.deepEqual(play(entryOrder({ side: -1 }), [marketBar(1, calm)]).brief, [['entry', 2, 19_999]])
  })
  test('slippage is two steps outside regular hours', () => {
    assert.deepEqual(play(entryOrder(), [marketBar(1, calm, { session: 1 })]).brief, [['entry', 2, 20_002]])
  })
  test('slippage grows with spread, ATR and share of volume: ceil(2 + 0.1 x 8 x sqrt(2 / 200)) = 3', () => {
    // 2 bp of 5,000 is 1.00, four steps: half of it is two.
    const bar = marketBar(1, calm, { atr: 2, spreadBps: 2, volume: 200 })
    const [fill] = play(entryOrder(), [bar]).fills
    assert.equal(fill?.price, 20_003)
    assert.equal(fill?.slippage, 3)
  })
  test('commission is charged per lot and side', () => {
    assert.equal(play(entryOrder(), [marketBar(1, calm)]).fills[0]?.commissionMicros, 1_500_000)
  })
})

describe('limit', () => {
  const buy = entryOrder({ type: 'limit', price: 19_990 })
  test('a touch does not fill', () => {
    assert.deepEqual(play(buy, [marketBar(1, [20_000, 20_004, 19_990, 19_995])]).brief, [])
  })
  test('one step through fills at the limit without slippage', () => {
    assert.deepEqual(play(buy, [marketBar(1, [20_000, 20_004, 19_989, 19_995])]).brief, [['entry', 2, 19_990]])
  })
  test('a better open fills at the open', () => {
    assert.deepEqual(play(buy, [marketBar(1, [19_985, 19_990, 19_984, 19_988])]).brief, [['entry', 2, 19_985]])
  })
  test('it works until it fills', () => {
    const bars = [marketBar(1, calm), marketBar(2, calm), marketBar(3, [19_995, 19_996, 19_989, 19_990])]
    assert.deepEqual(play(buy, bars).brief, [['entry', 2, 19_990]])
  })
})

describe('stop', () => {
  const entered = marketBar(1, calm)
  test('a touch fills at the stop plus slippage', () => {
    const { brief } = play(entryOrder(), [entered, marketBar(2, [20_000, 20_001, 19_993, 19_999])])
    assert.deepEqual(brief[1], ['stop', 2, 19_992])
  })
  test('one step above is no touch', () => {
    assert.equal(play(entryOrder(), [entered, marketBar(2, [20_000, 20_001, 19_994, 19_999])]).brief.length, 1)
  })
  test('a gap beyond it fills at the open plus slippage', () => {
    const { brief } = play(entryOrder(), [entered, marketBar(2, [19_980, 19_985, 19_975, 19_982])])
    assert.deepEqual(brief[1], ['stop', 2, 19_979])
  })
  test('stop and target in one bar: the stop counts', () => {
    const { brief } = play(entryOrder(), [entered, marketBar(2, [20_000, 20_030, 19_990, 20_025])])
    assert.deepEqual(brief[1], ['stop', 2, 19_992])
  })
  test('it is active in the entry bar', () => {
    const { brief } = play(entryOrder(), [marketBar(1, [20_000, 20_004, 19_993, 20_000])])
    assert.deepEqual(brief, [
      ['entry', 2, 20_001],
      ['stop', 2, 19_992],
    ])
  })
})

describe('target', () => {
  test('it is not active in the entry bar', () => {
    assert.equal(play(entryOrder(), [marketBar(1, [20_000, 20_040, 19_996, 20_030])]).brief.length, 1)
  })
  test('from the next bar it fills at the target once traded through', () => {
    const touch = marketBar(2, [20_000, 20_017, 19_996, 20_010])
    const through = marketBar(3, [20_000, 20_018, 19_996, 20_010])
    assert.deepEqual(play(entryOrder(), [marketBar(1, calm), touch, through]).brief[1], ['target', 2, 20_017])
  })
  test('an open beyond it fills at the open', () => {
    const { brief } = play(entryOrder(), [marketBar(1, calm), marketBar(2, [20_025, 20_026, 20_020, 20_022])])
    assert.deepEqual(brief[1], ['target', 2, 20_025])
  })
  test('short mirrors long: stop above, target below', () => {
    const bars = [marketBar(1, calm), marketBar(2, [20_000, 20_001, 19_982, 19_985])]
    assert.deepEqual(play(entryOrder({ side: -1 }), bars).brief[1], ['target', 2, 19_983])
  })
})

describe('volume', () => {
  test('ten per cent of the bar fills, the rest of a market entry expires', () => {
    const { brief, broker } = play(entryOrder({ quantity: 5 }), [
      marketBar(1, calm, { volume: 35 }),
      marketBar(2, calm),
    ])
    assert.deepEqual(brief, [['entry', 3, 20_001]])
    assert.equal(broker.status().working.find(({ role }) => role === 'stop')?.quantity, 3)
  })
  test('a series without volume is not capped', () => {
    assert.equal(play(entryOrder({ quantity: 5 }), [marketBar(1, calm, { volume: 0 })], false).fills[0]?.quantity, 5)
  })
  test('a bar without volume in a series with volume fills nothing', () => {
    assert.deepEqual(play(entryOrder(), [marketBar(1, calm, { volume: 0 })]).brief, [])
  })
  test('what a capped stop leaves over goes at the market with the next open', () => {
    const thin = marketBar(2, [20_000, 20_001, 19_993, 19_995], { volume: 10 })
    const next = marketBar(3, [19_990, 20_030, 19_985, 19_990])
    const { brief } = play(entryOrder(), [marketBar(1, calm), thin, next])
    assert.deepEqual(brief.slice(1), [
      ['stop', 1, 19_992],
      ['stop', 1, 19_989],
    ])
  })
  test('a limit entry fills over several bars and its protection grows with it', () => {
    const order = entryOrder({ type: 'limit', price: 19_990, quantity: 4 })
    const dip = [19_995, 19_996, 19_989, 19_992]
    const { brief, broker } = play(order, [marketBar(1, dip, { volume: 30 }), marketBar(2, dip, { volume: 30 })])
    assert.deepEqual(brief, [
      ['entry', 3, 19_990],
      ['entry', 1, 19_990],
    ])
    assert.equal(broker.status().working.find(({ role }) => role === 'stop')?.quantity, 4)
  })
})

describe('time', () => {
  test('three bars after the entry bar the position leaves at the close less slippage', () => {
    const bars = [1, 2, 3, 4].map(i => marketBar(i, calm))
    const { brief, fills } = play(entryOrder(), bars)
    assert.deepEqual(brief[1], ['exit', 2, 19_999])
    assert.equal(fills[1]?.time, bars[3]!.bar.knownAt)
  })
  test('an open fill carries the time of the open, one inside the bar that of its end', () => {
    const { fills } = play(entryOrder(), [marketBar(1, [20_000, 20_004, 19_993, 20_000])])
    assert.deepEqual(
      fills.map(({ time }) => time - START_MS),
      [MINUTE_MS, 2 * MINUTE_MS],
    )
  })
  test('fills of a daily bar carry its end: its label is no instant', () => {
    const broker = paperBroker({ instrument: MES, barMs: DAY_MS, hasVolume: true })
    unwrap(broker.place(entryOrder()))
    const bar = marketBar(1, calm)
    assert.equal(broker.onBar(bar)[0]?.time, bar.bar.knownAt)
  })
})

test('a flatten order leaves at the next open, before the bar can stop the position', () => {
  const { broker } = play(entryOrder(), [marketBar(1, calm)])
  unwrap(broker.place(exitOrder('paper', entryOrder(), 'flatten', 'exit')))
  const fills = broker.onBar(marketBar(2, [20_000, 20_001, 19_980, 19_990]))
  assert.deepEqual(
    fills.map(({ role, price }) => [role, price]),
    [['exit', 19_999]],
  )
})

test('an exit without a position, and a second one, are refused', () => {
  const exit = exitOrder('paper', entryOrder(), 'flatten', 'exit')
  assert.equal(made().place(exit).ok, false)
  const { broker } = play(entryOrder(), [marketBar(1, calm)])
  assert.equal(broker.place(exit).ok, true)
  assert.equal(broker.place(exit).ok, false)
})

test('quantities and prices that are not whole are refused', () => {
  const code = (order: Order) => {
    const outcome = made().place(order)
    return outcome.ok ? 'taken' : outcome.fault.code
  }
  assert.equal(code(entryOrder({ quantity: 0 })), 'ORDER_QUANTITY')
  assert.equal(code(entryOrder({ quantity: 1.5 })), 'ORDER_QUANTITY')
  assert.equal(code(entryOrder({ type: 'limit', price: 0.5 })), 'ORDER_PRICE')
  assert.equal(code(entryOrder({ bracket: { stop: 0, target: 16, maxBars: 3 } })), 'NO_STOP')
})

test('one lot makes exactly the R of its label: what is learned is what is paid', () => {
  // A deterministic wander; the barrier and the broker walk the same bars from every start.
  let seed = 7
  const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
  let close = 20_000
  const bars = Array.from({ length: 400 }, (_, i) => {
    const open = close + Math.round(4 * next() - 2)
    close = open + Math.round(12 * next() - 6)
    const [high, low] = [Math.max(open, close) + Math.round(5 * next()), Math.min(open, close) - Math.round(5 * next())]
    return marketBar(i, [open, high, low, close], { atr: 2 })
  })
  const bracket = { stop: 8, target: 16, maxBars: 10 }
  const seen = new Set<string>()
  for (let start = 0; start < 380; start++) {
    const barrier = openBarrier(1, bracket)
    const broker = made()
    unwrap(broker.place(entryOrder({ quantity: 1, bracket })))
    const fills: Fill[] = []
    let label: ReturnType<typeof stepBarrier> = { state: 'pending' }
    for (let i = start; label.state === 'pending'; i++) {
      const { open, high, low, close: last } = bars[i]!.bar
      const prices = { open: open * 4, high: high * 4, low: low * 4, close: last * 4 }
      label = stepBarrier(barrier, MES, { ...prices, slippage: 1, excluded: false })
      fills.push(...broker.onBar(bars[i]!))
    }
    assert.ok(label.state === 'final')
    assert.deepEqual(
      fills.map(({ price }) => price),
      [label.entry, label.exit],
    )
    seen.add(label.reason)
  }
  assert.deepEqual([...seen].sort(), ['stop', 'target', 'time'])
})
