// Figures of risk checks in the unit of their rule.

import { figure, money, percent } from '../base/format.ts'
import { text } from '../texts/text.ts'

type Figure = (value: number) => string

const points: Figure = value => text('unit.points', { value: figure(value) })

const UNITS: Readonly<Record<string, Figure>> = {
  CONFIDENCE: value => percent(value, 1),
  DAILY_LOSS: value => percent(value, 1),
  WEEKLY_LOSS: value => percent(value, 1),
  DRAWDOWN: value => percent(value, 1),
  RISK_PER_TRADE: money,
  SIZE_ZERO: money,
  NO_STOP: points,
  RISK_REWARD: points,
  COLLAR: points,
  SPREAD: points,
  MAX_TRADES: value => text('unit.trades', { value: figure(value) }),
  ORDER_RATE: value => text('unit.orders', { value: figure(value) }),
  STALE_QUOTE: value => text('unit.bars', { value: figure(value) }),
}

/** A figure of a check whose unit differs from case to case stays bare; nothing is nothing. */
export function checkFigure(code: string, value: number | null): string {
  if (value === null) return ''
  return (UNITS[code] ?? figure)(value)
}
