// Finer bars of the same market beside those that are decided on: they know what came first inside one (BRK-01).

import { Fault } from '../base/fault.ts'
import type { Bar, BarSeries } from '../market/bar.ts'

/**
 * Asked bar by bar, in order: what became known after the bar before and no later than this one.
 *
 * @throws Fault `BARS_NOT_FINER` where they are not of the same symbol and shorter
 * @example finerBars(minutes, hours)(hours.bars[0]).length // 60
 */
export function finerBars(
  finer: Pick<BarSeries, 'symbol' | 'barMs' | 'bars'>,
  { symbol, barMs }: Pick<BarSeries, 'symbol' | 'barMs'>,
): (bar: Bar) => readonly Bar[] {
  if (finer.symbol !== symbol || finer.barMs >= barMs) {
    throw new Fault(
      'BARS_NOT_FINER',
      `bars of ${finer.symbol} that are no finer than those of ${symbol} decide nothing`,
      {
        place: '--finer',
        fix: 'give shorter bars of the same symbol',
      },
    )
  }
  const { bars } = finer
  let next = 0
  let known = Number.NEGATIVE_INFINITY
  return bar => {
    while (next < bars.length && bars[next]!.knownAt <= known) next += 1
    const from = next
    while (next < bars.length && bars[next]!.knownAt <= bar.knownAt) next += 1
    known = bar.knownAt
    // Before the first bar there may be years of them.
    return bars.slice(from, next).filter(({ knownAt }) => knownAt > bar.knownAt - barMs)
  }
}
