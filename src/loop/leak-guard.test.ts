import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sp500Bars } from '../../test/sp500.ts'
import type { Bar } from '../market/bar.ts'
import { DAY_MS } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { SPX } from '../market/instrument.ts'
import { candidateBook } from '../trading/candidates.ts'
import type { Observe } from '../trading/leak-lint.ts'
import { observeCandidates } from '../trading/observe-candidates.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import type { Market } from './import-series.ts'
import { leakGuard } from './leak-guard.ts'

const calendar = calendarOf('nyse')
const options = { instrument: SPX, calendar, barMs: DAY_MS, hasVolume: true, strategies: GENERAL_STRATEGIES }
const makeBook = () => candidateBook(options)
const { schema } = makeBook()

const marketOf = (bars: readonly Bar[]): Market =>
  ({
    series: { symbol: 'SPX', barMs: DAY_MS, hasVolume: true, bars, snapshotId: `${bars.length}` },
    instrument: SPX,
    calendar,
  }) as Partial<Market> as Market

const bars = sp500Bars(700)
const END = bars.at(-1)!.knownAt

/** A column of the first stance, by its place among the 17, replaced by the next close. */
const peekingAt =
  (column: number): Observe =>
  series =>
    observeCandidates(makeBook)(series).map((known, index) =>
      known.length < 24 ? known : known.with(7 + column, series[index + 1]?.close ?? 0),
    )

test('the columns of the product are not kept from training', () => {
  assert.equal(leakGuard().faultOf(marketOf(bars), schema, END), undefined)
})

test('a column that looks ahead is named with the roles that read it', () => {
  const fault = leakGuard(peekingAt(3)).faultOf(marketOf(bars), schema, END)
  assert.equal(fault?.code, 'FEATURE_LEAK')
  assert.match(fault.message, /^feature ema20 of stance 1 looks ahead: meta would learn from it/)
  const shared = leakGuard(peekingAt(1)).faultOf(marketOf(bars), schema, END)
  assert.match(shared?.message ?? '', /^feature atr of stance 1 looks ahead: meta, execution, rl_sizer would/)
})

test('a series is looked at once, and bars that are not known yet are not looked at', () => {
  let looks = 0
  const counting: Observe = series => {
    looks++
    assert.ok(series.length <= 420 && series[0]!.time < END)
    return series.map(() => [])
  }
  const guard = leakGuard(counting)
  for (let time = 0; time < 3; time++)
    assert.equal(guard.faultOf(marketOf(bars), schema, bars[500]!.knownAt), undefined)
  assert.equal(looks, 6)
})

test('with too few bars for rows there is nothing to look at', () => {
  const never: Observe = () => assert.fail('looked')
  assert.equal(leakGuard(never).faultOf(marketOf(bars.slice(0, 400)), schema, END), undefined)
})
