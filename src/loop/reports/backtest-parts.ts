// What a backtest is made of: trades in groups, decisions, and why nothing was entered.

import { isDaily } from '../../market/bar.ts'
import type { Amount, Block, Cell, Section, Table } from '../../report/report.ts'
import type { TradeGroup } from '../../trading/breakdown.ts'
import type { GridAxis } from '../parameter-grid.ts'
import type { BacktestResult } from '../run-backtest.ts'
import { dollars, whole } from './amounts.ts'
import { LEAST_TRADES } from './curves.ts'
import { MEASURES } from './terms.ts'

const GROUPS = {
  strategy: 'strategy',
  release: 'model version',
  regime: 'regime at entry',
  session: 'session at entry',
  hour: 'hour at entry, exchange time',
  exit: 'exit',
} as const

function groupRow(name: string, by: string, { trades, wins, netDollars, meanR }: TradeGroup): Cell[] {
  const mean: Amount =
    trades < LEAST_TRADES
      ? { value: null, note: `${LEAST_TRADES} trades are needed` }
      : { value: meanR, unit: 'R', digits: 3, signed: true }
  return [name, whole(trades), whole(wins), { ...dollars(netDollars), signed: true }, mean, by]
}

function groupTable({ groups, barMs }: BacktestResult): Table {
  // A daily bar is entered at its open, whatever the clock says.
  const kinds = Object.entries(GROUPS).filter(([key]) => key !== 'hour' || !isDaily(barMs))
  const columns = ['Group', 'Trades', 'Won', 'Net'].map(label => ({ label }))
  return {
    kind: 'table',
    title: 'Trades in groups',
    columns: [...columns, MEASURES.expectancy, { label: 'By' }],
    rows: kinds.flatMap(([key, by]) =>
      Object.entries(groups[key as keyof typeof GROUPS]).map(([name, group]) => groupRow(name, by, group)),
    ),
  }
}

function heat({ grid }: BacktestResult): Block[] {
  if (grid === null) return []
  const { down, across, cells } = grid
  const axis = ({ name, values }: GridAxis) => ({ label: name, values: values.map(String) })
  const counts = cells.flat().map(({ trades }) => trades)
  return [
    {
      kind: 'heat',
      title: 'Return by parameters',
      unit: '%',
      digits: 1,
      down: axis(down),
      across: axis(across),
      cells: cells.map(row => row.map(({ returnPct }) => returnPct)),
      note: `Each is a backtest of its own over the same bars, of ${Math.min(...counts)} to ${Math.max(...counts)} trades, and counted as a trial. A lone bright cell is luck.`,
    },
  ]
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
      ...heat(result),
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
