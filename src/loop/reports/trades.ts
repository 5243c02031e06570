// The trades of a backtest as a table, the newest where there are too many for a page.

import { count } from '../../report/format.ts'
import type { Amount, Block, Cell, Instant } from '../../report/report.ts'
import type { BacktestReport, TradeLine } from '../../trading/backtest-report.ts'
import { MEASURES } from './terms.ts'

/** All of them are in the JSON of the backtest itself. */
const ROWS = 250

/** Digits that a price of this step needs. */
const digitsOf = (step: number): number => step.toFixed(8).replace(/0+$/, '').split('.')[1]?.length ?? 0

function rowOf(line: TradeLine, step: number, shows: Instant['shows']): Cell[] {
  const price = (steps: number): Amount => ({ value: steps * step, digits: digitsOf(step) })
  const r = (value: number): Amount => ({ value, digits: 2, signed: true })
  return [
    { time: line.entryTime, shows },
    { time: line.exitTime, shows },
    line.strategy,
    `${line.side === 1 ? 'long' : 'short'} ${line.quantity}`,
    price(line.entry),
    price(line.exit),
    line.exitReason,
    { value: line.netMicros / 1e6, unit: '$', digits: 2, signed: true },
    r(line.r),
    { value: -line.maeR, digits: 2, signed: true },
    r(line.mfeR),
    { value: line.slippage, digits: 0 },
    line.regime,
    line.session,
    line.decisionId,
  ]
}

export function tradeTable({ trades, step }: BacktestReport, shows: Instant['shows']): Block {
  if (trades.length === 0) return { kind: 'missing', title: 'Trades', reason: 'there were none' }
  return {
    kind: 'table',
    title: `${count(trades.length)} closed trades`,
    columns: [
      { label: 'Entered' },
      { label: 'Left' },
      { label: 'Strategy' },
      { label: 'Side, lots' },
      { label: 'Entry' },
      { label: 'Exit' },
      { label: 'Exit by' },
      { label: 'Net' },
      MEASURES.r,
      MEASURES.mae,
      MEASURES.mfe,
      MEASURES.slippage,
      { label: 'Regime' },
      { label: 'Session' },
      { label: 'Decision' },
    ],
    rows: trades.slice(-ROWS).map(line => rowOf(line, step, shows)),
    total: trades.length,
    ...(trades.length > ROWS ? { note: 'The newest; ratchet backtest --json prints all of them.' } : {}),
  }
}
