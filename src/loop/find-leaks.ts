// Proof on the user's own bars that features, stances, labels and what the rules decide on them know nothing of the future, and what is fitted
// nothing of the rows that judge it (FEAT-06).

import { setImmediate } from 'node:timers/promises'
import { Fault } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { baselineModels } from '../trading/baseline.ts'
import { type CandidateBook, candidateBook } from '../trading/candidates.ts'
import { type Leak, lintLeaks, type Observe } from '../trading/leak-lint.ts'
import { candidatesKnown, nameObserved } from '../trading/observe-candidates.ts'
import { observeDecisions } from '../trading/observe-decisions.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import { lintTraining, type TrainingLeaks } from '../training/lint-training.ts'
import { readSeries, type SeriesRequest } from './import-series.ts'
import { barrierLabels, datasetOptions, replayLimits } from './limits-of.ts'
import type { Ports } from './ports.ts'

export type LeakRequest = {
  readonly series: SeriesRequest
  readonly seed: number
  readonly samples: number
  readonly signal: AbortSignal
  readonly onProgress?: (done: number) => void
  /** Something else than the candidate book and the decisions of the rules to look at. */
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
  /** Of the splits and of what is fitted on them; the reason where there is too little to train on. */
  readonly training: TrainingLeaks | { readonly reason: string }
}

/** Cuts between two looks at the signal: each batch runs over all bars once more. */
const BATCH = 10

/** Faults: those of reading the file; an aborted signal throws its reason. Nothing is stored. */
export async function findLeaks(request: LeakRequest, ports: Ports): Promise<LeakFindings> {
  const { seed, samples, signal, onProgress } = request
  const { instrument, barMs, hasVolume, bars, report } = await readSeries(request.series, ports)
  const { minRiskRewardRatio } = ports.settings.tradingBot
  const context = { instrument, calendar: calendarOf(instrument.calendar), barMs, hasVolume }
  const makeBook = () =>
    candidateBook({
      ...context,
      strategies: GENERAL_STRATEGIES,
      labels: { ...barrierLabels(ports.settings), minRiskRewardRatio },
    })
  const models = baselineModels(GENERAL_STRATEGIES.map(({ name }) => name))
  const limits = replayLimits(ports.settings, instrument.symbol)
  const engine = { ...context, models, limits, seed, capital: ports.settings.backtest.initialCapital }
  const observe = request.observe ?? observeDecisions(makeBook, engine, candidatesKnown)
  const rng = seededRng(seed).fork('leak')
  const found: Leak[] = []
  for (let done = 0; done < samples; done += BATCH) {
    const batch = Math.min(BATCH, samples - done)
    found.push(...lintLeaks(observe, bars, { rng, samples: batch, step: instrument.step }).leaks)
    onProgress?.(done + batch)
    await setImmediate()
    signal.throwIfAborted()
  }
  const at = (index: number) => new Date(bars[index]!.time).toISOString()
  const counts = found.length === 0 ? [] : countsOf(makeBook(), bars)
  const leaks = found.map(({ cut, bar, column }) => ({
    cut: at(cut),
    bar: at(bar),
    column: nameObserved(column, ...counts[bar]!),
  }))
  const book = makeBook()
  for (const bar of bars) book.update(bar)
  book.voidPending()
  signal.throwIfAborted()
  const calendar = calendarOf(instrument.calendar)
  const training = await trainingLeaks({
    table: book.table,
    schema: book.schema,
    series: {
      symbol: report.symbol,
      barMs,
      step: instrument.step,
      snapshotId: report.fileSha256,
      provenance: request.series.simulated === true ? 'simulated' : 'real',
      sessionOf: time => calendar.at(time).tradeDate,
    },
    asOf: bars.at(-1)!.knownAt,
    seed,
    options: datasetOptions(ports.settings),
  })
  return { symbol: report.symbol, bars: bars.length, samples, seed, leaks, training }
}

async function trainingLeaks(input: Parameters<typeof lintTraining>[0]): Promise<LeakFindings['training']> {
  try {
    return await lintTraining(input)
  } catch (cause) {
    if (cause instanceof Fault) return { reason: cause.message }
    throw cause
  }
}

/** Stances and outcomes of each bar. */
const countsOf = (book: CandidateBook, bars: readonly Bar[]): (readonly [number, number])[] =>
  bars.map(bar => {
    const { rowCount, resolved } = book.update(bar)
    return [rowCount, resolved.length]
  })
