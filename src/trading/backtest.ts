// The backtest: the live engine over history with a replay clock and the paper broker, and an honest report (BT-01, 02, 05 to 09).

import { Fault } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { type Bar, type BarSeries, isDaily } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { type Zone, zone } from '../market/calendars/zone.ts'
import { costGap, type Instrument, stepValueMicros } from '../market/instrument.ts'
import { type NewsTable, newsGap } from '../market/news.ts'
import type { ClosedTrade } from '../market/trade.ts'
import { drawdown } from '../math/performance.ts'
import { type BacktestReport, firstLine, type TradeLine } from './backtest-report.ts'
import { buyAndHold, incumbentBenchmark, randomBenchmark, returnPctOf } from './benchmarks.ts'
import { excursion, tradeGroups } from './breakdown.ts'
import { candidateBook } from './candidates.ts'
import { finerBars } from './finer-bars.ts'
import { lintLeaks } from './leak-lint.ts'
import type { Limits } from './limits.ts'
import { measuresOf } from './measures.ts'
import type { ModelsInCharge } from './models-in-charge.ts'
import { monteCarlo } from './monte-carlo.ts'
import { noisyExits } from './noisy-exits.ts'
import { observeDecisions } from './observe-decisions.ts'
import { type ObservedRun, observedRun } from './observed-run.ts'
import { sessionReturns } from './session-returns.ts'
import { GENERAL_STRATEGIES } from './strategies/index.ts'
import type { GeneralStrategy } from './strategy.ts'
import { tradeDateOf } from './trade-date.ts'

export type BacktestOptions = {
  readonly series: BarSeries
  readonly instrument: Instrument
  readonly calendar: Calendar
  readonly models: ModelsInCharge
  readonly limits: Limits
  readonly news?: NewsTable | undefined
  readonly seed: number | string
  /** Dollars. */
  readonly capital?: number
  readonly strategies?: readonly GeneralStrategy<unknown>[]
  /** The release that the models would replace. */
  readonly incumbent?: ModelsInCharge
  /** Perturbations of the leak lint; 0 leaves it out. */
  readonly leakSamples?: number
  /** Runs of random entries and of each Monte Carlo. */
  readonly runs?: number
  /** Index of the first bar of the account; those before it are history that features warm up on. */
  readonly from?: number
  /** Told before each bar of the account, the models' own run only: who decides may change with it. */
  readonly beforeBar?: (bar: Bar) => void
  /** Shorter bars of the same symbol: they tell whether stop or target came first. */
  readonly finer?: BarSeries | undefined
}

/**
 * @throws Fault `BARS_MISSING` without bars, `BARS_DISORDER` where times do not rise
 * @example
 * backtest({ series, instrument, calendar, models: baselineModels(names), limits: account(), seed: 42 }).sentence
 */
