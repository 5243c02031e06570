// What is open now, trade by trade, with the prices at which its bracket closes it.

import type { Side } from '../../market/trade.ts'
import type { StoredFill } from '../../trading/read-model.ts'
import { factsOf, findRun } from './run-view.ts'
import { priceOf } from './trade-views.ts'
import type { ViewPorts } from './view-ports.ts'

export type PositionView = {
  tradeId: string
  decisionId: string
  symbol: string
  side: Side
  quantity: number
  entry: number
  entryTime: number
  /** Null where the order has no bracket. */
  stop: number | null
  target: number | null
}

/** More fills than a book of a few trades can have open. */
const NEWEST = 200

/** Fills of trades that are not closed, by trade, each with its entries first. */
function openTrades(fills: readonly StoredFill[]): StoredFill[][] {
  const trades = Map.groupBy(fills.toReversed(), ({ tradeId }) => tradeId)
  return [...trades.values()].filter(
    own => own[0]?.role === 'entry' && own.reduce((sum, { side, quantity }) => sum + side * quantity, 0) !== 0,
  )
}

export async function positionsView(
  name: string | undefined,
  ports: Pick<ViewPorts, 'records' | 'dataSets'>,
): Promise<PositionView[]> {
  const { records } = ports
  const run = await findRun(name, ports)
  if (run === undefined || (await records.position(run.runId)) === 0) return []
  const { step } = await factsOf(run, ports)
  const open = openTrades(await records.fills({ runId: run.runId, limit: NEWEST, newestFirst: true }))
  const positions: PositionView[] = []
  for (const fills of open) {
    const entry = fills[0]!
    const side = entry.side === 1 ? 1 : -1
    const bracket = (await records.order(run.runId, entry.orderId))?.bracket
    positions.push({
      tradeId: entry.tradeId,
      decisionId: entry.decisionId,
      symbol: run.symbol,
      side,
      quantity: Math.abs(fills.reduce((sum, fill) => sum + fill.side * fill.quantity, 0)),
      entry: priceOf(entry.price, step),
      entryTime: entry.at,
      stop: bracket === undefined ? null : priceOf(entry.price - side * bracket.stop, step),
      target: bracket === undefined ? null : priceOf(entry.price + side * bracket.target, step),
    })
  }
  return positions
}
