// A backtest of the rules or of a release on given bars, in the account of a replay (BT-01).

import { Fault } from '../base/fault.ts'
import { roleSchema } from '../features/schema.ts'
import type { Bar, BarSeries } from '../market/bar.ts'
import { everTrusted } from '../release/keyring.ts'
import { schemaDiff } from '../serving/gates/schema-diff.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { backtest } from '../trading/backtest.ts'
import type { BacktestReport } from '../trading/backtest-report.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import { importSeries, type Market, type SeriesRequest } from './import-series.ts'
import { replayLimits } from './limits-of.ts'
import type { Ports, State } from './ports.ts'
import { withNews } from './read-news.ts'
import { fixedModels } from './set-lease.ts'
import { verifyingRing } from './signing-key.ts'
import { loadDirectory } from './verify-directory.ts'

export type BacktestRequest = {
  readonly series: SeriesRequest
  /** A release directory; without one the rules decide. */
  readonly release?: string | undefined
  readonly seed: number
  /** Dollars. */
  readonly capital: number
  /** Runs of random entries and of each Monte Carlo. */
  readonly runs: number
  /** What counts, ms UTC: from inclusive, to exclusive; what is before it only warms up. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** A result on bars that the models were made with says nothing about other bars. */
export type InSample = {
  /** Of the bars that were run over. */
  readonly bars: number
  /** The last one, ms UTC. */
  readonly until: number
}

export type BacktestResult = BacktestReport & {
  /** Release id, or `baseline`. */
  readonly models: string
  /** SHA-256 of the manifest of the release; null where the rules decided. */
  readonly releaseDigest: string | null
  /** Configurations that were tried for the models; null where the rules decided, which have none. */
  readonly trials: number | null
  /** Null where all bars were news to the models. */
  readonly inSample: InSample | null
  /** Length of a bar. */
  readonly barMs: number
}

function inSampleOf(bars: readonly Bar[], set: ModelSet | undefined): InSample | null {
  if (set === undefined) return null
  const until = set.windows.dataEnd + set.windows.embargoMs
  const seen = bars.filter(bar => bar.knownAt <= until)
  return seen.length === 0 ? null : { bars: seen.length, until: seen.at(-1)!.knownAt }
}

/** Models read the columns they were fitted on, or nothing they say means anything. */
function checkColumns({ series, instrument, calendar }: Market, set: ModelSet): void {
  const { barMs, hasVolume } = series
  const differences = schemaDiff(roleSchema({ instrument, calendar, barMs }, { hasVolume }), set.features)
  if (differences.length === 0) return
  const more = differences.length > 3 ? `; and ${differences.length - 3} more` : ''
  throw new Fault(
    'FEATURE_MISMATCH',
    `the models read other columns than these bars give: ${differences.slice(0, 3).join('; ')}${more}`,
    { fix: 'use bars like those the release was trained on, or train one on these' },
  )
}

/** The series up to the end of the span, and the index at which the span begins. Fault: `BARS_MISSING` where nothing lies in it. */
function within(
  series: BarSeries,
  { from = -Infinity, to = Infinity }: Pick<BacktestRequest, 'from' | 'to'>,
): { readonly series: BarSeries; readonly from: number } {
  const bars = series.bars.filter(({ time }) => time < to)
  const first = bars.findIndex(({ time }) => time >= from)
  if (first >= 0) return { series: { ...series, bars }, from: first }
  throw new Fault('BARS_MISSING', `there are no bars of ${series.symbol} between --from and --to`, {
    place: '--from',
    fix: 'choose days that the file has',
  })
}

/** Faults: those of `importSeries`, of a release that does not verify, `FEATURE_MISMATCH`, and those of `backtest`. */
export async function runBacktest(request: BacktestRequest, state: State, ports: Ports): Promise<BacktestResult> {
  const { release, seed, capital, runs } = request
  const set =
    release === undefined
      ? undefined
      : await loadDirectory(release, everTrusted((await verifyingRing(state.directory, ports)).trusted), ports.disk)
  const { market } = await withNews(await importSeries(request.series, state, ports), state.directory, ports)
  if (set !== undefined) checkColumns(market, set)
  const { instrument, calendar } = market
  const { series, from } = within(market.series, request)
  const report = backtest({
    series,
    from,
    instrument,
    calendar,
    models: fixedModels(
      set,
      GENERAL_STRATEGIES.map(({ name }) => name),
    ),
    limits: replayLimits(ports.settings, series.symbol),
    news: market.news?.table,
    seed,
    capital,
    runs,
  })
  return {
    ...report,
    models: set?.releaseId ?? 'baseline',
    releaseDigest: set?.digest ?? null,
    trials: set?.evaluation.trials ?? null,
    inSample: inSampleOf(series.bars.slice(from), set),
    barMs: series.barMs,
  }
}
