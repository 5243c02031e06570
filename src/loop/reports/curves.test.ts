import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { sharpeRatio } from '../../math/performance.ts'
import type { LinePlot } from '../../report/report.ts'
import type { BacktestReport } from '../../trading/backtest-report.ts'
import { equityPlots, monthTable, rollingSharpe } from './curves.ts'

const DAY = 86_400_000
const START = Date.UTC(2018, 0, 1)

/** A session a day, a trade every `every` days. */
function made(days: number, every: number) {
  const rng = seededRng(7)
  const sessions = Array.from({ length: days }, (_, day) => {
    const time = START + day * DAY
    return { date: new Date(time).toISOString().slice(0, 10), time, return: 0.01 * rng.normal() }
  })
  let worth = 100_000
  const equity = Float64Array.from(sessions, session => (worth *= 1 + session.return))
  const trades = sessions.filter((_, day) => day % every === 0).map(({ time }) => ({ exitTime: time }))
  const times = Float64Array.from(sessions, ({ time }) => time)
  const report: Partial<BacktestReport> = { sessions, equity, times, perYear: 252 }
  const benchmarks = { buyAndHold: { equity: equity.map(value => value * 2) } }
  return { ...report, benchmarks, trades } as unknown as BacktestReport
}

test('each point of the moving Sharpe is that of its own window', () => {
  const report = made(400, 2)
  const plot = rollingSharpe(report, 'day') as LinePlot
  // 200 trades: 30 of them need 60 sessions, so the shortest window will do.
  assert.equal(plot.title, 'Rolling Sharpe over 63 sessions')
  const returns = report.sessions.map(session => session.return)
  const [first] = plot.lines
  assert.equal(plot.times.length, 400 - 62)
  for (const at of [0, 100, 337]) {
    assert.equal(first!.values[at], sharpeRatio(returns.slice(at, at + 63)))
    assert.equal(plot.times[at], report.sessions[at + 62]!.time)
  }
})

test('the window grows until it holds 30 trades on average; windows with fewer are gaps', () => {
  const plot = rollingSharpe(made(2000, 8), 'day') as LinePlot
  assert.equal(plot.title, 'Rolling Sharpe over 252 sessions')
  const sparse = made(2000, 8)
  const early = sparse.trades.filter(({ exitTime }) => exitTime < START + 1000 * DAY)
  const gaps = rollingSharpe({ ...sparse, trades: [...early, ...sparse.trades.slice(-90)] }, 'day') as LinePlot
  assert.ok(gaps.lines[0]!.values.includes(null))
})

test('too few trades, sessions or both print why, not a plot', () => {
  const reason = (days: number, every: number) => {
    const block = rollingSharpe(made(days, every), 'day')
    return block.kind === 'missing' ? block.reason : block.kind
  }
  assert.equal(reason(400, 20), '20 trades, 30 are needed')
  assert.equal(reason(50, 1), '50 sessions, 60 are needed')
  assert.match(reason(100, 2), /^no window of at most half of 100 sessions holds 30 of 50 trades/)
})

test('months compound their sessions, years their months; months without bars have none', () => {
  const { years } = monthTable(made(45, 1))
  const { months, whole } = years[0]!
  assert.deepEqual(
    years.map(({ year }) => year),
    [2018],
  )
  assert.equal(months.filter(month => month === null).length, 10)
  const grown = (1 + months[0]! / 100) * (1 + months[1]! / 100)
  assert.ok(Math.abs(100 * (grown - 1) - whole!) < 1e-9)
})

test('drawdown is 0 at a peak and the fall from it after, and long curves keep their extremes', () => {
  const report = made(5000, 2)
  const plots = equityPlots(report, 'day') as LinePlot[]
  const fall = plots.find(({ title }) => title === 'Drawdown')!.lines[0]!.values as number[]
  const [equity] = plots.find(({ title }) => title === 'Equity')!.lines
  let peak = 0
  const worst = Math.min(...report.equity.map(value => value / (peak = Math.max(peak, value)) - 1))
  assert.equal(Math.max(...fall), 0)
  assert.equal(Math.min(...fall), 100 * worst)
  assert.equal(Math.max(...(equity!.values as number[])), Math.max(...report.equity))
  assert.ok(plots.every(({ times }) => times.length <= 1200))
})
