import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MES, MINUTE_MS, openCalendar } from './fixtures/market.ts'
import { account, ladderRung, replayAccount } from './limits.ts'
import { type PortfolioView, portfolio } from './portfolio.ts'
import { lossShares, riskState } from './risk-state.ts'

const start: PortfolioView = {
  ...portfolio({ instrument: MES, calendar: openCalendar(), barMs: MINUTE_MS }).view(),
  tradeDate: '2024-06-03',
  tradeWeek: 1,
}
/** Dollars lost since the day, the week and the peak began. */
const down = (dollars: number, overrides: Partial<PortfolioView> = {}): PortfolioView => ({
  ...start,
  equityMicros: start.equityMicros - dollars * 1e6,
  ...overrides,
})

test('the smaller in dollars of fraction and dollar limit binds', () => {
  assert.equal(lossShares(down(500), account()).daily, 0.5)
  assert.equal(lossShares(down(500), account({ maxDailyLossDollars: 5_000 })).daily, 0.25)
  assert.equal(lossShares(down(500), account()).drawdown, 0.25)
  assert.equal(lossShares(down(500), replayAccount({ symbol: 'SPX' })).drawdown, 0.025)
  assert.equal(lossShares(down(500), replayAccount({ symbol: 'SPX' })).weekly, 0)
})

test("an end-of-day drawdown trails the days' ends, not the highs within them, and its floor stays at the starting balance", () => {
  const limits = account({ drawdownMode: 'endOfDay', maxDrawdown: 0.2 })
  // $2,000 below: the account of $100,000 began at 100,000, and a day ended at `top`.
  const used = (top: number, equity: number): number =>
    lossShares({ ...start, equityMicros: equity * 1e6, peakMicros: 110_000e6, endOfDayPeakMicros: top * 1e6 }, limits)
      .drawdown
  assert.deepEqual([used(100_000, 100_000), used(100_000, 99_000), used(100_000, 98_000)], [0, 0.5, 1])
  assert.deepEqual([used(101_000, 101_000), used(101_000, 100_000), used(101_000, 99_000)], [0, 0.5, 1])
  // From 102,000 on the floor is the starting balance, however high the days end.
  for (const top of [102_000, 103_500, 130_000]) assert.deepEqual([used(top, 101_000), used(top, 100_000)], [0.5, 1])
})

test('90 % of the daily loss reduces, 100 % halts until the next trade date', () => {
  const state = riskState(account())
  state.update(down(899))
  assert.equal(state.save().state, 'ACTIVE')
  state.update(down(900))
  assert.deepEqual([state.save().state, state.save().cause], ['REDUCING', 'DAILY_LOSS'])
  state.update(down(1_000))
  assert.deepEqual([state.save().state, state.save().cause], ['HALTED', 'DAILY_LOSS'])
  // Winning it back does not end the halt; the next trade date does.
  state.update(down(0))
  assert.equal(state.save().state, 'HALTED')
  state.update(down(1_000, { tradeDate: '2024-06-04', dayStartMicros: start.equityMicros - 1_000e6 }))
  assert.equal(state.save().state, 'ACTIVE')
})

test('80 % of the daily loss warns for the rest of the day, 80 % of the weekly loss for the rest of the week', () => {
  const state = riskState(account())
  state.update(down(799))
  assert.deepEqual([state.save().state, state.save().warning], ['ACTIVE', ''])
  state.update(down(800))
  assert.deepEqual([state.save().state, state.save().warning], ['ACTIVE', 'DAILY_LOSS'])
  state.update(down(0))
  assert.equal(state.save().warning, 'DAILY_LOSS')
  state.update(down(0, { tradeDate: '2024-06-04' }))
  assert.equal(state.save().warning, '')

  const weekly = riskState(account({ maxDrawdownDollars: 50_000, maxDrawdown: 0.9 }))
  const days = { dayStartMicros: start.equityMicros - 2_400e6 }
  weekly.update(down(2_399, days))
  assert.equal(weekly.save().warning, '')
  weekly.update(down(2_400, days))
  weekly.update(down(2_000, { ...days, tradeDate: '2024-06-04' }))
  assert.deepEqual([weekly.save().state, weekly.save().warning], ['ACTIVE', 'WEEKLY_LOSS'])
  weekly.update(down(2_400, { tradeWeek: 2, weekStartMicros: days.dayStartMicros, ...days }))
  assert.equal(weekly.save().warning, '')
})

