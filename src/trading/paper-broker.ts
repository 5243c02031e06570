// The broker of paper trading and of the backtest, one and the same (BRK-01): it fills orders from bars, always against us.

import { accepted, refused } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import { type Instrument, toSteps } from '../market/instrument.ts'
import type { Order } from '../market/trade.ts'
import { type BarFills, barFills } from './bar-fills.ts'
import type { BarBroker } from './broker.ts'
import { barExit, limitFill, marketFill, stopFill } from './fills.ts'
import { entryFault } from './order-checks.ts'
import { exitOrder, type Held, hold } from './protection.ts'

export type PaperBrokerOptions = {
  readonly instrument: Instrument
  readonly barMs: number
  /** False where the series has no volume: fills are then not capped and slippage has no impact part. */
  readonly hasVolume: boolean
  /** Part of every order id. */
  readonly account?: string
  /** Share of a bar's volume that may fill. */
  readonly participation?: number
}

/**
 * A market entry that no volume fills in its first live bar expires; limit and stop entries work until cancelled. What a capped exit
 * leaves over goes at the market with the next open.
 *
 * @example
 * const broker = paperBroker({ instrument, barMs: 60_000, hasVolume: true })
 * broker.place(order) // decided at the close of bar t
 * broker.onBar(bar) // bar t + 1: the entry's fill, and the stop's if it was touched
 */
export function paperBroker({ account = 'paper', participation = 0.1, ...rest }: PaperBrokerOptions): BarBroker {
  const rules = { ...rest, participation }
  const { instrument } = rules
  const entries = new Map<string, Order>()
  const counts = new Map<string, number>()
  let held: Held[] = []
  let price: number | undefined
  let connected = true

  const dropClosed = (): void => {
    for (const lot of held) if (lot.lots === 0) entries.delete(lot.entry.id)
    held = held.filter(lot => lot.lots > 0)
  }

  return {
    place(order) {
      if (!connected) return refused('BROKER_DISCONNECTED', 'the paper broker was disconnected')
      if (order.role === 'exit') {
        const lot = held.find(({ entry }) => entry.decisionId === order.decisionId)
        if (lot === undefined) return refused('ORDER_POSITION', `decision ${order.decisionId} holds nothing to close`)
        if (lot.leaving !== undefined) return refused('DUPLICATE', `decision ${order.decisionId} is leaving already`)
        lot.leaving = order
        return accepted(undefined)
      }
      const fault = entryFault(order)
      if (fault !== undefined) return fault
      const seen = entries.has(order.id) || counts.has(order.id)
      if (seen) return refused('DUPLICATE', `order ${order.id} was placed before`)
      entries.set(order.id, order)
      return accepted(undefined)
    },
    cancel: orderId => entries.delete(orderId),
    tighten(decisionId, stop) {
      const lot = held.find(({ entry }) => entry.decisionId === decisionId)
      if (lot === undefined || lot.entry.side * (stop - lot.stop.price!) <= 0) return false
      lot.stop = { ...lot.stop, price: stop }
      return true
    },
    status() {
      let position = 0
      const working: Order[] = [...entries.values()]
      for (const { entry, lots, stop, target, leaving } of held) {
        position += entry.side * lots
        working.push({ ...stop, quantity: lots }, { ...target, quantity: lots })
        if (leaving !== undefined) working.push({ ...leaving, quantity: Math.min(lots, leaving.quantity) })
      }
      const positions = new Map(position === 0 ? [] : [[instrument.symbol, position]])
      return { price, positions, working, health: connected ? 100 : 0 }
    },
    disconnect() {
      connected = false
      entries.clear()
    },
    onBar(market) {
      const bar = barFills(rules, market, counts)
      price = bar.shape.close
      for (const lot of held) leaveAtOpen(lot, bar)
      dropClosed()
      for (const order of entries.values()) {
        const before = held.find(({ entry }) => entry.id === order.id)
        // A position that leaves takes no more.
        if (before?.leaving !== undefined) {
          entries.delete(order.id)
          continue
        }
        const wanted = order.quantity - (before?.lots ?? 0)
        const at = entryPrice(order, wanted, bar)
        const lots = at === undefined ? 0 : bar.take({ order, role: 'entry', quantity: wanted, ...at })
        if (before !== undefined) before.lots += lots
        else if (lots > 0) held.push(hold(account, order, lots, at!.price))
        if (order.type === 'market' || lots === wanted) entries.delete(order.id)
      }
      for (const lot of held) protect(lot, bar, account, market.finer ?? [])
      dropClosed()
      return bar.made
    },
    settle(market) {
      // Ending the account is no trade of the market: its volume is no bound here.
      const bar = barFills({ ...rules, participation: Infinity }, market, counts)
      price = toSteps(instrument, market.bar.close)
      entries.clear()
      for (const lot of held) leaveAtClose(lot, bar, exitOrder(account, lot.entry, 'flatten', 'exit'))
      dropClosed()
      return bar.made
    },
  }
}

