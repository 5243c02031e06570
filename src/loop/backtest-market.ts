// The bars of a backtest: a file or what is stored, whole or said not to be, at the costs that the configuration names (BT-01).

import { Fault } from '../base/fault.ts'
import { type BarGaps, barGaps, refuseGaps } from './bar-gaps.ts'
import { importSeries, type Market, type SeriesRequest } from './import-series.ts'
import type { Ports, State } from './ports.ts'
import { withNews } from './read-news.ts'
import { storedMarket } from './stored-market.ts'
import { storedSeries } from './stored-series.ts'

export type BacktestBars = {
  /** A file, or the newest stored series of a symbol. */
  readonly series: SeriesRequest | { readonly stored: string }
  /** Runs over bars with gaps, and says so. */
  readonly allowGaps?: boolean | undefined
}

/** Faults: those of `importSeries`, `DATA_NONE_STORED`, `BARS_GAPS`. */
export async function backtestMarket(
  { series, allowGaps = false }: BacktestBars,
  state: State,
  ports: Ports,
): Promise<{ readonly market: Market; readonly gaps: BarGaps }> {
  const found = 'file' in series ? await importSeries(series, state, ports) : await stored(series.stored, state, ports)
  const gaps = barGaps(found)
  if (!allowGaps) refuseGaps(found.series.symbol, gaps)
  const { market } = await withNews(found, state.directory, ports)
  const { commission } = ports.settings.backtest
  if (commission === null) return { market, gaps }
  return { market: { ...market, instrument: { ...market.instrument, commissionPerSide: commission } }, gaps }
}

async function stored(symbol: string, state: State, ports: Ports): Promise<Market> {
  const market = await storedMarket(state, symbol, ports)
  if (market !== undefined) return market
  // Says what was meant, where something near is stored.
  await storedSeries(state, symbol)
  throw new Fault('DATA_NONE_STORED', `nothing is known of the stored bars of ${symbol}`, {
    fix: 'import them again: ratchet data import FILE --symbol S',
  })
}
