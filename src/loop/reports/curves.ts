// The curves of a backtest: equity beside the market, drawdown, Sharpe over a moving window, and months.

import { sharpeRatio } from '../../math/performance.ts'
import { count } from '../../report/format.ts'
import type { Block, Instant, LinePlot, MonthTable } from '../../report/report.ts'
import { thinned } from '../../report/thin.ts'
import type { BacktestReport, SessionReturn } from '../../trading/backtest-report.ts'

/** Points of a plot: more cannot be told apart on a page. */
const POINTS = 1_200
/** Windows of a moving Sharpe in sessions: from a quarter to ten years. */
const WINDOWS = [63, 126, 252, 504, 756, 1260, 2520] as const
/** REP-02: fewer print N/A. */
export const LEAST_TRADES = 30
export const LEAST_SESSIONS = 60

type Series = Pick<LinePlot, 'times' | 'lines'>

/** The same curves with fewer points, every peak, trough and gap kept. */
export function fewer({ times, lines }: Series): Series {
  const kept = thinned(
    lines.map(({ values }) => values),
    POINTS,
  )
  return {
    times: kept.map(i => times[i]!),
    lines: lines.map(line => ({ ...line, values: kept.map(i => line.values[i]!) })),
  }
}

/** The same for a first line with points on it, all of which stay. */
export function fewerWith({ times, lines }: Series): Series {
  const [line, ...points] = lines
  const marked = times.flatMap((_, i) => (points.some(({ values }) => values[i] !== null) ? [i] : []))
  const kept = [...new Set([...thinned([line!.values], POINTS), ...marked])].sort((a, b) => a - b)
  return {
    times: kept.map(i => times[i]!),
    lines: lines.map(each => ({ ...each, values: kept.map(i => each.values[i]!) })),
  }
}

/** Share below the highest point so far, 0 or negative, percent. */
export function fallsOf(equity: ArrayLike<number>): number[] {
  let peak = -Infinity
  return Array.from(equity, value => {
    peak = Math.max(peak, value)
    return 100 * (value / peak - 1)
  })
}

export function equityPlots({ times, equity, benchmarks }: BacktestReport, shows: Instant['shows']): Block[] {
  const at = Array.from(times)
  const held = benchmarks.buyAndHold.equity
  return [
    {
      kind: 'lines',
      title: 'Equity',
      unit: '$',
      digits: 0,
      shows,
      ...fewer({
        times: at,
        lines: [
          { label: 'this backtest, after costs', shape: 'line', values: Array.from(equity) },
          { label: 'buy and hold, no costs', shape: 'line', values: Array.from(held) },
        ],
      }),
      note: 'Marked to market at the close of each bar; times are UTC.',
    },
    {
      kind: 'lines',
      title: 'Equity on its own scale',
      unit: '$',
      digits: 0,
      shows,
      ...fewer({
        times: at,
        lines: [{ label: 'this backtest, after costs', shape: 'line', values: Array.from(equity) }],
      }),
    },
    {
      kind: 'lines',
      title: 'Drawdown',
      unit: '%',
      digits: 1,
      shows,
      ...fewer({
        times: at,
        lines: [
          { label: 'this backtest', shape: 'area', values: fallsOf(equity) },
          { label: 'buy and hold', shape: 'line', values: fallsOf(held) },
        ],
      }),
      note: 'Below the highest equity so far.',
    },
  ]
}

/**
 * Trades closed up to and including each session, after a leading 0.
 *
 * @param exits rising
 */
function closedBy(sessions: readonly SessionReturn[], exits: readonly number[]): number[] {
  let closed = 0
  const counts = sessions.map(({ time }) => {
    while (closed < exits.length && exits[closed]! <= time) closed += 1
    return closed
  })
  return [0, ...counts]
}

/** The shortest window that holds enough trades on average and fits twice, or why there is none. */
function windowFor(sessions: number, trades: number): number | string {
  if (trades < LEAST_TRADES) return `${trades} trades, ${LEAST_TRADES} are needed`
  if (sessions < LEAST_SESSIONS) return `${sessions} sessions, ${LEAST_SESSIONS} are needed`
  const wanted = (sessions * LEAST_TRADES) / trades
  const found = WINDOWS.find(window => window >= wanted && 2 * window <= sessions)
  return (
    found ?? `no window of at most half of ${sessions} sessions holds ${LEAST_TRADES} of ${trades} trades on average`
  )
}

export function rollingSharpe(report: BacktestReport, shows: Instant['shows']): Block {
  const { sessions, trades, perYear } = report
  const window = windowFor(sessions.length, trades.length)
  if (typeof window === 'string') return { kind: 'missing', title: 'Rolling Sharpe', reason: window }
  const returns = Float64Array.from(sessions, session => session.return)
  const closed = closedBy(
    sessions,
    trades.map(({ exitTime }) => exitTime).sort((a, b) => a - b),
  )
  const values = sessions.slice(window - 1).map((_, from) => {
    if (closed[from + window]! - closed[from]! < LEAST_TRADES) return null
    const ratio = sharpeRatio(returns.subarray(from, from + window), { perYear })
    return Number.isFinite(ratio) ? ratio : null
  })
  const times = sessions.slice(window - 1).map(({ time }) => time)
  return {
    kind: 'lines',
    title: `Rolling Sharpe over ${count(window)} sessions`,
    unit: '',
    digits: 2,
    shows,
    ...fewer({ times, lines: [{ label: 'Sharpe, annualised', shape: 'line', values }] }),
    note: `Annualised by the square root of ${perYear}; each point looks back over ${count(window)} sessions, gaps are windows with fewer than ${LEAST_TRADES} trades.`,
  }
}

const compound = (returns: readonly number[]): number => returns.reduce((worth, each) => worth * (1 + each), 1) - 1

export function monthTable({ sessions }: BacktestReport): MonthTable {
  const byMonth = Map.groupBy(sessions, ({ date }) => date.slice(0, 7))
  const byYear = Map.groupBy(sessions, ({ date }) => date.slice(0, 4))
  const percent = (some: readonly SessionReturn[] | undefined): number | null =>
    some === undefined ? null : 100 * compound(some.map(session => session.return))
  return {
    kind: 'months',
    title: 'Return by month',
    unit: '%',
    digits: 1,
    years: Array.from(byYear, ([year, whole]) => ({
      year: Number(year),
      months: Array.from({ length: 12 }, (_, i) => percent(byMonth.get(`${year}-${String(i + 1).padStart(2, '0')}`))),
      whole: percent(whole),
    })),
    note: 'Percent of the equity at the start of each month, compounded from session returns by trade date; a dot is a month without bars.',
  }
}
