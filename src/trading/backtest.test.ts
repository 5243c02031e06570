import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { sp500Bars } from '../../test/sp500.ts'
import { seededRng } from '../base/rng.ts'
import { type Bar, type BarSeries, DAY_MS } from '../market/bar.ts'
import { SPX } from '../market/instrument.ts'
import { type BacktestOptions, backtest } from './backtest.ts'
import { firstLine } from './backtest-report.ts'
import { baselineModels } from './baseline.ts'
import { candidateBook } from './candidates.ts'
import { leaseOf } from './fixtures/market.ts'
import { lintLeaks } from './leak-lint.ts'
import { replayAccount } from './limits.ts'
import { observeDecisions } from './observe-decisions.ts'
import { replayModels } from './replay.ts'
import { GENERAL_STRATEGIES } from './strategies/index.ts'

const bars = sp500Bars(1300)
const series: BarSeries = {
  symbol: 'SPX',
  barMs: DAY_MS,
  hasVolume: true,
  bars,
  snapshotId: 'snapshot',
  source: 'file',
  provenance: 'real',
}
const names = GENERAL_STRATEGIES.map(({ name }) => name)
const limits = replayAccount({ symbol: 'SPX' })
const options: BacktestOptions = {
  series,
  instrument: SPX,
  calendar: openCalendar,
  models: baselineModels(names),
  limits,
  seed: 42,
  runs: 200,
}
const report = backtest(options)

test('the same input and seed make the same fingerprint; other costs make another', () => {
  assert.equal(backtest(options).fingerprint, report.fingerprint)
  const dearer = backtest({ ...options, instrument: { ...SPX, commissionPerSide: 1 } })
  assert.notEqual(dearer.fingerprint, report.fingerprint)
})

test('the equity ends with the capital and every net result, to the cent', () => {
  const net = report.trades.reduce((sum, { netMicros }) => sum + netMicros, 0) / 1e6
  assert.equal(report.equity.length, bars.length)
  assert.ok(Math.abs(report.equity.at(-1)! - (100_000 + net)) < 1e-6)
  assert.ok(Math.abs(report.returnPct - net / 1000) < 1e-9)
})

test('one decision for every bar after warm-up', () => {
  const { enter = 0, exit = 0, hold = 0, noTrade = 0, refused = 0 } = report.decisions.outcomes
  const book = candidateBook({ ...options, barMs: DAY_MS, hasVolume: true, strategies: GENERAL_STRATEGIES })
  const ready = bars.filter(bar => book.update(bar).ready).length
  assert.equal(enter + exit + hold + noTrade + refused, ready)
  assert.equal(report.trades.length, enter)
})

test('each group adds up to the whole', () => {
  for (const group of Object.values(report.groups)) {
    const trades = Object.values(group).reduce((sum, each) => sum + each.trades, 0)
    assert.equal(trades, report.trades.length)
  }
})

test('a stop lost at least its planned loss, a target earned its reward less costs, and excursions say how far both ran', () => {
  for (const trade of report.trades) {
    if (trade.exitReason === 'stop') assert.ok(trade.r <= -0.99 && trade.maeR >= 0.95)
    if (trade.exitReason === 'target') assert.ok(trade.r > 1.9 && trade.mfeR >= 1.9)
  }
})

test('thin evidence prints a reason instead of a ratio', () => {
  const thin = backtest({ ...options, series: { ...series, bars: bars.slice(0, 240) } })
  assert.equal(thin.measures.sharpe.value, null)
  assert.match('reason' in thin.measures.sharpe ? thin.measures.sharpe.reason : '', /30 are needed/)
})

test('buy and hold runs from the first decided bar', () => {
  const warm = candidateBook({ ...options, barMs: DAY_MS, hasVolume: true, strategies: GENERAL_STRATEGIES })
  const first = bars.findIndex(bar => warm.update(bar).ready)
  assert.equal(report.buyAndHoldPct, 100 * (bars.at(-1)!.close / bars[first]!.close - 1))
})

