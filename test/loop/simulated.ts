// Daily bars with a planted edge: loud stretches in which a thrust on heavy volume goes on for weeks, and quiet ones in which it is taken
// back at once. The volatility and ATR columns tell which is which, and that decides whether trend followers or mean reversion win.

import { writeFileSync } from 'node:fs'
import { seededRng } from '../../src/base/rng.ts'
import { DAY_MS } from '../../src/market/bar.ts'

export type SimulatedBar = {
  readonly date: string
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly trend: boolean
}

export type SimulatedOptions = { readonly bars: number; readonly seed: number }

const START = Date.UTC(2000, 0, 1)
const PRICE = 100
const THRUST_BARS = 2
const TREND = { noise: 0.003, thrust: 0.022, drift: 0.008 }
const RANGE = { noise: 0.002, thrust: 0.014, back: 0.007, backBars: 6, pull: 0.2 }

const cents = (price: number): number => Math.round(price * 100) / 100

/**
 * @example
 * simulatedBars({ bars: 3000, seed: 1 }).filter(({ trend }) => trend).length // about half
 */
export function simulatedBars({ bars, seed }: SimulatedOptions): SimulatedBar[] {
  const rng = seededRng(seed).fork('simulated bars')
  let level = Math.log(PRICE)
  let anchor = level
  let trend = false
  let side = 1
  let stretchLeft = 0
  /** Bars since the thrust began. */
  let age = 0
  let cycle = 0
  return Array.from({ length: bars }, (_, index) => {
    const stretchEnds = stretchLeft-- === 0
    if (stretchEnds) {
      trend = !trend
      stretchLeft = 60 + rng.int(40)
      anchor = level
    }
    if (stretchEnds || age === cycle) {
      age = 0
      cycle = (trend ? 22 : 14) + rng.int(6)
      // Mostly against the last one, and down where prices stand high, so that they stay near where they began.
      const up = 0.5 - 0.45 * side - 0.3 * Math.tanh(level - Math.log(PRICE))
      side = rng.next() < up ? 1 : -1
    }
    const rule = trend ? TREND : RANGE
    const thrust = age < THRUST_BARS
    const before = level
    level += rule.noise * rng.normal()
    if (thrust) level += side * rule.thrust
    else if (trend) level += side * TREND.drift
    else if (age < THRUST_BARS + RANGE.backBars) level -= side * RANGE.back
    else level += RANGE.pull * (anchor - before)
    age++
    const reach = () => Math.exp(rule.noise * Math.abs(rng.normal()) * 0.6)
    const [open, close] = [cents(Math.exp(before)), cents(Math.exp(level))]
    const high = cents(Math.max(open, close) * reach())
    const low = cents(Math.min(open, close) / reach())
    const volume = Math.round(1e6 * (thrust ? 3 : 1) * Math.exp(0.2 * rng.normal()))
    const date = new Date(START + index * DAY_MS).toISOString().slice(0, 10)
    return { date, open, high: Math.max(high, open, close), low: Math.min(low, open, close), close, volume, trend }
  })
}

export function writeBars(path: string, bars: readonly SimulatedBar[]): void {
  const lines = bars.map(({ date, open, high, low, close, volume }) =>
    [date, open.toFixed(2), high.toFixed(2), low.toFixed(2), close.toFixed(2), volume].join(','),
  )
  writeFileSync(path, `date,open,high,low,close,volume\n${lines.join('\n')}\n`)
}
