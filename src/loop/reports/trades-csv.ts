// All trades of a backtest as CSV (RFC 4180), in prices and dollars, each with the decision that made it.

import type { BacktestReport, TradeLine } from '../../trading/backtest-report.ts'

const utc = (ms: number): string => new Date(ms).toISOString()

type Column = readonly [name: string, of: (line: TradeLine, step: number) => string | number]

const COLUMNS: readonly Column[] = [
  ['decisionId', ({ decisionId }) => decisionId],
  ['releaseId', ({ releaseId }) => releaseId],
  ['strategy', ({ strategy }) => strategy],
  ['side', ({ side }) => (side === 1 ? 'long' : 'short')],
  ['quantity', ({ quantity }) => quantity],
  ['entryTime', ({ entryTime }) => utc(entryTime)],
  ['entry', ({ entry }, step) => price(entry, step)],
  ['exitTime', ({ exitTime }) => utc(exitTime)],
  ['exit', ({ exit }, step) => price(exit, step)],
  ['exitReason', ({ exitReason }) => exitReason],
  ['netDollars', ({ netMicros }) => netMicros / 1e6],
  ['costsDollars', ({ costsMicros }) => costsMicros / 1e6],
  ['plannedLossDollars', ({ plannedLossMicros }) => plannedLossMicros / 1e6],
  ['r', ({ r }) => r],
  ['maeR', ({ maeR }) => maeR],
  ['mfeR', ({ mfeR }) => mfeR],
  ['slippageSteps', ({ slippage }) => slippage],
  ['regime', ({ regime }) => regime],
  ['session', ({ session }) => session],
]

/** Without the noise of binary fractions. */
const price = (steps: number, step: number): number => Number((steps * step).toFixed(8))

const field = (value: string | number): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** @example tradesCsv(report).split('\r\n')[0] // 'decisionId,releaseId,strategy,side,…' */
export function tradesCsv({ trades, step }: Pick<BacktestReport, 'trades' | 'step'>): string {
  const rows = trades.map(line => COLUMNS.map(([, of]) => field(of(line, step))).join(','))
  return `${[COLUMNS.map(([name]) => name).join(','), ...rows].join('\r\n')}\r\n`
}
