// From a verdict to an order: bracket, lots, risk. Pure: nothing leaves here, and everything that stood against the trade is listed.

import type { Instrument } from '../market/instrument.ts'
import type { Bracket, Order, Side } from '../market/trade.ts'
import type { DecisionOutcome, Reason, RiskCheck, SizingChain } from './decision.ts'
import { bracketDistances } from './fills.ts'
import { type Limits, ladderRung } from './limits.ts'
import type { PortfolioView } from './portfolio.ts'
import { checkEntry } from './risk.ts'
import { lossShares, type RiskStateSaved } from './risk-state.ts'
import type { RiskMarket, RiskMoment, RiskQuestion } from './rules/rule.ts'
import type { SizeCuts } from './size-cuts.ts'
import { lotsFor } from './sizing.ts'

export type EntryWish = {
  readonly orderId: string
  readonly decisionId: string
  readonly releaseId: string
  readonly strategy: string
  readonly side: Side
  readonly confidence: number
  /** Answer of the sizer. */
  readonly multiplier: number
}

export type EntryConditions = {
  readonly instrument: Instrument
  readonly limits: Limits
  readonly view: PortfolioView
  readonly state: RiskStateSaved
  readonly moment: RiskMoment
  readonly market: RiskMarket
  readonly orders: RiskQuestion['orders']
  readonly exposures: RiskQuestion['exposures']
  readonly brokerPosition: number | undefined
  readonly cuts: SizeCuts
}

export type EntryPlan = {
  readonly sizing: SizingChain
  readonly checks: readonly RiskCheck[]
  readonly outcome: Extract<DecisionOutcome, 'enter' | 'noTrade' | 'refused'>
  readonly reasons: readonly Reason[]
  /** Present when the outcome is `enter`. */
  readonly order: Order | undefined
}

/**
 * @example
 * planEntry(wish, conditions).reasons // [{ code: 'SIZE_ZERO', value: 650, limit: 1000 }]
 */
export function planEntry(wish: EntryWish, conditions: EntryConditions): EntryPlan {
  const { instrument, limits, view, market, moment } = conditions
  const shares = lossShares(view, limits)
  const rung = ladderRung(limits, shares.drawdown)
  const distances = bracketDistances(instrument, market.atr * instrument.step, limits)
  const sizing = lotsFor({
    instrument,
    limits,
    equityMicros: view.equityMicros,
    multiplier: wish.multiplier,
    cuts: conditions.cuts,
    ladder: rung?.size ?? 1,
    ladderLots: rung?.maxLots,
    stop: distances.stop,
    price: market.price,
  })
  if (sizing.lots < 1) {
    const reason = { code: 'SIZE_ZERO', value: sizing.riskMicros / 1e6, limit: sizing.lossPerLotMicros / 1e6 }
    return { sizing, checks: [], outcome: 'noTrade', reasons: [reason], order: undefined }
  }
  const { orderId, confidence } = wish
  const intent = { orderId, symbol: instrument.symbol, quantity: sizing.lots, ...distances, confidence }
  const { approved, checks } = checkEntry({ ...conditions, intent, shares })
  if (!approved) {
    const reasons = checks.filter(check => !check.passed).map(({ code, value, limit }) => ({ code, value, limit }))
    return { sizing, checks, outcome: 'refused', reasons, order: undefined }
  }
  const bracket: Bracket = { ...distances, maxBars: limits.maxBars }
  return {
    sizing,
    checks,
    outcome: 'enter',
    reasons: [],
    order: entryOrder(wish, instrument, sizing.lots, bracket, moment.now),
  }
}

function entryOrder(
  wish: EntryWish,
  { symbol }: Instrument,
  quantity: number,
  bracket: Bracket,
  createdAt: number,
): Order {
  const { orderId: id, decisionId, releaseId, strategy, side } = wish
  return {
    id,
    decisionId,
    releaseId,
    symbol,
    strategy,
    side,
    quantity,
    role: 'entry',
    type: 'market',
    price: undefined,
    bracket,
    createdAt,
  }
}

/** The bar in steps, as the risk rules hold it against their limits. */
export function riskMarket(
  instrument: Instrument,
  closes: { readonly last: number; readonly before: number },
  atr: number,
  spreadBps: number,
): RiskMarket {
  return {
    price: closes.last,
    lastMove: Math.abs(closes.last - closes.before),
    atr: atr / instrument.step,
    spread: spreadBps * 1e-4 * closes.last,
  }
}
