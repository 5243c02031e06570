// The figures of a backtest: beside its baselines, with interval and sample, and how else it could have gone.

import { count, interval, number } from '../../report/format.ts'
import type { Amount, Cell, Figure, Section, Table, Term } from '../../report/report.ts'
import { BAR_NOISE } from '../../trading/noisy-exits.ts'
import type { BacktestResult } from '../run-backtest.ts'
import { gain, percent, shown, whole } from './amounts.ts'
import { LEAST_SESSIONS, LEAST_TRADES } from './curves.ts'
import { MEASURES } from './terms.ts'

const named = (term: Term, amount: Amount): Figure => ({ ...term, ...amount })

export function baselines(result: BacktestResult): Section {
  const { benchmarks, returnPct, maxDrawdown, measures, against } = result
  const { buyAndHold, random, incumbent } = benchmarks
  const beaten = (name: string): string => {
    const found = against.find(each => each.name === name)
    return found === undefined ? '' : found.beaten ? 'yes ▲' : 'no ▼'
  }
  const expectancy = shown(measures.expectancy, 'trades', { unit: 'R', digits: 3, signed: true })
  const rows: Cell[][] = [
    ['This backtest', '', gain(returnPct), percent(100 * maxDrawdown), expectancy],
    ['Staying flat', beaten('staying flat'), gain(0), percent(0), '–'],
    [
      'Buy and hold, no costs',
      beaten('buy and hold'),
      gain(buyAndHold.returnPct),
      percent(100 * buyAndHold.maxDrawdown),
      '–',
    ],
    ['Random entries', beaten('random entries'), '–', '–', randomAmount(random)],
  ]
  if (incumbent !== null) {
    const { returnPct: pct, maxDrawdown: fall } = incumbent
    rows.push(['The release in charge', beaten('the release in charge'), gain(pct), percent(100 * fall), '–'])
  }
  const table: Table = {
    kind: 'table',
    title: 'This backtest and what it is held against',
    columns: [{ label: 'What' }, { label: 'Beaten' }, MEASURES.return, MEASURES.drawdown, MEASURES.expectancy],
    rows,
    note: 'Over the same bars. Random entries: as many trades with the same share of longs and the same exits; the median of the runs, with 5 to 95 % of them under it.',
  }
  return { title: 'Beside the baselines', blocks: [table] }
}

function randomAmount(random: BacktestResult['benchmarks']['random']): Amount {
  if (random === null) return { value: null, note: 'no trade to compare' }
  const { meanR, runs, beaten } = random
  const note = `${(100 * beaten).toFixed(1)} % of ${count(runs)} did worse`
  return { value: meanR.median, unit: 'R', digits: 3, signed: true, ...spreadOf(meanR), note }
}

const spreadOf = ({ low, high }: { readonly low: number; readonly high: number }) => ({ low, high })

export function evidence(result: BacktestResult): Section {
  const { measures, bars, sessions, trades, perYear, exposure, returnPct } = result
  const { sharpe, winRate, drawdown } = measures
  const winRange = winRate.value === null ? {} : { low: 100 * winRate.low, high: 100 * winRate.high }
  const figures: Figure[] = [
    named(MEASURES.sharpe, {
      ...shown(sharpe, 'sessions'),
      ...(sharpe.interval === null ? {} : spreadOf(sharpe.interval)),
    }),
    named(MEASURES.return, { ...gain(returnPct), n: sessions.length, of: 'sessions' }),
    named(MEASURES.drawdown, {
      ...percent(100 * drawdown.fraction),
      note: `${number(drawdown.amount, { unit: '$', digits: 0 })}; longest ${count(drawdown.length)} bars`,
    }),
    named(MEASURES.winRate, { ...shown(winRate, 'trades', { unit: '%', digits: 1 }, 100), ...winRange }),
    named(MEASURES.expectancy, shown(measures.expectancy, 'trades', { unit: 'R', digits: 3, signed: true })),
    named(MEASURES.profitFactor, shown(measures.profitFactor, 'trades')),
    named(MEASURES.sortino, shown(measures.sortino, 'sessions')),
    named(MEASURES.calmar, shown(measures.calmar, 'sessions')),
    named(MEASURES.cvar, shown(measures.cvar, 'sessions', { unit: '%' }, 100)),
    named(MEASURES.sharpePerTrade, shown(measures.sharpePerTrade, 'trades', { digits: 3 })),
    { label: 'In the market', ...percent(100 * exposure), note: 'of the bars' },
    {
      label: 'Sample',
      ...whole(trades.length),
      note: `trades in ${count(sessions.length)} sessions, ${count(bars)} bars`,
    },
  ]
  return {
    title: 'How sure: interval and sample',
    blocks: [
      {
        kind: 'text',
        text: `Two numbers under a figure are its 95 % interval: for Sharpe from 2,000 block-bootstrap samples of session returns, for the win rate by Wilson. Ratios are annualised by the square root of ${perYear} sessions. Fewer than ${LEAST_TRADES} trades or ${LEAST_SESSIONS} sessions print N/A.`,
      },
      { kind: 'figures', figures },
      ...chances(result),
    ],
  }
}

function chances({ monteCarlo }: BacktestResult): Table[] {
  const { reshuffle, bootstrap, noise, ruinAt, runs } = monteCarlo
  const range = ({ low, high }: { low: number; high: number }, scale: number): string =>
    interval({ value: null, low: scale * low, high: scale * high, unit: '%', digits: 1 }) ?? ''
  const rows: Cell[][] = []
  if (reshuffle !== null) {
    rows.push([
      'Trades in another order',
      'the same',
      range(reshuffle.maxDrawdown, 100),
      percent(100 * reshuffle.riskOfRuin),
    ])
  }
  for (const [name, band] of [
    ['Sessions drawn again in blocks', bootstrap],
    ['The same entries on bars with noise', noise],
  ] as const) {
    if (band === null) continue
    const { returnPct, maxDrawdown, riskOfRuin } = band
    rows.push([name, range(returnPct, 1), range(maxDrawdown, 100), percent(100 * riskOfRuin)])
  }
  if (rows.length === 0) return []
  return [
    {
      kind: 'table',
      title: 'How else it could have gone',
      columns: [{ label: `${count(runs)} runs each` }, MEASURES.return, MEASURES.drawdown, MEASURES.ruin],
      rows,
      note: `5 to 95 % of the runs. Ruin is a drawdown of ${(100 * ruinAt).toFixed(1)} %, the limit of the account. Noise moves each price of a bar by up to ${BAR_NOISE} ATR.`,
    },
  ]
}
