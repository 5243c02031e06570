// `ratchet up`: the whole loop, live on a page and in the terminal: over recorded bars, or by the clock on stored ones.

import { Fault } from '../base/fault.ts'
import { DEMO_SYMBOL } from '../loop/demo-reset.ts'
import { importForTraining, type Market } from '../loop/import-series.ts'
import { cycleBars, slotBars } from '../loop/lifecycle.ts'
import { newsPath, withNews } from '../loop/read-news.ts'
import { type ReplayRequest, type ReplayView, replay } from '../loop/replay.ts'
import type { ReplaySummary } from '../loop/replay-summary.ts'
import { runWatched } from '../loop/run-window.ts'
import type { Settings } from '../loop/settings.ts'
import { isDaily } from '../market/bar.ts'
import { type Cadence, cadence, roleHere, speedFactor, wholeNumber } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { logConfiguration } from './config-summary.ts'
import { EXIT } from './exit.ts'
import { example } from './lines.ts'
import { limitLines } from './risk.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest } from './series-options.ts'
import { untilStopped } from './service.ts'
import { upClock } from './up-clock.ts'
import { refuseOddUp } from './up-odd.ts'
import { smoke } from './up-smoke.ts'
import { liveLine, summaryLines } from './up-summary.ts'

type UpOptions = SeriesOptions & {
  readonly bars?: string
  readonly demo?: true
  readonly seed?: number
  readonly trainEvery?: Cadence
  readonly headless?: true
  readonly untilEnd?: true
  readonly speed?: number
  readonly port?: number
  readonly restart?: true
  readonly open?: true
  readonly once?: true
  readonly smoke?: true
  readonly role?: string
  readonly clock?: true
  readonly source?: readonly string[]
}

const BANNER = [
  'Real index history, hypothetical execution. The index cannot be traded; costs are those of one MES contract',
  '($5 a point, $0.75 a side, one 0.25 tick of slippage), fills at the next open. Not advice.',
]

const DATA_NOTE =
  'S&P 500 daily bars of 2000-2020 from the npm package vega-datasets (BSD-3-Clause); the index belongs to its owner.'
const OWN_NOTE = 'Your own file, under the terms you have it by.'
const OWN_BANNER = [
  'Your own bars, hypothetical execution: a paper broker fills at the next open, costs against you. Not advice.',
]

function barsBetween({ bars, trainEvery }: UpOptions, { series }: Market, { demo, training }: Settings): number {
  if (trainEvery !== undefined && 'bars' in trainEvery) return trainEvery.bars
  return training.everyBars ?? (bars === undefined ? demo.trainEvery : cycleBars(series.bars.length))
}

/** Reads and stores the bars, and says what is to be done with them. */
async function requestOf(session: Session, options: UpOptions): Promise<ReplayRequest> {
  const { ports, out, sampleBars } = session
  const sample = options.bars === undefined
  const state = await session.state()
  const bars = seriesRequest(options.bars ?? sampleBars, sample ? { ...options, symbol: DEMO_SYMBOL } : options)
  const { market, gap } = await withNews(await importForTraining(bars, state, ports), state.directory, ports)
  for (const warning of market.report.warnings) out.note(`note: ${warning}`)
  if (gap !== undefined) out.note(`warning: ${gap}; put one at ${newsPath(state.directory, ports.settings)}`)
  out.note(limitLines(market, ports.settings))
  const { demo, training } = ports.settings
  const { barMs } = market.series
  const { trainEvery } = options
  const everyMs = trainEvery !== undefined && 'ms' in trainEvery ? trainEvery.ms : undefined
  const everyBars = everyMs === undefined ? barsBetween(options, market, ports.settings) : slotBars(everyMs, barMs)
  return {
    market,
    seed: options.seed ?? training.seed,
    everyBars,
    everyMs,
    warmupBars: isDaily(barMs) ? demo.warmupBars : everyBars,
    fresh: options.restart,
    rehearse: sample,
  }
}

const ENOUGH = new Fault('ONCE_DONE', 'the next training has ended')

