// What a backtest is made of: trades in groups, decisions, and why nothing was entered.

import type { Amount, Cell, Section, Table } from '../../report/report.ts'
import type { TradeGroup } from '../../trading/breakdown.ts'
import type { BacktestResult } from '../run-backtest.ts'
import { dollars, whole } from './amounts.ts'
import { LEAST_TRADES } from './curves.ts'
import { MEASURES } from './terms.ts'

const GROUPS = { strategy: 'strategy', regime: 'regime at entry', session: 'session at entry', exit: 'exit' } as const

function groupRow(name: string, by: string, { trades, wins, netDollars, meanR }: TradeGroup): Cell[] {
  const mean: Amount =
    trades < LEAST_TRADES
      ? { value: null, note: `${LEAST_TRADES} trades are needed` }
      : { value: meanR, unit: 'R', digits: 3, signed: true }
  return [name, whole(trades), whole(wins), { ...dollars(netDollars), signed: true }, mean, by]
}

function groupTable({ groups }: BacktestResult): Table {
  const columns = ['Group', 'Trades', 'Won', 'Net'].map(label => ({ label }))
  return {
    kind: 'table',
    title: 'Trades in groups',
    columns: [...columns, MEASURES.expectancy, { label: 'By' }],
    rows: Object.entries(GROUPS).flatMap(([key, by]) =>
      Object.entries(groups[key as keyof typeof GROUPS]).map(([name, group]) => groupRow(name, by, group)),
    ),
  }
}

export function parts(result: BacktestResult): Section {
  const { outcomes, reasons } = result.decisions
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([label, n]) => ({ label, value: n }))
      .sort((a, b) => b.value - a.value || (a.label < b.label ? -1 : 1))
  return {
    title: 'Where it came from',
    blocks: [
      groupTable(result),
      { kind: 'bars', title: 'Decisions', unit: 'decisions', digits: 0, bars: counts(outcomes) },
      {
        kind: 'bars',
        title: 'Why nothing was entered',
        unit: 'decisions',
        digits: 0,
        bars: counts(reasons).slice(0, 15),
        note: 'The first reason of each decision that did not enter.',
      },
    ],
  }
}
