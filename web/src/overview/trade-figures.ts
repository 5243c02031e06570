// Figures of closed trades. Below thirty of them a rate is chance, and is not shown as a figure (REP-02).

import type { TradeView } from '../../../src/api/schemas/market.ts'

export const FEWEST_TRADES = 30

export type TradeFigures = {
  readonly count: number
  /** Sums are facts at any count. */
  readonly net: number
  readonly costs: number
  /** Null where there are too few trades to say. */
  readonly winShare: number | null
  readonly meanR: number | null
  readonly profitFactor: number | null
}

export function tradeFigures(trades: readonly Pick<TradeView, 'net' | 'costs' | 'r'>[]): TradeFigures {
  const count = trades.length
  const sum = (value: (trade: (typeof trades)[number]) => number): number =>
    trades.reduce((total, trade) => total + value(trade), 0)
  const enough = count >= FEWEST_TRADES
  const lost = -sum(({ net }) => Math.min(0, net))
  return {
    count,
    net: sum(({ net }) => net),
    costs: sum(({ costs }) => costs),
    winShare: enough ? trades.filter(({ net }) => net > 0).length / count : null,
    meanR: enough ? sum(({ r }) => r) / count : null,
    profitFactor: enough && lost > 0 ? sum(({ net }) => Math.max(0, net)) / lost : null,
  }
}