test('what reports draw agrees with the figures: a time a bar, sessions that compound to the return, the market from its first bar on', () => {
  const { times, sessions, equity, returnPct, benchmarks, capital } = report
  assert.deepEqual([times.length, times[0], times.at(-1)], [bars.length, bars[0]!.knownAt, bars.at(-1)!.knownAt])
  const grown = sessions.reduce((worth, session) => worth * (1 + session.return), 1)
  assert.ok(Math.abs(100 * (grown - 1) - returnPct) < 1e-9)
  assert.equal(new Set(sessions.map(({ date }) => date)).size, sessions.length)
  assert.equal(sessions.at(-1)!.time, bars.at(-1)!.knownAt)
  assert.deepEqual(
    report.against.map(({ name }) => name),
    ['staying flat', 'buy and hold', 'random entries'],
  )
  const held = benchmarks.buyAndHold.equity
  assert.deepEqual([held.length, held[0]], [equity.length, capital])
  assert.ok(Math.abs(100 * (held.at(-1)! / capital - 1) - benchmarks.buyAndHold.returnPct) < 1e-9)
})

test('a run that beats nothing says so in its first line', () => {
  assert.equal(
    firstLine(-1.25, 3, [
      { name: 'staying flat', beaten: false },
      { name: 'buy and hold', beaten: false },
    ]),
    'Beats none of staying flat and buy and hold: -1.3 % on 3 trades.',
  )
  const mixed = firstLine(2, 3, [
    { name: 'staying flat', beaten: true },
    { name: 'buy and hold', beaten: false },
  ])
  assert.equal(mixed, 'Beats staying flat, but not buy and hold: +2.0 % on 3 trades.')
})

test('the release that would be replaced runs over the same bars', () => {
  const { incumbent } = backtest({ ...options, incumbent: options.models }).benchmarks
  assert.equal(incumbent?.returnPct, report.returnPct)
  assert.equal(incumbent?.trades, report.trades.length)
})

test('a run without trades has nothing to shuffle or to compare with chance', () => {
  const never = {
    lease: () => leaseOf({ classes: [...names, 'None'], probabilities: () => Float32Array.of(0, 0, 0, 0, 1) }),
  }
  const idle = backtest({ ...options, models: never })
  assert.deepEqual(
    [idle.trades.length, idle.returnPct, idle.monteCarlo.reshuffle, idle.benchmarks.random],
    [0, 0, null, null],
  )
  // The index fell over these five years: standing aside beats holding it, and equals staying flat.
  assert.equal(idle.sentence, 'Beats buy and hold, but not staying flat: +0.0 % on 0 trades.')
})

test('bars that do not follow each other are refused with their place', () => {
  const twice = { ...series, bars: [...bars.slice(0, 3), bars[2]!] }
  assert.throws(() => backtest({ ...options, series: twice }), { code: 'BARS_DISORDER' })
  assert.throws(() => backtest({ ...options, series: { ...series, bars: [] } }), { code: 'BARS_MISSING' })
})

test('the replay over recorded rows makes the trades of the backtest', () => {
  const market = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS, hasVolume: true }
  const book = candidateBook({ ...market, strategies: GENERAL_STRATEGIES, labels: limits })
  for (const bar of bars) book.update(bar)
  const window = { table: book.table, bars, from: 0, to: bars.length }
  const replay = replayModels({ ...market, ...window, models: options.models, limits, seed: 42 })
  assert.deepEqual(
    [...replay.r],
    report.trades.map(({ r }) => r),
  )
  assert.equal(replay.maxDrawdown, report.maxDrawdown)
  assert.equal(replay.bars, bars.length)
})

const market = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS, hasVolume: true }
const makeBook = () => candidateBook({ ...market, strategies: GENERAL_STRATEGIES, labels: limits })
const short = bars.slice(0, 330)

test('whatever comes after a bar, decisions and fills up to it stay the same', () => {
  const observe = observeDecisions(makeBook, { ...market, models: options.models, limits, seed: 42 })
  assert.ok(
    observe(short).some(seen => seen[0] === 0),
    'nothing entered: the check would prove nothing',
  )
  assert.deepEqual(lintLeaks(observe, short, { rng: seededRng(1), samples: 10 }).leaks, [])
})

test('models that peek at the next close are caught', () => {
  const peeking = (given: readonly Bar[]) => {
    let asked = -1
    const models = {
      lease: () => {
        asked += 1
        const tomorrow = given[199 + asked + 1]
        const up = tomorrow !== undefined && tomorrow.close > given[199 + asked]!.close
        const each = up ? 0.25 : 0
        const classes = [...names, 'None']
        return leaseOf({ classes, probabilities: () => Float32Array.of(each, each, each, each, 1 - 4 * each) })
      },
    }
    return observeDecisions(makeBook, { ...market, models, limits, seed: 42 })(given)
  }
  assert.ok(lintLeaks(peeking, short, { rng: seededRng(1), samples: 10 }).leaks.length > 0)
})
