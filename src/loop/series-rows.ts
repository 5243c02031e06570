// The candidate rows of a finished series: what training learns from and gates judge on when nothing is being replayed.

import { type CandidateBook, candidateBook } from '../trading/candidates.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import type { Market } from './import-series.ts'
import { replayLimits } from './limits-of.ts'
import type { Ports } from './ports.ts'

/** Labels still open at the end of the series are void. */
export function rowsOf(
  { series, instrument, calendar, excludedDates, held, news }: Market,
  { settings }: Pick<Ports, 'settings'>,
): CandidateBook {
  const { barMs, hasVolume, bars, symbol } = series
  const labels = replayLimits(settings, symbol)
  const book = candidateBook({
    instrument,
    calendar,
    barMs,
    hasVolume,
    strategies: GENERAL_STRATEGIES,
    labels,
    excludedDates,
    news: news?.table,
  })
  for (const [index, bar] of bars.entries()) book.update(bar, held?.[index])
  book.voidPending()
  return book
}
