// `ratchet backtest`: what the rules, a strategy or models would have made of bars; the honest sentence first.

import { Option } from 'commander'
import { Fault } from '../base/fault.ts'
import { parseGrid } from '../loop/parameter-grid.ts'
import { backtestReport } from '../loop/reports/backtest.ts'
import { type Compared, compareReports, openReport } from '../loop/reports/compare.ts'
import type { Origin } from '../loop/reports/origin.ts'
import { tradesCsv } from '../loop/reports/trades-csv.ts'
import { walkForwardReport } from '../loop/reports/walk-forward.ts'
import { type BacktestRequest, type BacktestResult, runBacktest } from '../loop/run-backtest.ts'
import { type WalkForwardRequest, walkForward } from '../loop/walk-forward.ts'
import type { Report } from '../report/report.ts'
import { BASELINE_ID } from '../trading/baseline.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import { amount, utcDate, wholeNumber } from './arguments.ts'
import { backtestLines, comparedLines, foldLines } from './backtest-lines.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, utcDay } from './lines.ts'
import { addHtmlOption, type HtmlOption, reportLines, writeReport } from './report-options.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest, seriesWords } from './series-options.ts'

type BacktestOptions = SeriesOptions &
  HtmlOption & {
    readonly bars?: string
    readonly allowGaps?: true
    readonly strategy?: string
    readonly release?: string
    readonly brain?: true | 'now' | 'history'
    readonly capital?: number
    readonly seed?: number
    readonly monteCarlo: number
    readonly leakCheck?: number | true
    readonly from?: number
    readonly to?: number
    readonly walkForward?: true
    readonly compare?: string
    readonly grid?: string
    readonly finer?: string
  }

/** Cuts of `--leak-check` where it names no number. */
const LEAK_CUTS = 20

/** @throws Fault `USAGE` without bars and without a symbol whose bars are stored */
function dataOf({ bars, ...options }: BacktestOptions): BacktestRequest['series'] {
  if (bars !== undefined) return seriesRequest(bars, options)
  if (options.symbol !== undefined) return { stored: options.symbol }
  throw new Fault('USAGE', 'there are no bars to run over', {
    place: '--bars',
    fix: 'name a file with --bars, or a symbol with stored bars with --symbol',
  })
}

type Shared = Omit<WalkForwardRequest, 'signal' | 'onFold'>

type Telling = HtmlOption & {
  /** The verb again, without the options of its output. */
  readonly words: readonly string[]
  readonly compare: string | undefined
}

/** What becomes of a result whatever made it: a page where one was asked for, the other run beside it, and the lines. */
async function tell<T extends BacktestResult>(
  result: T,
  reportOf: (result: T, origin: Origin) => Report,
  lines: readonly string[],
  { words, html, compare }: Telling,
  session: Session,
): Promise<void> {
  const { ports, stateDirectory, out } = session
  const made = (origin: Origin): Report => reportOf(result, origin)
  // Opened first: a run that is not there is known before anything is written.
  const other = compare === undefined ? undefined : await openReport(compare, stateDirectory, ports)
  const saved =
    html === undefined ? undefined : await writeReport({ html, words, reportOf: made, csv: tradesCsv(result) }, session)
  const compared: Compared | undefined = other && compareReports(made({ ...ports, command: '' }), other)
  out.result({ ...plain(result), ...(compared && { compared }), ...(saved && { report: saved }) }, [
    ...lines,
    ...(compared === undefined ? [] : comparedLines(compared)),
    ...reportLines(saved),
  ])
}

async function walk(request: Shared, telling: Telling, session: Session): Promise<void> {
  const { out, signal, ports } = session
  const onFold: WalkForwardRequest['onFold'] = ({ number, testFrom }, folds) =>
    out.progress((number - 1) / folds, `fold ${number} of ${folds}: fits what was known before ${utcDay(testFrom)}`)
  const result = await walkForward({ ...request, signal, onFold }, await session.state(), ports)
  await tell(result, walkForwardReport, [...backtestLines(result), ...foldLines(result)], telling, session)
}

/** The result as JSON has it: typed arrays would become objects. */
function plain(result: BacktestResult): Record<string, unknown> {
  const { times, closes, equity, benchmarks } = result
  const buyAndHold = { ...benchmarks.buyAndHold, equity: Array.from(benchmarks.buyAndHold.equity) }
  return {
    ...result,
    times: Array.from(times),
    closes: Array.from(closes),
    equity: Array.from(equity),
    benchmarks: { ...benchmarks, buyAndHold },
  }
}

/** Who decides, as words of the command line again. */
const deciderWords = ({ release, strategy, brain }: BacktestOptions): string[] => [
  ...(release === undefined ? [] : ['--release', release]),
  ...(strategy === undefined ? [] : ['--strategy', strategy]),
  ...(brain === undefined ? [] : ['--brain', ...(brain === true ? [] : [brain])]),
]

