// `ratchet up`: the whole loop over recorded bars, live in the terminal, to a summary.

import { Fault } from '../base/fault.ts'
import { importSeries } from '../loop/import-series.ts'
import { cycleBars } from '../loop/lifecycle.ts'
import { type ReplayView, replay } from '../loop/replay.ts'
import type { ReplaySummary } from '../loop/replay-summary.ts'
import { isDaily } from '../market/bar.ts'
import { wholeNumber } from './arguments.ts'
import type { Verb } from './command.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest } from './series-options.ts'

type UpOptions = SeriesOptions & {
  readonly bars?: string
  readonly seed?: number
  readonly trainEvery?: number
}

const BANNER = [
  'Real index history, hypothetical execution. The index cannot be traded; costs are those of one MES contract',
  '($5 a point, $0.75 a side, one 0.25 tick of slippage), fills at the next open. Not advice.',
]

const percent = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(2)} %`

function liveLine({ bar, bars, time, equity, inCharge, text }: ReplayView): string {
  const date = new Date(time).toISOString().slice(0, 10)
  return `PAPER ${date} bar ${bar}/${bars} equity ${equity.toFixed(0)} in charge ${inCharge}${text === '' ? '' : ` | ${text}`}`
}

function summaryLines(summary: ReplaySummary, stateDirectory: string): string[] {
  const { releases, refusedBy, trainingsFailed, returnPct, buyAndHoldPct, trades } = summary
  const listed = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none'
  return [
    `${summary.symbol}: ${summary.bars} bars, ${summary.candidates} candidate rows, ${summary.effectiveRows.toFixed(0)} effective at the last training`,
    `trainings      ${summary.trainings} (without release: ${listed(trainingsFailed)}; skipped: ${summary.trainingsSkipped})`,
    `releases       ${releases.published} published, ${releases.installed} installed, ${releases.refused} refused (by ${listed(refusedBy)})`,
    ...(releases.installed === 0
      ? ['               no release was installed: the rule-based baseline decided throughout']
      : []),
    ...Object.entries(summary.verdictsByGate).map(([gate, verdicts]) => `  ${gate.padEnd(4)} ${listed(verdicts)}`),
    `decisions      ${summary.decisions}, trades ${trades}, drawdown halts resumed ${summary.haltsResumed}`,
    `return         ${percent(returnPct)} after costs, hypothetical; buy and hold ${percent(buyAndHoldPct)}${returnPct > buyAndHoldPct ? '' : ': not beaten'}`,
    `event hash     ${summary.eventHash} (seed ${summary.seed})`,
    `state          ${stateDirectory}; your own bars: ratchet up --bars FILE --symbol S`,
  ]
}

export const up: Verb = (program, act) => {
  addSeriesOptions(
    program
      .command('up')
      .description('replay bars through the whole loop: learn, judge, sign, publish, swap, trade on paper')
      .option('--bars <file>', 'bars to replay (default: S&P 500 daily, 2000-2020)')
      .option('--seed <n>', 'seed of everything random', wholeNumber(0))
      .option('--train-every <bars>', 'bars between trainings (default: at most 48 trainings)', wholeNumber(1))
      .option('--headless', 'no server')
      .option('--until-end', 'stop with a summary when the bars end'),
  ).action(
    act(async (session, options: UpOptions) => {
      const { ports, out, signal, sampleBars, stateDirectory } = session
      if (options.bars === undefined && options.symbol !== undefined) {
        throw new Fault('USAGE', '--symbol was given without --bars', {
          place: '--symbol',
          fix: 'name the file with --bars FILE',
        })
      }
      const state = await session.state()
      const sample = options.bars === undefined
      if (sample) for (const line of BANNER) out.note(line)
      const request = seriesRequest(options.bars ?? sampleBars, sample ? { ...options, symbol: 'SPX' } : options)
      const market = await importSeries(request, state, ports)
      for (const warning of market.report.warnings) out.note(`note: ${warning}`)
      const { demo, training } = ports.settings
      const everyBars = options.trainEvery ?? training.everyBars ?? cycleBars(market.series.bars.length)
      const warmupBars = isDaily(market.series.barMs) ? demo.warmupBars : everyBars
      const seed = options.seed ?? training.seed
      const summary = await replay({ market, seed, everyBars, warmupBars }, state, ports, {
        signal,
        onView: view =>
          view.text === '' ? out.progress(view.bar / view.bars, liveLine(view)) : out.note(liveLine(view)),
      })
      out.result(summary, summaryLines(summary, stateDirectory))
    }),
  )
}
