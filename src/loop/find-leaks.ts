// Proof on the user's own bars that features, stances and labels know nothing of the future (FEAT-06).

import { seededRng } from '../base/rng.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { candidateBook } from '../trading/candidates.ts'
import { type LeakReport, lintLeaks, type Observe } from '../trading/leak-lint.ts'
import { nameObserved, observeCandidates } from '../trading/observe-candidates.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import { readSeries, type SeriesRequest } from './import-series.ts'
import type { Ports } from './ports.ts'

export type LeakRequest = {
  readonly series: SeriesRequest
  readonly seed: number
  readonly samples: number
  readonly signal: AbortSignal
  readonly onProgress?: (done: number) => void
  /** Something else than the candidate book to look at. */
  readonly observe?: Observe
}

export type NamedLeak = {
  /** Time of the bar after which everything was replaced, and of the bar that changed. */
  readonly cut: string
  readonly bar: string
  readonly column: string
}

export type LeakFindings = {
  readonly symbol: string
  readonly bars: number
  readonly samples: number
  readonly seed: number
  /** Empty: clean. */
  readonly leaks: readonly NamedLeak[]
}

/** Faults: those of reading the file; an aborted signal throws its reason. Nothing is stored. */
export async function findLeaks(request: LeakRequest, ports: Ports): Promise<LeakFindings> {
  const { seed, samples, signal, onProgress } = request
  const { instrument, barMs, hasVolume, bars, report } = await readSeries(request.series, ports)
  const { tradingBot, labels } = ports.settings
  const makeBook = () =>
    candidateBook({
      instrument,
      calendar: calendarOf(instrument.calendar),
      barMs,
      hasVolume,
      strategies: GENERAL_STRATEGIES,
      labels: { ...labels, minRiskRewardRatio: tradingBot.minRiskRewardRatio },
    })
  const found: LeakReport = lintLeaks(request.observe ?? observeCandidates(makeBook), bars, {
    rng: seededRng(seed).fork('leak'),
    samples,
    step: instrument.step,
    onSample(done) {
      signal.throwIfAborted()
      onProgress?.(done)
    },
  })
  const stanceCounts = found.leaks.length === 0 ? [] : rowCounts(makeBook())
  const at = (index: number) => new Date(bars[index]!.time).toISOString()
  return {
    symbol: report.symbol,
    bars: bars.length,
    samples,
    seed,
    leaks: found.leaks.map(({ cut, bar, column }) => ({
      cut: at(cut),
      bar: at(bar),
      column: nameObserved(column, stanceCounts[bar]!),
    })),
  }

  function rowCounts(book: ReturnType<typeof makeBook>): number[] {
    return bars.map(bar => book.update(bar).rowCount)
  }
}
