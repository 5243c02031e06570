// The feature row that a decision saw, computed again from the bars of its run and shown only where it has the recorded hash.

import type { Timer } from '../../base/timer.ts'
import type { ImportReport } from '../../data/report.ts'
import { isDaily } from '../../market/bar.ts'
import { calendarOf } from '../../market/calendars/index.ts'
import { instrumentOf } from '../../market/contract.ts'
import { instrumentsOf } from '../../market/declared-instrument.ts'
import type { CalendarName } from '../../market/instrument.ts'
import { FEATURE_NAMES } from '../../market/roles.ts'
import { FEATURE_COUNT } from '../../trading/candidate-table.ts'
import { type CandidateBook, candidateBook } from '../../trading/candidates.ts'
import type { DecisionRecord } from '../../trading/decision.ts'
import { rowHash } from '../../trading/decision-parts.ts'
import type { StoredRun } from '../../trading/read-model.ts'
import { GENERAL_STRATEGIES } from '../../trading/strategies/index.ts'
import { replayLimits } from '../limits-of.ts'
import { readNews } from '../read-news.ts'
import type { RunBars } from './run-bars.ts'
import { configurationOf } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

export type FeatureValue = { name: string; value: number | null }

/** 17 columns each, as the models saw them. */
export type SeenRows = {
  readonly strongest: Float32Array
  /** Of the strategy that would be traded; undefined where none fired. */
  readonly chosen: Float32Array | undefined
}

export interface FeatureValues {
  /** Undefined where the record has no row or the bars no longer give the recorded one. */
  rows(run: StoredRun, record: DecisionRecord): Promise<SeenRows | undefined>
  /** The 17 columns by name; empty where the record has no row or the bars no longer give the recorded one. */
  of(run: StoredRun, record: DecisionRecord): Promise<FeatureValue[]>
}

/** Bars between two breaths: whoever waits for an answer meanwhile gets it. */
const BARS_AT_ONCE = 250

type Ports = Pick<ViewPorts, 'records' | 'dataSets' | 'disk' | 'directory'>

async function emptyBook(run: StoredRun, barMs: number, hasVolume: boolean, ports: Ports): Promise<CandidateBook> {
  const set = (await ports.dataSets.list()).find(({ hash }) => hash === run.dataHash)
  const report = set === undefined ? undefined : (JSON.parse(set.report) as ImportReport)
  const calendarName: CalendarName = report?.calendar ?? '24x7'
  const configuration = await configurationOf(run, ports)
  const instrument = instrumentOf(run.symbol, calendarName, instrumentsOf(configuration.instruments))
  // A table that has changed since gives other rows, which are not shown.
  const news = isDaily(barMs) ? undefined : await readNews(ports.directory, { ...ports, settings: configuration })
  return candidateBook({
    instrument,
    calendar: calendarOf(instrument.calendar),
    barMs,
    hasVolume,
    strategies: GENERAL_STRATEGIES,
    labels: replayLimits(configuration, run.symbol),
    excludedDates: new Set(isDaily(barMs) ? [] : report?.excludedDates),
    news: news?.table,
  })
}

/** One run's book at a time, folded on as far as it is asked for. */
export function featureValues(series: RunBars, timer: Timer, ports: Ports): FeatureValues {
  let known: { readonly runId: string; readonly book: Promise<CandidateBook>; bars: number } | undefined
  let last: Promise<unknown> = Promise.resolve()

  const fold = async (run: StoredRun, upTo: number): Promise<CandidateBook> => {
    const { bars, barMs, hasVolume } = await series.of(run)
    if (known?.runId !== run.runId) known = { runId: run.runId, book: emptyBook(run, barMs, hasVolume, ports), bars: 0 }
    const own = known
    const book = await own.book
    while (own.bars <= upTo && own.bars < bars.length) {
      book.update(bars[own.bars++]!)
      if (own.bars % BARS_AT_ONCE === 0) await timer.sleep(0)
    }
    return book
  }

  const rows: FeatureValues['rows'] = async (run, { strongestRow, chosenRow, featuresHash, bar }) => {
    if (featuresHash === null || strongestRow < 0) return undefined
    // Folds do not overlap: two of them would feed the same bar twice.
    const turn = last.then(() => fold(run, bar))
    last = turn.catch(() => undefined)
    const { table } = await turn
    if (strongestRow >= table.length || rowHash(table, strongestRow) !== featuresHash) return undefined
    const rowAt = (row: number) => table.features.slice(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT)
    return { strongest: rowAt(strongestRow), chosen: chosenRow < 0 ? undefined : rowAt(chosenRow) }
  }

  return {
    rows,
    async of(run, record) {
      const seen = await rows(run, record)
      if (seen === undefined) return []
      return FEATURE_NAMES.map((name, column) => {
        const value = seen.strongest[column]!
        return { name, value: Number.isFinite(value) ? value : null }
      })
    },
  }
}