export function backtest(options: BacktestOptions): BacktestReport {
  const { series, instrument, calendar, limits, models, seed, incumbent, news, runs = 1000, leakSamples = 0 } = options
  const { barMs, hasVolume } = series
  const { capital = 100_000, strategies = GENERAL_STRATEGIES, from = 0, beforeBar } = options
  checkOrder(series)
  const history = series.bars.slice(0, from)
  const bars = series.bars.slice(from)
  const rng = seededRng(seed).fork('backtest')
  const market = { instrument, calendar, barMs, hasVolume }
  const makeBook = () => {
    const book = candidateBook({ ...market, strategies, labels: limits, news })
    for (const bar of history) book.update(bar)
    return book
  }
  const engine = { ...market, limits, news, seed, capital }
  /** For one run over the bars. */
  const within = () => (options.finer === undefined ? {} : { finer: finerBars(options.finer, series) })

  const made = observedRun(makeBook(), bars, { ...engine, models, beforeBar, ...within() })
  const { equity, trades, firstReady, conditions } = made
  const dates = bars.map(bar => tradeDateOf(bar, barMs, calendar))
  const returns = sessionReturns(equity, dates, capital)
  const sessionEnds = Array.from(bars.keys()).filter(i => dates[i] !== dates[i + 1])
  const perYear = calendar.name === '24x7' ? 365 : 252
  const returnPct = returnPctOf(made, capital)
  const benchmarks = {
    buyAndHold: buyAndHold(bars, firstReady, capital),
    alwaysFlat: { returnPct: 0 as const },
    random: randomBenchmark({ bars, conditions, ...market, limits, runs }, trades, rng.fork('random')),
    incumbent:
      incumbent === undefined
        ? null
        : incumbentBenchmark(observedRun(makeBook(), bars, { ...engine, models: incumbent, ...within() }), capital),
  }
  const against = [
    { name: 'staying flat', beaten: returnPct > 0 },
    { name: 'buy and hold', beaten: returnPct > benchmarks.buyAndHold.returnPct },
  ]
  const { random, incumbent: replaced } = benchmarks
  if (random !== null) against.push({ name: 'random entries', beaten: random.beaten > 0.5 })
  if (replaced !== null) against.push({ name: 'the release in charge', beaten: returnPct > replaced.returnPct })
  const lines = tradeLines(made, options)
  return {
    schema: 'ratchet.backtest/1',
    sentence: firstLine(returnPct, trades.length, against),
    against,
    symbol: series.symbol,
    provenance: series.provenance,
    snapshotId: series.snapshotId,
    seed,
    bars: bars.length,
    from: bars[0]!.knownAt,
    to: bars.at(-1)!.knownAt,
    capital,
    step: instrument.step,
    perYear,
    assumptions: assumptionsOf(options),
    fingerprint: made.fingerprint,
    trades: lines,
    times: Float64Array.from(bars, bar => bar.knownAt),
    closes: Float64Array.from(bars, bar => bar.close),
    equity,
    sessions: sessionEnds.map((bar, i) => ({ date: dates[bar]!, time: bars[bar]!.knownAt, return: returns[i]! })),
    maxDrawdown: drawdown(equity).fraction,
    returnPct,
    buyAndHoldPct: benchmarks.buyAndHold.returnPct,
    measures: measuresOf(equity, returns, trades, perYear, rng.fork('measures')),
    benchmarks,
    monteCarlo: monteCarlo({
      netDollars: trades.map(({ netMicros }) => netMicros / 1e6),
      sessionReturns: returns,
      redo: noisyExits({
        bars,
        conditions,
        ...market,
        limits,
        trades,
        decidedAt: ({ decisionId }) => made.entries.get(decisionId)!.bar,
      }),
      capital,
      ruinAt: limits.maxDrawdown,
      rng: rng.fork('monte-carlo'),
      runs,
    }),
    groups: groupsOf(lines, zone(calendar.zone)),
    decisions: { outcomes: made.outcomes, reasons: made.reasons },
    costs: costsOf(trades, instrument, capital),
    exposure: made.investedBars / bars.length,
    turnover:
      (trades.reduce((sum, { quantity, entry, exit }) => sum + quantity * (entry + exit), 0) *
        stepValueMicros(instrument)) /
      (capital * 1e6),
    resumed: made.resumed,
    leak:
      leakSamples === 0
        ? null
        : lintLeaks(observeDecisions(makeBook, { ...engine, models }), bars, {
            rng: rng.fork('leak'),
            samples: leakSamples,
            step: instrument.step,
          }),
  }
}

function checkOrder({ symbol, bars }: BarSeries): void {
  if (bars.length === 0) throw new Fault('BARS_MISSING', `there are no bars of ${symbol} to run over`)
  const wrong = bars.findIndex(
    (bar, i) => i > 0 && !(bar.time > bars[i - 1]!.time && bar.knownAt > bars[i - 1]!.knownAt),
  )
  if (wrong < 0) return
  throw new Fault('BARS_DISORDER', `bar ${wrong} of ${symbol} does not follow the one before it`, {
    place: new Date(bars[wrong]!.time).toISOString(),
    fix: 'remove duplicates and sort the bars by time',
  })
}

