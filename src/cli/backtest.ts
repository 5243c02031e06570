// `ratchet backtest`: what the rules, or a release, would have made of given bars; the honest sentence first.

import { Option } from 'commander'
import { backtestReport } from '../loop/reports/backtest.ts'
import { walkForwardReport } from '../loop/reports/walk-forward.ts'
import { type BacktestResult, runBacktest } from '../loop/run-backtest.ts'
import { type WalkForwardRequest, type WalkForwardResult, walkForward } from '../loop/walk-forward.ts'
import type { Measure } from '../math/measure.ts'
import { amount, utcDate, wholeNumber } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { example, table, utcDay } from './lines.ts'
import { addHtmlOption, type HtmlOption, reportLines, writeReport } from './report-options.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest, seriesWords } from './series-options.ts'

type BacktestOptions = SeriesOptions &
  HtmlOption & {
    readonly bars: string
    readonly release?: string
    readonly capital?: number
    readonly seed?: number
    readonly runs: number
    readonly from?: number
    readonly to?: number
    readonly walkForward?: true
  }

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`
const signed = (percentage: number): string => `${percentage >= 0 ? '+' : ''}${percentage.toFixed(1)} %`
const ratio = (value: number): string => value.toFixed(2)

function shown(measure: Measure, text: (value: number) => string): string {
  return measure.value === null ? `N/A: ${measure.reason}` : text(measure.value)
}

function measureRows({ measures }: BacktestResult): string[][] {
  const { sharpe, sortino, calmar, cvar, profitFactor, expectancy, winRate, drawdown } = measures
  const { interval } = sharpe
  const between = interval === null ? '' : `95 % ${ratio(interval.low)} to ${ratio(interval.high)}`
  return [
    ['Sharpe', shown(sharpe, ratio), between],
    ['Sortino', shown(sortino, ratio)],
    ['Calmar', shown(calmar, ratio)],
    ['max drawdown', percent(drawdown.fraction), `$${drawdown.amount.toFixed(0)}, ${drawdown.length} bars`],
    ['CVaR 95 %', shown(cvar, percent), cvar.value === null ? '' : 'mean of the worst 5 % of sessions'],
    ['profit factor', shown(profitFactor, ratio)],
    ['expectancy', shown(expectancy, value => `${ratio(value)} R`)],
    [
      'win rate',
      shown(winRate, percent),
      winRate.value === null ? '' : `95 % ${percent(winRate.low)} to ${percent(winRate.high)}`,
    ],
  ]
}

function benchmarkRows({ returnPct, maxDrawdown, benchmarks }: BacktestResult): string[][] {
  const { buyAndHold, random } = benchmarks
  const rows = [
    ['this', signed(returnPct), `drawdown ${percent(maxDrawdown)}`],
    ['buy and hold', signed(buyAndHold.returnPct), `drawdown ${percent(buyAndHold.maxDrawdown)}, no costs`],
    ['staying flat', signed(0)],
  ]
  if (random === null) return [...rows, ['random entries', 'N/A: no trade to compare']]
  const { low, median, high } = random.meanR
  const spread = `${ratio(median)} R a trade (5 to 95 %: ${ratio(low)} to ${ratio(high)})`
  return [...rows, ['random entries', spread, `${percent(random.beaten)} of ${random.runs} did worse`]]
}

function chanceRows({ monteCarlo }: BacktestResult): string[][] {
  const { reshuffle, bootstrap, ruinAt } = monteCarlo
  const ruin = (risk: number) => `${percent(risk)} fall by ${percent(ruinAt)}`
  const rows: string[][] = []
  if (reshuffle !== null) {
    const { low, high } = reshuffle.maxDrawdown
    rows.push(['trades reshuffled', `drawdown ${percent(low)} to ${percent(high)}`, ruin(reshuffle.riskOfRuin)])
  }
  if (bootstrap !== null) {
    const { low, high } = bootstrap.returnPct
    rows.push(['sessions redrawn', `return ${signed(low)} to ${signed(high)}`, ruin(bootstrap.riskOfRuin)])
  }
  return rows
}

export function backtestLines(result: BacktestResult): string[] {
  const { sentence, symbol, bars, from, to, models, seed, inSample, costs, exposure, fingerprint } = result
  const known =
    inSample === null
      ? []
      : [
          `In sample: the models were made with data up to ${utcDay(inSample.until)}; ${inSample.bars} of ${bars} bars are no test of them.`,
        ]
  const indented = (rows: string[][]) => table(rows).map(line => `  ${line}`)
  return [
    sentence,
    ...known,
    `${symbol}, ${bars} bars, ${utcDay(from)} to ${utcDay(to)}, models ${models}, seed ${seed}, ${result.provenance} data, hypothetical execution`,
    ...indented(measureRows(result)),
    'held against',
    ...indented(benchmarkRows(result)),
    'how else it could have gone (5 to 95 %)',
    ...indented(chanceRows(result)),
    `costs $${(costs.commissionDollars + costs.slippageDollars).toFixed(0)} (${percent(costs.shareOfCapital)} of the capital), in the market ${percent(exposure)} of the bars`,
    ...result.assumptions.map(assumption => `  ${assumption}`),
    `fingerprint ${fingerprint}`,
  ]
}

function foldLines({ folds, days, accepted, acceptance }: WalkForwardResult): string[] {
  const valid = folds.filter(fold => fold.valid).length
  const verdict = accepted === null ? 'not judged: the Sharpe is not known' : accepted ? 'accepted' : 'not accepted'
  const { minSharpe, maxDrawdown, minFoldTrades } = acceptance
  return [
    `walk-forward: fitted on ${days.train} days, tested on ${days.test}, every ${days.step}, ${days.gap} between; ${verdict} (Sharpe of ${minSharpe} and drawdown of ${percent(maxDrawdown)} asked)`,
    `${valid} of ${folds.length} folds have ${minFoldTrades} trades or more`,
    ...table(
      folds.map(({ number, testFrom, testTo, rows, fault, trades, returnPct, maxDrawdown: fall }) => [
        `  ${number}`,
        `${utcDay(testFrom)} to ${utcDay(testTo)}`,
        fault ?? `${rows} rows`,
        `${trades} trades`,
        signed(returnPct),
        `drawdown ${percent(fall)}`,
      ]),
    ),
  ]
}

async function walk(
  request: Omit<WalkForwardRequest, 'signal' | 'onFold'>,
  { words, html }: HtmlOption & { readonly words: readonly string[] },
  session: Session,
): Promise<void> {
  const { out, signal, ports } = session
  const onFold: WalkForwardRequest['onFold'] = ({ number, testFrom }, folds) =>
    out.progress((number - 1) / folds, `fold ${number} of ${folds}: fits what was known before ${utcDay(testFrom)}`)
  const result = await walkForward({ ...request, signal, onFold }, await session.state(), ports)
  const saved =
    html === undefined
      ? undefined
      : await writeReport({ html, words, reportOf: origin => walkForwardReport(result, origin) }, session)
  out.result({ ...plain(result), ...(saved && { report: saved }) }, [
    ...backtestLines(result),
    ...foldLines(result),
    ...reportLines(saved),
  ])
}

/** The result as JSON has it: typed arrays would become objects. */
function plain(result: BacktestResult): Record<string, unknown> {
  const { times, equity, benchmarks } = result
  const buyAndHold = { ...benchmarks.buyAndHold, equity: Array.from(benchmarks.buyAndHold.equity) }
  return {
    ...result,
    times: Array.from(times),
    equity: Array.from(equity),
    benchmarks: { ...benchmarks, buyAndHold },
  }
}

export const backtest: Verb = (program, act) => {
  const command = program
    .command('backtest')
    .description('run the rules or a release over bars, with costs, held against doing nothing, the market and chance')
    .requiredOption('--bars <file>', 'bars to run over')
    .addOption(new Option('--strategy <name>', 'what decides: the rules').choices(['baseline']).conflicts('release'))
    .option('--release <directory>', 'what decides: the models of a release directory')
    .option('--capital <dollars>', 'money at the start (default: backtest.initialCapital)', amount(1000, 1e9))
    .option('--seed <n>', 'seed of everything random (default: training.seed)', wholeNumber(0))
    .option('--runs <n>', 'random runs to hold it against', wholeNumber(1), 1000)
    .option('--from <day>', 'first day in UTC that counts; what is before it only warms up', utcDate)
    .option('--to <day>', 'first day in UTC that no longer counts', utcDate)
    .addOption(
      new Option(
        '--walk-forward',
        'fit models again and again on the days before, and let each fold trade the days after',
      ).conflicts(['release', 'strategy']),
    )
    .addHelpText('after', example('backtest --bars spx.csv --symbol SPX'))
  addHtmlOption(addSeriesOptions(command)).action(
    act(async (session, options: BacktestOptions) => {
      const { settings } = session.ports
      const { bars, release, runs, html } = options
      const { capital = settings.backtest.initialCapital, seed = settings.training.seed } = options
      const series = seriesRequest(bars, options)
      const { from, to, walkForward: walks } = options
      const span = { from, to }
      const dayWords = Object.entries(span).flatMap(([name, ms]) => (ms === undefined ? [] : [`--${name}`, utcDay(ms)]))
      const numbers = ['--seed', `${seed}`, '--capital', `${capital}`, '--runs', `${runs}`, ...dayWords]
      const shared = { series, seed, capital, runs, ...span }
      if (walks === true) {
        const words = ['backtest', '--bars', bars, ...seriesWords(options), '--walk-forward', ...numbers]
        await walk(shared, { words, html }, session)
        return
      }
      const request = { ...shared, release }
      const result = await runBacktest(request, await session.state(), session.ports)
      const decides = release === undefined ? [] : ['--release', release]
      const words = ['backtest', '--bars', bars, ...seriesWords(options), ...decides, ...numbers]
      const saved =
        html === undefined
          ? undefined
          : await writeReport({ html, words, reportOf: origin => backtestReport(result, origin) }, session)
      session.out.result({ ...plain(result), ...(saved && { report: saved }) }, [
        ...backtestLines(result),
        ...reportLines(saved),
      ])
    }),
  )
}