function entryPrice(
  order: Order,
  lots: number,
  bar: BarFills,
): { price: number; slippage: number; atOpen: boolean } | undefined {
  const { side } = order
  const { shape } = bar
  if (order.type === 'limit') {
    const price = limitFill(side, order.price!, shape)
    return price === undefined ? undefined : { price, slippage: 0, atOpen: price === shape.open }
  }
  const lost = bar.slippage(lots)
  const price = order.type === 'market' ? marketFill(side, shape.open, lost) : stopFill(side, order.price!, shape, lost)
  return price === undefined
    ? undefined
    : { price, slippage: lost, atOpen: price === marketFill(side, shape.open, lost) }
}

function leaveAtOpen(lot: Held, bar: BarFills): void {
  const { leaving: order } = lot
  if (order === undefined) return
  const quantity = Math.min(lot.lots, order.quantity)
  const slippage = bar.slippage(quantity)
  const price = marketFill(order.side, bar.shape.open, slippage)
  const left = bar.take({ order, role: order.role, quantity, price, slippage, atOpen: true })
  lot.lots -= left
  // What stays after a reduction is held on under its bracket.
  lot.leaving = left < order.quantity ? { ...order, quantity: order.quantity - left } : undefined
}

function leaveAtClose(lot: Held, bar: BarFills, order: Order): void {
  const quantity = lot.lots
  const slippage = bar.slippage(quantity)
  const price = marketFill(order.side, bar.shape.close, slippage)
  lot.lots -= bar.take({ order, role: 'exit', quantity, price, slippage, atOpen: false })
  lot.leaving = order
}

/** The bracket in one bar; after `maxBars` the position is closed at the bar's close, as its label was (LABEL-03). */
function protect(lot: Held, bar: BarFills, account: string, finer: readonly Bar[]): void {
  const { entry, stop, target, lots: quantity } = lot
  const bracket = {
    side: entry.side,
    stop: stop.price!,
    target: target.price!,
    entryBar: lot.bars === 0,
    slippage: bar.slippage(quantity),
  }
  const whole = barExit({ ...bar.shape, ...bracket })
  // Only what a bar leaves open is asked of finer ones; where those leave it open too, the stop counts.
  const exit = (whole && finer.map(each => barExit({ ...bar.steps(each), ...bracket })).find(Boolean)) ?? whole
  const late = lot.bars >= entry.bracket!.maxBars
  lot.bars += 1
  if (exit !== undefined) {
    const order = exit.reason === 'stop' ? stop : target
    const atOpen = exit.price === bar.shape.open + order.side * exit.slippage
    const { price, slippage, reason: role } = exit
    lot.lots -= bar.take({ order, role, quantity, price, slippage, atOpen })
    // A stop that was touched is a market order now; the rest of a target stays where it is.
    if (role === 'stop') lot.leaving = stop
  } else if (late) leaveAtClose(lot, bar, exitOrder(account, entry, 'time', 'exit'))
}
