// The engine: one closed bar in, fills, ledger, risk and one decision out. Replay, backtest and paper run this same code.

import { toSteps } from '../market/instrument.ts'
import type { ExitReason, Fill, Order } from '../market/trade.ts'
import type { BarEvent } from './bar-event.ts'
import type { MarketBar } from './broker.ts'
import type { CandidateTable } from './candidate-table.ts'
import { accountState, decider } from './decider.ts'
import type { EngineOptions } from './engine-options.ts'
import { type KillScope, stopsTrading } from './kill-scopes.ts'
import { openTrades } from './open-trades.ts'
import { exitOrder } from './protection.ts'
import { type RiskStateSaved, riskState } from './risk-state.ts'
import { unintended } from './runaway.ts'
import { sizeWatch } from './size-cuts.ts'

export interface TradingEngine {
  /** Takes the next closed bar of the series: exactly one decision when the event is ready, none during warm-up. */
  onEvent(event: BarEvent, table: CandidateTable): void
  /** Ends the account: open positions are closed at the last bar's close. */
  close(reason: Extract<ExitReason, 'end'>): void
  /** Cancels what would enter and sends an exit for what is held; false where there was nothing of either. */
  flatten(): boolean
  riskState(): RiskStateSaved
  /** The operator ends a halt; the drawdown is measured from here on. */
  resume(): void
}

/**
 * @example
 * const engine = tradingEngine({ instrument, calendar, barMs, models, broker, portfolio, limits, clock, rng })
 * for (const bar of bars) {
 *   clock.advanceTo(bar.knownAt)
 *   engine.onEvent(book.update(bar), book.table)
 * }
 * engine.close('end')
 */
export function tradingEngine(options: EngineOptions): TradingEngine {
  const { instrument, broker, portfolio, limits, account = 'paper' } = options
  const state = riskState(limits)
  const open = openTrades({ ...options, account })
  const flattening = new Set<string>()
  /** What the kill switch stops until it is resumed. */
  let stops = new Set<KillScope>()
  const sizes = sizeWatch()
  const runsAway = (): void => state.halt('RUNAWAY', portfolio.view())
  const decide = decider({ ...options, account, onRunaway: runsAway })
  let market: MarketBar | undefined
  let closeBefore: number | undefined

  const reasonOf = (fill: Fill): ExitReason => {
    if (fill.role === 'stop' || fill.role === 'target') return fill.role
    return flattening.has(fill.orderId) ? 'flatten' : 'time'
  }
  const book = (fill: Fill, reason: ExitReason): void => {
    const { kind, closed } = portfolio.apply(fill, reason)
    if (kind === 'duplicate') return
    if (kind === 'runaway') runsAway()
    options.onFill?.(fill)
    if (closed === undefined) return
    sizes.trade(closed.r)
    open.drop(closed.decisionId)
    options.onTrade?.(closed)
  }
  /** Sends an exit; refused where nothing is held, or where it is leaving already: both are what is wanted. */
  const leave = (exit: Order): boolean => {
    if (!broker.place(exit).ok) return false
    flattening.add(exit.id)
    options.onOrder?.(exit)
    return true
  }
  /** Whoever makes orders that nobody meant is stopped; those orders are taken back. */
  const watchOrders = (): void => {
    const excess = unintended(broker.status().working, decision => portfolio.ordered(decision))
    if (excess.length === 0) return
    for (const order of excess) broker.cancel(order.id)
    runsAway()
  }
  /** Cancels what would enter and sends an exit for what is held; gives the id of the first exit that left. */
  const flatten = (): string | null => {
    let left: string | null = null
    const stopped = (scope: KillScope): boolean => state.save().cause !== 'KILLED' || stops.has(scope)
    for (const { role, id } of broker.status().working) if (role === 'entry' && stopped('cancel')) broker.cancel(id)
    for (const entry of stopped('flatten') ? open.entries() : []) {
      const exit = exitOrder(account, entry, 'flatten', 'exit')
      if (leave(exit)) left ??= exit.id
    }
    return left
  }
  const forgetClosed = (): void => {
    if (open.size === 0 || portfolio.view().openPositions > 0) return
    if (broker.status().working.some(({ role }) => role === 'entry')) return
    open.clear()
    flattening.clear()
  }

  return {
    onEvent(event, table) {
      const { bar } = event
      portfolio.begin(bar, event.session)
      const conditions = { atr: market?.atr ?? Number.NaN, spreadBps: market?.spreadBps ?? Number.NaN }
      for (const fill of broker.onBar({ bar, session: event.session, ...conditions, finer: event.finer }))
        book(fill, reasonOf(fill))
      portfolio.mark(bar)
      sizes.bar(portfolio.view().tradeDate, event.atr)
      if (state.update(portfolio.view())) portfolio.rebasePeak()
      forgetClosed()
      watchOrders()
      const pulled = options.killed?.()
      if (pulled !== undefined && stopsTrading(pulled)) {
        if (state.save().cause !== 'KILLED') {
          stops = new Set()
          state.halt('KILLED', portfolio.view())
        }
        for (const scope of pulled.scopes) stops.add(scope)
      }
      const halted = state.save().state === 'HALTED' ? flatten() : null
      const last = toSteps(instrument, bar.close)
      if (event.ready) {
        const cuts = sizes.cuts()
        const held = { account: accountState(portfolio.view(), limits), cuts }
        const { exit, handed } = open.handOver(event, table, held, leave)
        const reason = { code: state.save().cause, value: null, limit: null }
        const full = portfolio.view().openPositions >= limits.maxOpenPositions
        const entered = decide(event, table, {
          state: state.save(),
          exit: halted === null ? exit : { orderId: halted, reason },
          handed,
          managed: full ? open.oldestHeld() : undefined,
          cuts,
          closes: { last, before: closeBefore ?? last },
        })
        if (entered !== undefined) open.add(entered)
        if (entered !== undefined) options.onOrder?.(entered.order)
      }
      closeBefore = last
      // What is known now is what the next bar's fills are judged by.
      const known = Number.isFinite(event.atr) ? event : conditions
      market = { bar, session: event.session, atr: known.atr, spreadBps: known.spreadBps }
    },
    close(reason) {
      if (market === undefined) return
      for (const fill of broker.settle(market)) book(fill, reason)
      portfolio.mark(market.bar)
    },
    flatten() {
      const entering = broker.status().working.some(({ role }) => role === 'entry')
      return flatten() !== null || entering
    },
    riskState: () => state.save(),
    resume() {
      state.resume()
      portfolio.rebasePeak()
    },
  }
}
