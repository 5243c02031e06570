// A backtest of rules or of models on given or stored bars, in the account of a replay (BT-01).

import { Fault } from '../base/fault.ts'
import { roleSchema } from '../features/schema.ts'
import type { Bar, BarSeries } from '../market/bar.ts'
import { schemaDiff } from '../serving/gates/schema-diff.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { backtest } from '../trading/backtest.ts'
import type { BacktestReport } from '../trading/backtest-report.ts'
import type { Limits } from '../trading/limits.ts'
import { type BacktestTries, enterBacktest } from './backtest-ledger.ts'
import { type BacktestBars, backtestMarket } from './backtest-market.ts'
import { type Asked, type Decider, deciderOf, setInCharge } from './backtest-models.ts'
import { type BarGaps, gapWords } from './bar-gaps.ts'
import { type Market, readSeries, type SeriesRequest } from './import-series.ts'
import { hypothesisOf } from './ledger-act.ts'
import { replayLimits } from './limits-of.ts'
import { type ParameterGrid, parameterGrid } from './parameter-grid.ts'
import type { Ports, State } from './ports.ts'
import { fixedModels } from './set-lease.ts'

export type BacktestRequest = BacktestBars &
  Asked & {
    readonly seed: number
    /** Dollars. */
    readonly capital: number
    /** Runs of random entries and of each Monte Carlo. */
    readonly runs: number
    /** What counts, ms UTC: from inclusive, to exclusive; what is before it only warms up. */
    readonly from?: number | undefined
    readonly to?: number | undefined
    /** Cuts of the leak lint over decisions and fills; 0 leaves it out. */
    readonly leakSamples?: number
    /** Shorter bars of the same symbol: they tell whether stop or target came first. */
    readonly finer?: SeriesRequest | undefined
    /** Parameters to run it with too. */
    readonly grid?: Pick<ParameterGrid, 'down' | 'across'> | undefined
  }

/** A result on bars that the models were made with says nothing about other bars. */
export type InSample = {
  /** Of the bars that were run over. */
  readonly bars: number
  /** The last one, ms UTC. */
  readonly until: number
}

export type BacktestResult = BacktestReport & {
  /** Release id, `baseline`, or the strategy that decided alone. */
  readonly models: string
  /** SHA-256 of the manifest of the release; null where no single release decided. */
  readonly releaseDigest: string | null
  readonly tries: BacktestTries
  /** Null where it was not asked for. */
  readonly grid: ParameterGrid | null
  /** Null where all bars were news to the models. */
  readonly inSample: InSample | null
  readonly gaps: BarGaps
  /** Length of a bar. */
  readonly barMs: number
}

function inSampleOf(bars: readonly Bar[], { setAt }: Pick<Decider, 'setAt'>): InSample | null {
  const seen = bars.filter(({ knownAt }) => {
    const windows = setAt(knownAt)?.windows
    return windows !== undefined && knownAt <= windows.dataEnd + windows.embargoMs
  })
  return seen.length === 0 ? null : { bars: seen.length, until: seen.at(-1)!.knownAt }
}

const columnDifferences = ({ series, instrument, calendar }: Market, set: ModelSet) =>
  schemaDiff(roleSchema({ instrument, calendar, barMs: series.barMs }, { hasVolume: series.hasVolume }), set.features)

