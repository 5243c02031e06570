// Orders, fills and closed trades of a run, in dollars and in the unit of the bars.

import type { ExitReason, Order, OrderRole, Side } from '../../market/trade.ts'
import type { StoredFill, StoredOrder, StoredRun, StoredTrade } from '../../trading/read-model.ts'
import { type Page, type PageRequest, pageOf, placeOf } from './paging.ts'
import { factsOf, findRun } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

export type OrderView = {
  orderId: string
  decisionId: string
  decisionSeq: number
  at: number
  strategy: string
  side: Side
  quantity: number
  /** Of it, filled by now. */
  filled: number
  role: OrderRole
  type: Order['type']
  /** Limit or stop price; null at the market. */
  price: number | null
  /** Of the bracket, as distances from the entry. */
  stopDistance: number | null
  targetDistance: number | null
  /** Bars after the entry until it is closed at the market. */
  maxBars: number | null
}

export type FillView = {
  tradeId: string
  orderId: string
  decisionId: string
  at: number
  side: Side
  quantity: number
  role: OrderRole
  price: number
  slippage: number
  commission: number
}

export type TradeView = {
  decisionId: string
  decisionSeq: number
  releaseId: string
  label: string | null
  strategy: string
  side: Side
  quantity: number
  entry: number
  exit: number
  entryTime: number
  exitTime: number
  exitReason: ExitReason
  gross: number
  costs: number
  net: number
  r: number
}

type Ports = Pick<ViewPorts, 'records' | 'dataSets' | 'registry'>

const dollars = (micros: number): number => micros / 1e6

/** Steps as a price, without the dust of binary fractions. */
export const priceOf = (steps: number, step: number): number => Math.round(steps * step * 1e6) / 1e6

const orderView = ({ order, decisionSeq, filled }: StoredOrder, step: number): OrderView => {
  const { id, decisionId, createdAt, strategy, side, quantity, role, type, price, bracket } = order
  return {
    orderId: id,
    decisionId,
    decisionSeq,
    at: createdAt,
    strategy,
    side,
    quantity,
    filled,
    role,
    type,
    price: price === undefined ? null : priceOf(price, step),
    stopDistance: bracket === undefined ? null : priceOf(bracket.stop, step),
    targetDistance: bracket === undefined ? null : priceOf(bracket.target, step),
    maxBars: bracket?.maxBars ?? null,
  }
}

const fillView = (fill: StoredFill, step: number): FillView => ({
  tradeId: fill.tradeId,
  orderId: fill.orderId,
  decisionId: fill.decisionId,
  at: fill.at,
  side: fill.side === 1 ? 1 : -1,
  quantity: fill.quantity,
  role: fill.role as OrderRole,
  price: priceOf(fill.price, step),
  slippage: priceOf(fill.slippage, step),
  commission: dollars(fill.commissionMicros),
})

export const tradeView = (trade: StoredTrade, step: number, label: string | null): TradeView => ({
  decisionId: trade.decisionId,
  decisionSeq: trade.decisionSeq,
  releaseId: trade.releaseId,
  label,
  strategy: trade.strategy,
  side: trade.side === 1 ? 1 : -1,
  quantity: trade.quantity,
  entry: priceOf(trade.entry, step),
  exit: priceOf(trade.exit, step),
  entryTime: trade.entryTime,
  exitTime: trade.exitTime,
  exitReason: trade.exitReason as ExitReason,
  gross: dollars(trade.grossMicros),
  costs: dollars(trade.costsMicros),
  net: dollars(trade.netMicros),
  r: trade.r,
})

/** Release id -> label, within the channel of a run. */
export async function labelsOf(
  run: StoredRun,
  { registry }: Pick<ViewPorts, 'registry'>,
): Promise<ReadonlyMap<string, string>> {
  return new Map((await registry.releases(run.channel)).map(({ releaseId, label }) => [releaseId, label]))
}

const EMPTY = { items: [], next: null }

const queryOf = ({ from, to, cursor, limit, order }: PageRequest, run: StoredRun) => ({
  runId: run.runId,
  from,
  to,
  after: placeOf(cursor),
  limit: limit + 1,
  newestFirst: order === 'newest',
})

export type RoleRequest = PageRequest & { readonly role?: OrderRole | undefined }

export type TradesRequest = PageRequest & { readonly exitReason?: ExitReason | undefined }

export async function ordersView(request: RoleRequest, ports: Ports): Promise<Page<OrderView>> {
  const run = await findRun(request.run, ports)
  if (run === undefined) return EMPTY
  const { step } = await factsOf(run, ports)
  const rows = await ports.records.orders({ ...queryOf(request, run), role: request.role })
  return pageOf(
    rows,
    request.limit,
    order => orderView(order, step),
    ({ order }) => ({ at: order.createdAt, id: order.id }),
  )
}

export async function fillsView(request: RoleRequest, ports: Ports): Promise<Page<FillView>> {
  const run = await findRun(request.run, ports)
  if (run === undefined) return EMPTY
  const { step } = await factsOf(run, ports)
  const rows = await ports.records.fills({ ...queryOf(request, run), role: request.role })
  return pageOf(
    rows,
    request.limit,
    fill => fillView(fill, step),
    ({ at, tradeId }) => ({ at, id: tradeId }),
  )
}

export async function tradesView(request: TradesRequest, ports: Ports): Promise<Page<TradeView>> {
  const run = await findRun(request.run, ports)
  if (run === undefined) return EMPTY
  const { step } = await factsOf(run, ports)
  const labels = await labelsOf(run, ports)
  const rows = await ports.records.trades({ ...queryOf(request, run), exitReason: request.exitReason })
  return pageOf(
    rows,
    request.limit,
    trade => tradeView(trade, step, labels.get(trade.releaseId) ?? null),
    ({ exitTime, decisionId }) => ({ at: exitTime, id: decisionId }),
  )
}
