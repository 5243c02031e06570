// Records of a run as rows of its tables.

import type { Insertable } from 'kysely'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Provenance } from '../../market/bar.ts'
import type { ClosedTrade, Fill, Order } from '../../market/trade.ts'
import type { DecisionRecord } from '../../trading/decision.ts'
import type { EquityPoint } from '../../trading/journal.ts'
import type { Tables } from './schema.ts'

type Row<T extends keyof Tables> = Omit<Insertable<Tables[T]>, 'run_id'>

export const decisionRow = (decision: DecisionRecord): Row<'decisions'> => ({
  seq: decision.seq,
  decision_id: decision.decisionId,
  at: decision.time,
  symbol: decision.symbol,
  release_id: decision.releaseId,
  feature_hash: decision.featuresHash,
  action: decision.outcome,
  confidence: decision.confidence,
  refusal: decision.reasons[0]?.code ?? null,
  explanation: canonicalJson(decision),
})

export const orderRow = (order: Order): Row<'orders'> => ({
  order_id: order.id,
  decision_id: order.decisionId,
  symbol: order.symbol,
  side: order.side,
  quantity: order.quantity,
  role: order.role,
  type: order.type,
  price: order.price ?? null,
  created_at: order.createdAt,
  body: canonicalJson(order),
})

export const fillRow = (fill: Fill): Row<'fills'> => ({
  trade_id: fill.tradeId,
  order_id: fill.orderId,
  decision_id: fill.decisionId,
  symbol: fill.symbol,
  side: fill.side,
  quantity: fill.quantity,
  role: fill.role,
  price: fill.price,
  slippage: fill.slippage,
  commission_micros: fill.commissionMicros,
  at: fill.time,
})

export const outcomeRow = (trade: ClosedTrade, provenance: Provenance): Row<'outcomes'> => ({
  decision_id: trade.decisionId,
  release_id: trade.releaseId,
  symbol: trade.symbol,
  strategy: trade.strategy,
  side: trade.side,
  quantity: trade.quantity,
  entry: trade.entry,
  exit: trade.exit,
  entry_time: trade.entryTime,
  exit_time: trade.exitTime,
  exit_reason: trade.exitReason,
  gross_micros: trade.grossMicros,
  costs_micros: trade.costsMicros,
  net_micros: trade.netMicros,
  planned_loss_micros: trade.plannedLossMicros,
  r: trade.r,
  origin: 'paper',
  provenance,
})

export const equityRow = (point: EquityPoint): Row<'equity_points'> => ({
  at: point.at,
  equity_micros: point.equityMicros,
  hold_micros: point.holdMicros,
  previous_micros: point.previousMicros,
})