/** Trades with what the market was like at their decision, and how far they ran. */
function tradeLines({ trades, entries }: ObservedRun, { series, instrument }: BacktestOptions): readonly TradeLine[] {
  const { bars } = series
  return trades.map(trade => {
    // A bar that opens when another ends is the one that an entry at its open belongs to; daily fills carry the end of their bar.
    const from = firstKnownAt(bars, isDaily(series.barMs) ? trade.entryTime : trade.entryTime + 1)
    const held = bars.slice(from, firstKnownAt(bars, trade.exitTime) + 1)
    const { regime, session } = entries.get(trade.decisionId)!
    return { ...trade, ...excursion(trade, held, instrument), regime, session }
  })
}

/** Index of the first bar that is known at a time or later: the bar in which a fill of that time happened. */
function firstKnownAt(bars: readonly Bar[], time: number): number {
  let low = 0
  let high = bars.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bars[middle]!.knownAt < time) low = middle + 1
    else high = middle
  }
  return low
}

/** @param wall clock of the exchange: hours are those that traders there see */
function groupsOf(lines: readonly TradeLine[], wall: Zone): BacktestReport['groups'] {
  const by = (keyOf: (line: TradeLine) => string) => tradeGroups(lines, keyOf)
  return {
    strategy: by(({ strategy }) => strategy),
    regime: by(({ regime }) => regime),
    session: by(({ session }) => session),
    hour: by(({ entryTime }) => `${String(Math.floor(wall.wall(entryTime).minute / 60)).padStart(2, '0')}:00`),
    release: by(({ releaseId }) => releaseId),
    month: by(({ exitTime }) => new Date(exitTime).toISOString().slice(0, 7)),
    exit: by(({ exitReason }) => exitReason),
  }
}

function costsOf(trades: readonly ClosedTrade[], instrument: Instrument, capital: number): BacktestReport['costs'] {
  const carry = trades.reduce((sum, { carryMicros = 0 }) => sum + carryMicros, 0) / 1e6
  const commission = trades.reduce((sum, { costsMicros }) => sum + costsMicros, 0) / 1e6 - carry
  const lostSteps = trades.reduce((sum, { slippage, quantity }) => sum + slippage * quantity, 0)
  const slippage = (lostSteps * stepValueMicros(instrument)) / 1e6
  return {
    commissionDollars: commission,
    carryDollars: carry,
    slippageDollars: slippage,
    shareOfCapital: (commission + carry + slippage) / capital,
  }
}

function carryAssumption({ carry, dividends = [] }: Instrument): string {
  if (carry === undefined && dividends.length === 0) return 'no dividends, borrow, funding or interest on cash'
  const { longPercent = 0, shortPercent = 0 } = carry ?? {}
  return `a night costs longs ${longPercent} % and shorts ${shortPercent} % of the notional a year, ${dividends.length} dividends, no interest on cash; labels of models know of neither`
}

/** Daily bars have no minutes around an event. */
function newsAssumption({ series, limits, news }: BacktestOptions): readonly string[] {
  const { bars, barMs } = series
  if (isDaily(barMs)) return []
  const { newsMinutesBefore: before, newsMinutesAfter: after } = limits
  const held = `no entry goes live from ${before} minutes before scheduled news to ${after} minutes after it`
  return [newsGap(news, bars[0]!.knownAt, bars.at(-1)!.knownAt) ?? held]
}

function assumptionsOf(options: BacktestOptions): readonly string[] {
  const { instrument, limits, series, capital = 100_000 } = options
  const { rth, eth } = instrument.minSlippage
  const uncosted = costGap(instrument)
  const volume = series.hasVolume
    ? 'at most 10 % of the volume of a bar fills'
    : 'fills are not capped: the series has no volume'
  return [
    `$${capital.toLocaleString('en-US')} at the start, $${instrument.pointValue} a point, $${instrument.commissionPerSide} commission a side`,
    `slippage of at least ${rth} steps of ${instrument.step} in regular hours and ${eth} outside them, never in our favour`,
    `orders decided at a close fill from the next bar on; ${volume}`,
    `stop ${limits.stopAtr} ATR, time exit after ${limits.maxBars} bars; where a bar touches stop and target, ${options.finer === undefined ? 'stop first' : `bars of ${options.finer.barMs / 60_000} min tell which came first`}`,
    ...newsAssumption(options),
    ...(uncosted === undefined ? [] : [uncosted]),
    carryAssumption(instrument),
  ]
}