/** Replays until the bars end, somebody stops it, or one training is over with `--once`. */
async function replayBars(session: Session, options: UpOptions): Promise<number | void> {
  const { ports, out, stateDirectory } = session
  const once = new AbortController()
  const signal = AbortSignal.any([session.signal, once.signal])
  const state = await session.state()
  const sample = options.bars === undefined
  const banner = sample ? BANNER : OWN_BANNER
  for (const line of banner) out.note(line)
  const onView = (view: ReplayView): void =>
    view.text === '' ? out.progress(view.bar / view.bars, liveLine(view)) : out.note(liveLine(view))
  const onSummary = (summary: ReplaySummary): void => out.result(summary, summaryLines(summary, stateDirectory))
  let cycle: { readonly released: boolean } | undefined
  const onCycle = (ended: { readonly released: boolean }): void => {
    if (options.once !== true || cycle !== undefined) return
    cycle = ended
    once.abort(ENOUGH)
  }
  const request = () => requestOf(session, options)
  const { demo, api } = ports.settings
  const factor = options.speed ?? 1
  const watched = {
    port: options.port ?? api.port,
    barsPerSecond: Number.isFinite(factor) ? factor * demo.barsPerSecond : null,
    untilEnd: options.untilEnd === true || options.once === true,
    banner,
    dataNote: sample ? DATA_NOTE : OWN_NOTE,
    request,
  }
  const onOpen = ({ url }: { readonly url: string }): void => {
    out.note(`watch it: ${url}   state in ${stateDirectory}, mode PAPER; Ctrl-C stops, the next start goes on`)
    if (options.open === true) void showPage(url, session)
  }
  try {
    if (options.headless === true) {
      onSummary(await replay(await request(), state, ports, { signal, onView, onCycle }))
      return EXIT.done
    }
    const running = runWatched(watched, state, ports, { signal, onOpen, onView, onSummary, onCycle })
    if (!watched.untilEnd) return await untilStopped(signal, running)
    await running
  } catch (cause) {
    if (cause !== ENOUGH) throw cause
    const what =
      cycle?.released === true
        ? 'one training has ended and its release was judged'
        : 'one training has ended without a release'
    out.result({ once: true, released: cycle?.released === true, stateDirectory }, [`${what}; the next start goes on`])
  }
  return EXIT.done
}

async function showPage(url: string, { openPage, out }: Session): Promise<void> {
  if (!(await openPage(url))) out.note(`note: no browser could be started here; open ${url}`)
}

export const up: Verb = (program, act) => {
  addSeriesOptions(
    program
      .command('up')
      .description('replay bars through the whole loop: learn, judge, sign, publish, swap, trade on paper')
      .option('--demo', 'the S&P 500 daily bars of 2000-2020, which is what is replayed when nothing is named')
      .option('--bars <file>', 'bars to replay (default: S&P 500 daily, 2000-2020)')
      .option('--seed <n>', 'seed of everything random', wholeNumber(0))
      .option(
        '--train-every <cadence>',
        'bars between trainings, or a time such as 12h by the clock of the bars (default: at most 48 trainings)',
        cadence,
      )
      .option('--speed <factor>', 'times the pace of the demo, or max (headless: always max)', speedFactor)
      .option('--port <n>', 'port of the page on this machine (default 8000)', wholeNumber(0))
      .option('--headless', 'no page')
      .option('--until-end', 'stop with a summary when the bars end')
      .option('--open', 'show the page in a browser')
      .option('--once', 'stop once the next training has ended and its release was judged')
      .option(
        '--smoke',
        'start all, one training on the demo in a folder of its own, and say whether it worked (0 or 1)',
      )
      .option('--role <role>', 'what of the program runs here', roleHere('up', ['all']))
      .option('--restart', 'begin again instead of going on where the last run stopped')
      .option('--clock', 'no replay: train, publish and install by the clock on the stored bars of --symbol')
      .option('--source <place...>', 'with --clock: take releases from there, not from what is published here')
      .addHelpText('after', example('up --bars nq.csv --symbol NQ --open')),
  ).action(
    act(async (session, options: UpOptions) => {
      refuseOddUp(options)
      logConfiguration(session)
      if (options.smoke === true) return smoke(session, own => requestOf(own, options))
      if (options.clock === true) return untilStopped(session.signal, upClock(session, options))
      return replayBars(session, options)
    }),
  )
}