/** Models read the columns they were fitted on, or nothing they say means anything. */
function checkColumns(market: Market, set: ModelSet): void {
  const differences = columnDifferences(market, set)
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

/** What the release would replace: the set in charge here, where it is another one and reads these columns. */
async function incumbentOf(
  { name, sets }: Decider,
  market: Market,
  state: State,
  ports: Ports,
): Promise<ModelSet | undefined> {
  if (sets.length !== 1) return undefined
  const inCharge = await setInCharge(state, ports)
  return inCharge?.releaseId === name ? undefined : readingThese(market, inCharge)
}

/** The set, where it reads the columns of these bars. */
export const readingThese = (market: Market, set: ModelSet | undefined): ModelSet | undefined =>
  set !== undefined && columnDifferences(market, set).length === 0 ? set : undefined

/** A baseline that knows the bars is no test of what beats it, nor of what does not. */
export function seenByIncumbent(incumbent: ModelSet | undefined, bars: readonly Bar[]): readonly string[] {
  const seen = inSampleOf(bars, { setAt: () => incumbent })
  return seen === null ? [] : [`the release in charge was made with ${seen.bars} of the ${bars.length} bars`]
}

/** Faults: those of `backtestMarket`, of `deciderOf`, `FEATURE_MISMATCH`, and those of `backtest`. */
export async function runBacktest(request: BacktestRequest, state: State, ports: Ports): Promise<BacktestResult> {
  const { seed, capital, runs, leakSamples = 0, from: first, to } = request
  const decider = await deciderOf(request, state, ports)
  const { models, strategies, sets } = decider
  const { market, gaps } = await backtestMarket(request, state, ports)
  for (const set of sets) checkColumns(market, set)
  const { instrument, calendar } = market
  const { series, from } = within(market.series, request)
  const incumbent = await incumbentOf(decider, market, state, ports)
  const limits = replayLimits(ports.settings, series.symbol)
  const options = {
    series,
    from,
    instrument,
    calendar,
    models,
    strategies,
    news: market.news?.table,
    seed,
    capital,
    finer: request.finer === undefined ? undefined : await finerSeries(request.finer, ports),
    ...(decider.beforeBar && { beforeBar: decider.beforeBar }),
  }
  const report = backtest({
    ...options,
    limits,
    runs,
    leakSamples,
    ...(incumbent && {
      incumbent: fixedModels(
        incumbent,
        strategies.map(({ name }) => name),
      ),
    }),
  })
  const decides = sets.length === 0 ? decider.name : sets.map(({ digest }) => digest)
  const enter = (under: Limits, { to: until, sessions }: BacktestReport) =>
    enterBacktest(
      {
        hypothesis: { ...hypothesisOf('set', null, { market, ports }), role: 'backtest' },
        config: {
          decides,
          limits: under,
          capital,
          instrument,
          finer: options.finer?.snapshotId ?? null,
          from: first ?? null,
          to: to ?? null,
        },
        snapshotId: series.snapshotId,
        until,
        sessions,
        modelTrials: Math.max(1, ...sets.map(({ evaluation }) => evaluation.trials)),
      },
      state,
      ports,
    )
  const grid =
    request.grid === undefined
      ? null
      : await parameterGrid(request.grid, limits, async under => {
          const cell = backtest({ ...options, limits: under, runs: 1 })
          await enter(under, cell)
          return cell
        })
  // Last, so that its tries count for the figures of this one too.
  const tries = await enter(limits, report)
  return {
    ...report,
    assumptions: [
      ...report.assumptions,
      ...gapAssumptions(gaps),
      ...seenByIncumbent(incumbent, series.bars.slice(from)),
    ],
    models: decider.name,
    releaseDigest: sets.length === 1 ? sets[0]!.digest : null,
    tries,
    inSample: inSampleOf(series.bars.slice(from), decider),
    gaps,
    grid,
    barMs: series.barMs,
  }
}

/** Read and checked like any bars, and not stored: nothing is decided on them. */
async function finerSeries(request: SeriesRequest, ports: Ports): Promise<BarSeries> {
  const { instrument, barMs, hasVolume, bars, sha256 } = await readSeries(request, ports)
  const provenance = request.simulated === true ? 'simulated' : 'real'
  return { symbol: instrument.symbol, barMs, hasVolume, bars, snapshotId: sha256, source: 'file', provenance }
}

/** What was run over although it was not whole, and what the import kept back. */
export function gapAssumptions(gaps: BarGaps): readonly string[] {
  const words = gapWords(gaps)
  return [
    ...(words.length === 0 ? [] : [`bars are not whole, and were run over as they are: ${words.join('; ')}`]),
    ...(gaps.heldBack === 0
      ? []
      : [`${gaps.heldBack} bars were held back as price spikes that the next one took back`]),
  ]
}
