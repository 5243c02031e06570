// A walk-forward backtest: models are fitted again and again on what was known, and each fold trades only the days after it (BT-03).

import { canonicalJson } from '../base/canonical-json.ts'
import { unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { type Bar, DAY_MS } from '../market/bar.ts'
import { drawdown } from '../math/performance.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import { loadModelSet, type ModelSet } from '../serving/model-set.ts'
import { backtest } from '../trading/backtest.ts'
import type { BacktestReport } from '../trading/backtest-report.ts'
import type { ModelLease, ModelsInCharge } from '../trading/models-in-charge.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import { enterBacktest, modelTrials } from './backtest-ledger.ts'
import { type BacktestBars, backtestMarket } from './backtest-market.ts'
import { setInCharge } from './backtest-models.ts'
import type { BarGaps } from './bar-gaps.ts'
import { refuseBlocked } from './data-status.ts'
import type { Market } from './import-series.ts'
import { leakGuard } from './leak-guard.ts'
import { hypothesisOf } from './ledger-act.ts'
import { replayLimits } from './limits-of.ts'
import type { Ports, State } from './ports.ts'
import { type BacktestResult, gapAssumptions, readingThese, seenByIncumbent } from './run-backtest.ts'
import { rowsOf } from './series-rows.ts'
import { fixedModels } from './set-lease.ts'
import { signingRing } from './signing-key.ts'
import { buildCycle, type CycleContext, trainCycle } from './training-cycle.ts'
import { alone } from './training-lock.ts'
import { foldAt, type WalkDays, type WalkWindow, walkDays, walkWindows } from './walk-windows.ts'

export type WalkForwardRequest = BacktestBars & {
  readonly seed: number
  /** Dollars. */
  readonly capital: number
  readonly runs: number
  /** Of the tests, ms UTC: from inclusive, to exclusive. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly signal: AbortSignal
  readonly onFold: (fold: WalkWindow, folds: number) => void
}

export type WalkFold = WalkWindow & {
  /** Code of what kept it without models; nobody entered a trade then. */
  readonly fault: string | null
  /** Candidate rows it learned from and was judged on; null without models. */
  readonly rows: number | null
  readonly effectiveRows: number | null
  /** Roles that a stand-in fills. */
  readonly baselineRoles: readonly string[]
  readonly trades: number
  readonly netDollars: number
  readonly returnPct: number
  readonly maxDrawdown: number
  /** It has trades enough to say something. */
  readonly valid: boolean
}

export type WalkForwardResult = BacktestResult & {
  readonly days: WalkDays
  readonly folds: readonly WalkFold[]
  /** Of the stitched tests; null where the Sharpe is not known. */
  readonly accepted: boolean | null
  readonly acceptance: { readonly minSharpe: number; readonly maxDrawdown: number; readonly minFoldTrades: number }
}

type Fitted = WalkWindow & {
  readonly models: ModelsInCharge | undefined
  readonly releaseId: string | undefined
  readonly fault: string | null
  readonly rows: number | null
  readonly effectiveRows: number | null
  readonly baselineRoles: readonly string[]
}

/** Nothing to choose among: who has no models enters nothing. */
const NOBODY: ModelLease = {
  releaseId: 'none',
  setSeq: 0,
  classes: [],
  featureMask: 0,
  scores: [],
  probabilities: () => new Float32Array(0),
  expectedR: () => null,
  size: () => 1,
  release() {},
}

type FitContext = {
  readonly market: Market
  readonly gaps: BarGaps
  readonly request: WalkForwardRequest
  readonly state: State
  readonly ports: Ports
}

/** One training a fold; a fold that cannot be fitted says why and stands aside. */
async function fitFolds(
  windows: readonly WalkWindow[],
  days: WalkDays,
  { market, request, state, ports }: FitContext,
  oracle: RuntimeOracle,
): Promise<readonly Fitted[]> {
  const { symbol, snapshotId } = market.series
  const { seed, signal, onFold } = request
  const { release: keys, epoch } = await signingRing(state.directory, ports)
  const book = rowsOf(market, ports)
  const guard = leakGuard()
  const name = sha256(canonicalJson({ snapshotId, seed, days, settings: ports.settings.training }))
  const strategies = GENERAL_STRATEGIES.map(each => each.name)
  const fitted: Fitted[] = []
  for (const window of windows) {
    signal.throwIfAborted()
    onFold(window, windows.length)
    const { number, asOf } = window
    // What was fitted for a fold tells when by the market's time, so that it comes out the same whenever it is made.
    const clock = { now: () => asOf }
    const context: CycleContext = { market, book, ports, clock, oracle, ledger: state.ledger, guard, signal }
    const act = { name: `walk-${name}-${number}`, actor: 'backtest', scope: `walk-forward ${name}` }
    const options = { trainDays: days.train }
    const trained = await trainCycle({ seed, asOf, number, champion: undefined, act, options }, context)
    if (!trained.ok) {
      signal.throwIfAborted()
      const { code } = trained.fault
      fitted.push({
        ...window,
        models: undefined,
        releaseId: undefined,
        fault: code,
        rows: null,
        effectiveRows: null,
        baselineRoles: [],
      })
      continue
    }
    const place = { channel: 'walk-forward', symbol, version: number, prevManifestSha256: null, epoch }
    const built = unwrap(buildCycle({ trained, ...place, keys, baseUrl: 'walk-forward' }, context))
    const set: ModelSet = unwrap(loadModelSet({ ...built, members: built.files }))
    fitted.push({
      ...window,
      models: fixedModels(set, strategies),
      releaseId: set.releaseId,
      fault: null,
      rows: trained.trainingSamples,
      effectiveRows: trained.effectiveRows,
      baselineRoles: trained.baselineRoles,
    })
  }
  return fitted
}

function foldOf(fold: Fitted, report: BacktestReport, capital: number, minFoldTrades: number): WalkFold {
  const { models: _, releaseId, ...facts } = fold
  const inFold = Array.from(report.times.keys()).filter(
    i => report.times[i]! >= fold.testFrom && report.times[i]! < fold.testTo,
  )
  const first = inFold[0] ?? 0
  const before = report.equity[first - 1] ?? capital
  const equity = [before, ...inFold.map(i => report.equity[i]!)]
  const trades = report.trades.filter(trade => trade.releaseId === releaseId)
  return {
    ...facts,
    trades: trades.length,
    netDollars: trades.reduce((sum, { netMicros }) => sum + netMicros, 0) / 1e6,
    returnPct: 100 * (equity.at(-1)! / before - 1),
    maxDrawdown: drawdown(equity).fraction,
    valid: trades.length >= minFoldTrades,
  }
}

/**
 * Faults: those of `backtestMarket`, `DATA_BLOCKED`, `WALK_TOO_SHORT`, `LOCK_BUSY` while another training runs, and those of `backtest`. A fold without
 * enough to learn from is no fault of the whole.
 *
 * @example (await walkForward({ series, seed: 42, capital: 100_000, runs: 1000, signal, onFold }, state, ports)).folds.length
 */
export async function walkForward(request: WalkForwardRequest, state: State, ports: Ports): Promise<WalkForwardResult> {
  const whole = await backtestMarket(request, state, ports)
  // Each fold is trained.
  await refuseBlocked(whole.market.series.source, state)
  return alone(state.directory, ports, async () => {
    const oracle = ports.oracle()
    try {
      return await walk({ ...whole, request, state, ports }, oracle)
    } finally {
      await oracle.close()
    }
  })
}

async function walk(context: FitContext, oracle: RuntimeOracle): Promise<WalkForwardResult> {
  const { market, gaps, request, state, ports } = context
  const { series, instrument, calendar } = market
  const { seed, capital, runs } = request
  const { maxDays, minFoldTrades, minSharpe, maxDrawdown } = ports.settings.backtest
  const days = walkDays(ports.settings, series.barMs)
  const to = Math.min(request.to ?? Infinity, (series.bars.at(-1)?.knownAt ?? 0) + 1)
  const span = { from: request.from ?? to - maxDays * DAY_MS, to }
  const windows = walkWindows(series, days, span)
  const folds = await fitFolds(windows, days, context, oracle)

  const bars = series.bars.filter(({ knownAt }) => knownAt < to)
  const from = bars.findIndex(({ knownAt }) => knownAt >= folds[0]!.testFrom)
  const limits = replayLimits(ports.settings, series.symbol)
  const incumbent = readingThese(market, await setInCharge(state, ports))
  const strategies = GENERAL_STRATEGIES.map(({ name }) => name)
  let inCharge: ModelsInCharge | undefined
  const report = backtest({
    series: { ...series, bars },
    from,
    instrument,
    calendar,
    models: { lease: () => inCharge?.lease() ?? NOBODY },
    beforeBar: (bar: Bar) => (inCharge = foldAt(folds, bar.knownAt)?.models),
    limits,
    ...(incumbent && { incumbent: fixedModels(incumbent, strategies) }),
    news: market.news?.table,
    seed,
    capital,
    runs,
  })
  const tries = await enterBacktest(
    {
      hypothesis: { ...hypothesisOf('set', null, { market, ports }), role: 'walk-forward' },
      config: { days, limits, capital, instrument, training: ports.settings.training, span: request.from ?? null },
      snapshotId: series.snapshotId,
      until: report.to,
      sessions: report.sessions,
      modelTrials: await modelTrials(null, { market, ports, ledger: state.ledger }),
    },
    state,
    ports,
  )
  const told = folds.map(fold => foldOf(fold, report, capital, minFoldTrades))
  const sharpe = report.measures.sharpe.value
  return {
    ...report,
    models: `${told.length} walk-forward folds`,
    releaseDigest: null,
    assumptions: [...report.assumptions, ...gapAssumptions(gaps), ...seenByIncumbent(incumbent, bars.slice(from))],
    tries,
    gaps,
    grid: null,
    inSample: null,
    barMs: series.barMs,
    days,
    folds: told,
    acceptance: { minSharpe, maxDrawdown, minFoldTrades },
    accepted:
      sharpe === null
        ? null
        : sharpe >= minSharpe && report.maxDrawdown <= maxDrawdown && told.some(({ valid }) => valid),
  }
}