test('the weekly loss halts until the next trading week', () => {
  const state = riskState(account({ maxDrawdownDollars: 50_000, maxDrawdown: 0.9 }))
  const days = { dayStartMicros: start.equityMicros - 3_000e6 }
  state.update(down(3_000, days))
  assert.equal(state.save().cause, 'WEEKLY_LOSS')
  state.update(down(3_000, { ...days, tradeDate: '2024-06-04' }))
  assert.equal(state.save().state, 'HALTED')
  state.update(down(3_000, { ...days, tradeWeek: 2, weekStartMicros: start.equityMicros - 3_000e6 }))
  assert.equal(state.save().state, 'ACTIVE')
})

test('the whole drawdown halts until an operator resumes', () => {
  const state = riskState(account())
  const days = { dayStartMicros: start.equityMicros - 2_000e6 }
  state.update(down(2_000, days))
  for (let i = 0; i < 1_000; i++) assert.equal(state.update(down(0, { tradeDate: `${i}`, tradeWeek: i })), false)
  assert.deepEqual([state.save().state, state.save().cause], ['HALTED', 'DRAWDOWN'])
  state.resume()
  assert.equal(state.save().state, 'ACTIVE')
})

test('a replay resumes a drawdown halt after 63 bars and counts it', () => {
  const state = riskState(replayAccount({ symbol: 'SPX' }))
  const lost = down(20_000, { dayStartMicros: start.equityMicros - 20_000e6 })
  state.update(lost)
  for (let i = 1; i < 63; i++) assert.equal(state.update(lost), false)
  assert.equal(state.save().state, 'HALTED')
  assert.equal(state.update(lost), true)
  assert.deepEqual([state.save().state, state.save().resumed], ['ACTIVE', 1])
})

test('a drawdown halt is not shortened by a daily one that came first', () => {
  const state = riskState(account())
  state.update(down(1_000))
  state.update(down(2_000))
  state.update(down(2_000, { tradeDate: '2024-06-04', dayStartMicros: start.equityMicros - 2_000e6 }))
  assert.deepEqual([state.save().state, state.save().cause], ['HALTED', 'DRAWDOWN'])
})

test('a kill outlasts every date and every loss until it is resumed', () => {
  const state = riskState(replayAccount({ symbol: 'SPX' }))
  state.halt('KILLED', start)
  for (let i = 0; i < 100; i++) state.update(down(30_000, { tradeDate: `${i}`, tradeWeek: i }))
  assert.equal(state.save().cause, 'KILLED')
})

test('90 % of the weekly loss reduces, also on a day that began within it', () => {
  const state = riskState(account())
  state.update(down(2_700, { dayStartMicros: start.equityMicros - 2_700e6, peakMicros: start.equityMicros - 2_000e6 }))
  assert.deepEqual([state.save().state, state.save().cause], ['REDUCING', 'WEEKLY_LOSS'])
})

test('a runaway outlasts a drawdown that comes after it', () => {
  const state = riskState(account())
  state.halt('RUNAWAY', start)
  state.update(down(2_000, { tradeDate: '2024-06-11', tradeWeek: 2 }))
  assert.deepEqual([state.save().state, state.save().cause], ['HALTED', 'RUNAWAY'])
})

test('state survives a restart', () => {
  const state = riskState(account())
  state.update(down(2_000))
  const again = riskState(account())
  again.load(JSON.parse(JSON.stringify(state.save())))
  assert.deepEqual(again.save(), state.save())
})

test('the ladder: 12.5 % x0.75, 25 % x0.5, 37.5 % x0.25, 50 % x0.25 and one lot', () => {
  const sizes = [0.124, 0.125, 0.25, 0.375, 0.5].map(share => ladderRung(account(), share)?.size)
  assert.deepEqual(sizes, [undefined, 0.75, 0.5, 0.25, 0.25])
  assert.equal(ladderRung(account(), 0.5)?.maxLots, 1)
})
