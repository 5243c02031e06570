import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../../test/open-calendar.ts'
import { sp500Bars } from '../../../test/sp500.ts'
import { DAY_MS } from '../../market/bar.ts'
import { SPX } from '../../market/instrument.ts'
import { PAGE_CAP, renderReport } from '../../report/render.ts'
import type { Figure, Report, Table } from '../../report/report.ts'
import { backtest } from '../../trading/backtest.ts'
import { baselineModels } from '../../trading/baseline.ts'
import { replayAccount } from '../../trading/limits.ts'
import { GENERAL_STRATEGIES } from '../../trading/strategies/index.ts'
import type { BacktestResult } from '../run-backtest.ts'
import { settingsSchema } from '../settings.ts'
import { backtestReport } from './backtest.ts'

const origin = {
  facts: { codeVersion: '1.2.3', lockfileSha256: 'c'.repeat(64), platform: 'test' },
  settings: settingsSchema.parse({}),
  command: 'ratchet backtest --bars x.csv --html',
}

const none = { value: null, n: 1, reason: 'one backtest of these sessions is no choice' } as const
const TRIES = { trials: 1, backtests: 1, looks: 0, deflatedSharpe: { value: 0.31, n: 1900 }, overfitting: none }
const GAPS = { missing: 0, days: [], duplicates: 0, disorder: 0, unreadable: 0, heldBack: 0 }

function resultOf(count: number): BacktestResult {
  const series = {
    symbol: 'SPX',
    barMs: DAY_MS,
    hasVolume: true,
    bars: sp500Bars(count),
    snapshotId: 'd'.repeat(64),
    source: 'file',
    provenance: 'real',
  } as const
  const report = backtest({
    series,
    instrument: SPX,
    calendar: openCalendar,
    models: baselineModels(GENERAL_STRATEGIES.map(({ name }) => name)),
    limits: replayAccount({ symbol: 'SPX' }),
    seed: 42,
    runs: 50,
  })
  return {
    ...report,
    models: 'baseline',
    releaseDigest: null,
    tries: TRIES,
    inSample: null,
    gaps: GAPS,
    grid: null,
    barMs: DAY_MS,
  }
}

const result = resultOf(1900)
const report = backtestReport(result, origin)

function figures({ sections }: Report): ReadonlyMap<string, Figure> {
  const all = sections.flatMap(({ blocks }) => blocks.flatMap(block => (block.kind === 'figures' ? block.figures : [])))
  return new Map(all.map(figure => [figure.label, figure]))
}

test('the order is that of REP-02, baselines first', () => {
  assert.equal(report.verdict.text, result.sentence)
  assert.deepEqual(
    report.sections.map(({ title }) => title),
    [
      'Beside the baselines',
      'How sure: interval and sample',
      'Costs and assumptions',
      'Trials counted',
      'How it went',
      'Where it came from',
      'Trades',
      'Origin, and how to make this again',
      'Limits',
    ],
  )
  const [table] = report.sections[0]!.blocks as Table[]
  assert.deepEqual(
    table!.rows.map(([name]) => name),
    ['This backtest', 'Staying flat', 'Buy and hold, no costs', 'Random entries'],
  )
})

test('figures are those of the result, in the unit they are shown in', () => {
  const shown = figures(report)
  const { measures, returnPct } = result
  assert.equal(shown.get('Sharpe, annualised')!.value, measures.sharpe.value)
  assert.deepEqual(
    [shown.get('Sharpe, annualised')!.low, shown.get('Sharpe, annualised')!.high],
    [measures.sharpe.interval!.low, measures.sharpe.interval!.high],
  )
  assert.equal(shown.get('Return')!.value, returnPct)
  assert.equal(shown.get('Max drawdown')!.value, 100 * measures.drawdown.fraction)
  assert.equal(shown.get('Win rate')!.value, 100 * measures.winRate.value!)
})

test('every trade has its row, in prices', () => {
  const [table] = report.sections[6]!.blocks as Table[]
  assert.equal(table!.rows.length, result.trades.length)
  const [first] = result.trades
  assert.deepEqual(table!.rows[0]![4], { value: first!.entry * 0.01, digits: 2 })
})

test('more trades than fit are capped at the newest, and the count is said', () => {
  const many = { ...result, trades: Array.from({ length: 900 }, (_, i) => result.trades[i % result.trades.length]!) }
  const page = renderReport(backtestReport(many, origin)).html
  assert.match(page, /900 closed trades/)
  assert.match(page, /250 of 900 rows/)
})

test('thin evidence prints N/A with the count, never a ratio', () => {
  const few = backtestReport(resultOf(300), origin)
  for (const label of ['Sharpe, annualised', 'Profit factor', 'Win rate', 'Mean R']) {
    const figure = figures(few).get(label)!
    assert.equal(figure.value, null, label)
    assert.match(figure.note!, /^\d+ trades, 30 are needed$/)
  }
  assert.ok(few.marks.includes('thin evidence'))
})

test('bars that the models were made with are named, and no verdict on them is good', () => {
  const inSample = { bars: 1000, until: result.times[999]! }
  const seen = backtestReport({ ...result, inSample, against: [{ name: 'staying flat', beaten: true }] }, origin)
  assert.ok(seen.marks.includes('1,000 of 1,900 bars in sample'))
  assert.match(
    seen.verdict.text,
    /; but the models had seen 1,000 of the 1,900 bars before, and there it is no test\.$/,
  )
  assert.equal(seen.verdict.tone, 'mixed')
  assert.match(renderReport(seen).html, /1,000 of 1,900 bars are no test of them/)
})

test('a page of years of bars is far from the cap', () => {
  assert.ok(Buffer.byteLength(renderReport(report).html) < PAGE_CAP / 5)
})