async function single(request: BacktestRequest, telling: Telling, session: Session): Promise<number> {
  const result = await runBacktest(request, await session.state(), session.ports)
  await tell(result, backtestReport, backtestLines(result), telling, session)
  return result.leak !== null && result.leak.leaks.length > 0 ? EXIT.refused : EXIT.done
}

export const backtest: Verb = (program, act) => {
  const command = program
    .command('backtest')
    .description('run rules or models over bars, with costs, held against doing nothing, the market and chance')
    .option('--bars <file>', 'bars to run over (default: the stored bars of --symbol)')
    .option('--allow-gaps', 'run over bars although some are missing, twice or out of order')
    .addOption(
      new Option('--strategy <name>', 'what decides: the rules, or one strategy of theirs alone')
        .choices([BASELINE_ID, ...GENERAL_STRATEGIES.map(({ name }) => name)])
        .conflicts(['release', 'brain']),
    )
    .addOption(
      new Option('--release <directory>', 'what decides: the models of a release directory').conflicts('brain'),
    )
    .addOption(
      new Option('--brain [when]', 'what decides: the models in charge here, or each while it was').choices([
        'now',
        'history',
      ]),
    )
    .option('--capital <dollars>', 'money at the start (default: backtest.initialCapital)', amount(1000, 1e9))
    .option('--seed <n>', 'seed of everything random (default: training.seed)', wholeNumber(0))
    .option('--monte-carlo <n>', 'runs of random entries, reshuffles, redraws and noisy bars', wholeNumber(1), 1000)
    .option('--leak-check [cuts]', `replace the future by noise; no decision may change (${LEAK_CUTS})`, wholeNumber(1))
    .option('--from <day>', 'first day in UTC that counts; what is before it only warms up', utcDate)
    .option('--to <day>', 'first day in UTC that no longer counts', utcDate)
    .addOption(
      new Option(
        '--walk-forward',
        'fit models again and again on the days before, and let each fold trade the days after',
      ).conflicts(['release', 'strategy', 'brain', 'leakCheck', 'grid', 'finer']),
    )
    .option('--finer <file>', 'shorter bars of the same symbol: they tell whether stop or target came first')
    .option('--grid <parameters>', 'the same with other parameters, such as stopAtr=1,2,3/maxBars=50,100')
    .option('--compare <report>', 'an earlier report to stand beside it: its name, or the path of its JSON')
    .addHelpText('after', example('backtest --bars spx.csv --symbol SPX'))
  addHtmlOption(addSeriesOptions(command)).action(
    act(async (session, options: BacktestOptions) => {
      const { settings } = session.ports
      const { bars, allowGaps, strategy, release, brain, monteCarlo: runs, leakCheck, html, compare } = options
      const { capital = settings.backtest.initialCapital, seed = settings.training.seed } = options
      const series = dataOf(options)
      const { from, to, walkForward: walks } = options
      const span = { from, to }
      const dayWords = Object.entries(span).flatMap(([name, ms]) => (ms === undefined ? [] : [`--${name}`, utcDay(ms)]))
      const numbers = ['--seed', `${seed}`, '--capital', `${capital}`, '--monte-carlo', `${runs}`, ...dayWords]
      const gaps = allowGaps === true ? ['--allow-gaps'] : []
      const data = [...(bars === undefined ? [] : ['--bars', bars]), ...seriesWords(options), ...gaps]
      const shared: Shared = { series, allowGaps, seed, capital, runs, ...span }
      if (walks === true) {
        const words = ['backtest', ...data, '--walk-forward', ...numbers]
        await walk(shared, { words, html, compare }, session)
        return EXIT.done
      }
      const leakSamples = leakCheck === true ? LEAK_CUTS : (leakCheck ?? 0)
      const { finer } = options
      const finerWords = finer === undefined ? [] : ['--finer', finer]
      const gridWords = options.grid === undefined ? [] : ['--grid', options.grid]
      const leakWords = leakSamples === 0 ? [] : ['--leak-check', `${leakSamples}`]
      const words = [
        'backtest',
        ...data,
        ...deciderWords(options),
        ...numbers,
        ...leakWords,
        ...gridWords,
        ...finerWords,
      ]
      const request = {
        ...shared,
        release,
        strategy: strategy === BASELINE_ID ? undefined : strategy,
        brain: brain === true ? ('now' as const) : brain,
        leakSamples,
        // Its length is told by its times: --bar is that of the bars that are decided on.
        finer: finer === undefined ? undefined : { ...seriesRequest(finer, options), barMs: undefined },
        grid: options.grid === undefined ? undefined : parseGrid(options.grid),
      }
      return single(request, { words, html, compare }, session)
    }),
  )
}
