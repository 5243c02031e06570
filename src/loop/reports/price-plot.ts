// Where trades began and ended, on the price.

import type { Block, Instant } from '../../report/report.ts'
import type { BacktestReport, TradeLine } from '../../trading/backtest-report.ts'
import { fewerWith } from './curves.ts'

/** Index of the bar in which something happened: the first that is known then or later. */
function barOf(times: Float64Array, timeMs: number): number {
  let low = 0
  let high = times.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! < timeMs) low = middle + 1
    else high = middle
  }
  return low
}

export function pricePlot({ times, closes, trades, step }: BacktestReport, shows: Instant['shows']): Block {
  const points = (of: readonly TradeLine[], when: (line: TradeLine) => readonly [number, number]) => {
    const values = Array<number | null>(times.length).fill(null)
    for (const line of of) {
      const [time, price] = when(line)
      values[barOf(times, time)] = price * step
    }
    return values
  }
  const entered = (side: number) =>
    points(
      trades.filter(trade => trade.side === side),
      ({ entryTime, entry }) => [entryTime, entry],
    )
  return {
    kind: 'lines',
    title: 'Entries and exits on the price',
    unit: '',
    digits: 2,
    shows,
    ...fewerWith({
      times: Array.from(times),
      lines: [
        { label: 'close', shape: 'line', values: Array.from(closes) },
        { label: 'long entries', shape: 'points', values: entered(1) },
        { label: 'short entries', shape: 'points', values: entered(-1) },
        { label: 'exits', shape: 'points', values: points(trades, ({ exitTime, exit }) => [exitTime, exit]) },
      ],
    }),
    note: 'At the prices that were paid and got; of several in one bar the last is drawn.',
  }
}
