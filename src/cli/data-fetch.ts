// `ratchet data fetch`: bars and economic series from a vendor, checked and stored like a file (DATA-02, DATA-03).

import { Argument } from 'commander'
import { Fault } from '../base/fault.ts'
import type { MacroFacts } from '../data/macro.ts'
import { fetchBars } from '../loop/fetch-bars.ts'
import { fetchMacro } from '../loop/fetch-macro.ts'
import { DAY_MS } from '../market/bar.ts'
import { barLength, listed, shareBelowOne, utcDate, wholeNumber } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { reportLines } from './data-lines.ts'
import { EXIT } from './exit.ts'
import { count, example, table, utcDay, utcMoment } from './lines.ts'

type FetchOptions = {
  readonly symbol?: string
  readonly bar: number
  readonly from?: number
  readonly to?: number
  readonly adjusted?: true
  readonly previous?: true
  readonly replace?: true
  readonly maxBad?: number
  readonly series?: readonly string[]
  readonly search?: string
  readonly category?: number
  readonly release?: number
}

const OF_BARS = ['symbol', 'from', 'to', 'adjusted', 'previous', 'maxBad', 'replace'] as const
const OF_SERIES = ['series', 'search', 'category', 'release'] as const

function refuseOthers(source: string, options: FetchOptions, names: readonly (keyof FetchOptions)[]): void {
  const odd = names.find(name => options[name] !== undefined)
  if (odd === undefined) return
  const option = `--${odd.replace('B', '-b')}`
  throw new Fault('USAGE', `${option} means nothing to ${source}`, { place: option, fix: 'leave it out' })
}

async function polygon(session: Session, options: FetchOptions): Promise<number> {
  const { ports, out, signal } = session
  const { symbol, bar, adjusted = false, maxBad, replace } = options
  if (symbol === undefined) {
    throw new Fault('USAGE', 'whose bars are wanted is not said', { place: '--symbol', fix: 'add --symbol AAPL' })
  }
  const vendor = await ports.polygon()
  if (options.previous === true) {
    const { time, ...prices } = await vendor.previousClose(symbol, adjusted, signal)
    const { open, high, low, close, volume } = prices
    const line = `${symbol} ${utcDay(time)}: open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume}`
    out.result({ symbol, date: utcDay(time), adjusted, ...prices }, [line])
    return EXIT.done
  }
  const today = Math.floor(ports.clock.now() / DAY_MS) * DAY_MS
  const { from, to = today } = options
  if (from === undefined) {
    throw new Fault('USAGE', 'the first day is not said', { place: '--from', fix: 'add --from 2024-01-02' })
  }
  const state = await session.state()
  const onProgress = (fraction: number, text: string): void => out.progress(fraction, text)
  const request = { symbol, barMs: bar, from, to: to + DAY_MS, adjusted, maxBad, replace, signal, onProgress }
  const { market, health, pages, resumedPages, outsideSession } = await fetchBars(request, vendor, state, ports)
  const { report, snapshot } = market
  const { requests, meanMs, degraded } = health
  const slow = degraded ? [`  note: polygon is slow, ${((meanMs ?? 0) / 1000).toFixed(1)} s an answer`] : []
  const lines = [
    ...reportLines(report),
    `  ${count(pages, 'page')}, ${resumedPages} of them from an earlier fetch; ${count(requests, 'request')}`,
    ...slow,
  ]
  const fetched = { ...report, snapshotId: snapshot.snapshotId, pages, resumedPages, outsideSession, ...health }
  out.result({ fetched: [fetched] }, lines)
  return EXIT.done
}

const found = (facts: readonly MacroFacts[]): string[] =>
  table(facts.map(({ id, frequency, units, title }) => [id, frequency, units, title]))

/** Lists of series, for people who look for one; nothing is stored. */
async function look(session: Session, { search, category, release }: FetchOptions): Promise<number | undefined> {
  if (search === undefined && category === undefined && release === undefined) return undefined
  const { ports, out, signal } = session
  const vendor = await ports.fred()
  if (search !== undefined) {
    const series = await vendor.search(search, signal)
    out.result({ search, series }, series.length === 0 ? ['nothing was found'] : found(series))
    return EXIT.done
  }
  const { name, series } =
    category === undefined ? await vendor.release(release!, signal) : await vendor.category(category, signal)
  out.result({ name, series }, [name, ...found(series)])
  return EXIT.done
}

async function fred(session: Session, options: FetchOptions): Promise<number> {
  const looked = await look(session, options)
  if (looked !== undefined) return looked
  const { ports, out, signal } = session
  const vendor = await ports.fred()
  const state = await session.state()
  const request = {
    series: options.series ?? ports.settings.data.fred.series,
    signal,
    onProgress: (fraction: number, text: string): void => out.progress(fraction, text),
  }
  const { stored, failed } = await fetchMacro(request, vendor, state, ports)
  const [first] = failed
  if (stored.length === 0 && first !== undefined) throw first.fault
  const lines = [
    ...stored.map(({ id, revisions, vintages, title, polledAt }) => {
      const kind = vintages
        ? `${count(revisions, 'value')} of all vintages`
        : `${count(revisions, 'value')} behind their lag`
      return `${id}: ${kind}, as of ${utcMoment(polledAt)} (${title})`
    }),
    ...failed.map(({ id, fault }) => `${id}: ${fault.code}: ${fault.message}`),
  ]
  const faults = failed.map(({ id, fault }) => ({ id, error: fault.toJSON() }))
  out.result({ stored, failed: faults, ...vendor.health() }, lines)
  return failed.length === 0 ? EXIT.done : EXIT.partly
}

export const dataFetch: Verb = (group, act) => {
  group
    .command('fetch')
    .description(
      'fetch bars (polygon) or economic series (fred); an interrupted fetch goes on when it is started again',
    )
    .addArgument(new Argument('<source>', 'who is asked').choices(['polygon', 'fred']))
    .option('--symbol <symbol>', 'polygon: whose bars, e.g. AAPL, C:EURUSD, X:BTCUSD, I:SPX')
    .option('--from <day>', 'polygon: first day (UTC)', utcDate)
    .option('--to <day>', 'polygon: last day (UTC; default: today)', utcDate)
    .option('--bar <length>', 'polygon: length of a bar, e.g. 1m, 1h, 1d', barLength, 60_000)
    .option('--adjusted', 'polygon: prices as if all splits known today had always been')
    .option('--replace', 'polygon: begin the series anew instead of adding to what is stored')
    .option('--previous', 'polygon: show the last finished session and store nothing')
    .option('--max-bad <share>', 'polygon: share of bad rows above which nothing is stored', shareBelowOne)
    .option('--series <ids>', 'fred: ids with commas between them (default: data.fred.series)', listed)
    .option('--search <text>', 'fred: list series that fit, and store nothing')
    .option('--category <id>', 'fred: list the series of a category, and store nothing', wholeNumber(0))
    .option('--release <id>', 'fred: list the series of a release, and store nothing', wholeNumber(1))
    .addHelpText('after', example('data fetch polygon --symbol AAPL --from 2024-01-02 --to 2024-01-31 --bar 1m'))
    .action(
      act(async (session, source: string, options: FetchOptions) => {
        refuseOthers(source, options, source === 'polygon' ? OF_SERIES : OF_BARS)
        return source === 'polygon' ? polygon(session, options) : fred(session, options)
      }),
    )
}
