// The ledger of one instrument's account in integer millionths: what fills did to cash, position, trades and equity (ORD-04).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import type { Calendar } from '../market/calendar.ts'
import { type Instrument, stepValueMicros, toSteps } from '../market/instrument.ts'
import type { ClosedTrade, ExitReason, Fill, Order } from '../market/trade.ts'
import { carryMicros } from './carry.ts'
import { plannedLossMicros } from './fills.ts'
import { closeLot, type Lot, newLot, openProfitMicros } from './lot.ts'
import { tradeDateOf, tradeWeekOf } from './trade-date.ts'

export type PortfolioView = {
  /** Start plus everything realised, net of every commission paid. */
  readonly cashMicros: number
  /** Cash plus the profit of the open position at the last mark. */
  readonly equityMicros: number
  /** Highest marked equity since the start or the last rebase: the reference of RSK-04. */
  readonly peakMicros: number
  readonly startMicros: number
  /** Highest cash that a trade date ended with, the start included, or since the last rebase. */
  readonly endOfDayPeakMicros: number
  /** Signed lots. */
  readonly position: number
  /** Open decisions, each with at least one lot. */
  readonly openPositions: number
  /** What is open, at its stops, costs included (UNI-02). */
  readonly plannedLossMicros: number
  readonly tradeDate: string
  readonly tradeWeek: number
  readonly dayStartMicros: number
  readonly weekStartMicros: number
  readonly entriesToday: number
  readonly entriesThisSession: number
  readonly lossesInARow: number
  /** Exit time of the last losing trade, ms UTC; undefined before the first. */
  readonly lastLossAt: number | undefined
  /** Net R of the trades closed in this trade date. */
  readonly sessionR: number
  readonly closedTrades: number
}

export type Booking = {
  readonly kind: 'applied' | 'duplicate' | 'runaway'
  /** The trade that this fill completed. */
  readonly closed: ClosedTrade | undefined
}

export interface Portfolio {
  view(): PortfolioView
  /** A bar begins: rolls trade date, week and session before its fills. */
  begin(bar: Bar, session: number): void
  /** An entry order that leaves: the fills it may have. `DUPLICATE` where its decision has ordered before. */
  register(order: Order): Outcome<undefined>
  /** Lots that a decision has ordered, also after its trade closed; undefined where it ordered nothing. */
  ordered(decisionId: string): number | undefined
  /** Books a fill once, whatever order fills come in. A fill nobody ordered, or beyond its order, is booked and `runaway`. */
  apply(fill: Fill, exitReason?: ExitReason): Booking
  /** Marks the open position at the bar's close. */
  mark(bar: Bar): void
  /** The operator's new start after a drawdown halt: the peak becomes the present equity. */
  rebasePeak(): void
}

export type PortfolioOptions = {
  readonly instrument: Instrument
  readonly calendar: Calendar
  readonly barMs: number
  /** Dollars. */
  readonly capital?: number
}

type Figures = { -readonly [K in keyof PortfolioView]: PortfolioView[K] }

/**
 * @example
 * const ledger = portfolio({ instrument, calendar, barMs: 86_400_000 })
 * ledger.register(order)
 * ledger.apply(fill)
 * ledger.view().cashMicros // 99_999_250_000 after one MES commission of $0.75
 */
export function portfolio({ instrument, calendar, barMs, capital = 100_000 }: PortfolioOptions): Portfolio {
  const stepValue = stepValueMicros(instrument)
  const start = Math.round(capital * 1e6)
  const lots = new Map<string, Lot>()
  const bookedTrades = new Set<string>()
  // Kept after the trade closed: a late or repeated fill must still find what was ordered and how much of it was filled.
  const orders = new Map<string, { readonly order: Order; entered: number; exited: number }>()
  let markSteps: number | undefined
  let sessionKey = ''
  let realisedMicros = 0
  let feesMicros = 0
  const figures: Figures = {
    cashMicros: start,
    equityMicros: start,
    peakMicros: start,
    startMicros: start,
    endOfDayPeakMicros: start,
    position: 0,
    openPositions: 0,
    plannedLossMicros: 0,
    tradeDate: '',
    tradeWeek: 0,
    dayStartMicros: start,
    weekStartMicros: start,
    entriesToday: 0,
    entriesThisSession: 0,
    lossesInARow: 0,
    lastLossAt: undefined,
    sessionR: 0,
    closedTrades: 0,
  }

  const refresh = (): void => {
    let open = 0
    figures.position = 0
    figures.openPositions = 0
    figures.plannedLossMicros = 0
    for (const [decisionId, lot] of lots) {
      figures.position += lot.side * (lot.entered - lot.exited)
      figures.openPositions += 1
      open += openProfitMicros(lot, markSteps, stepValue)
      const stop = orders.get(decisionId)?.order.bracket?.stop ?? 0
      figures.plannedLossMicros += plannedLossMicros(instrument, lot.entered - lot.exited, stop, 0)
    }
    figures.cashMicros = start + realisedMicros - feesMicros
    figures.equityMicros = figures.cashMicros + open
  }

  /** Positions that are held from one trade date into another. */
  const carryOver = (from: string, to: string): void => {
    for (const lot of lots.values()) {
      const price = (markSteps ?? lot.entryCost / lot.entered) * instrument.step
      const cost = carryMicros(instrument, { side: lot.side, lots: lot.entered - lot.exited, price, from, to })
      lot.carryMicros += cost
      lot.feesMicros += cost
      feesMicros += cost
    }
    refresh()
  }

  const finish = (lot: Lot, order: Order, reason: ExitReason): ClosedTrade => {
    const trade = closeLot(lot, order, reason, instrument)
    figures.closedTrades += 1
    figures.sessionR += trade.r
    figures.lossesInARow = trade.netMicros < 0 ? figures.lossesInARow + 1 : 0
    if (trade.netMicros < 0) figures.lastLossAt = trade.exitTime
    return trade
  }

  return {
    view: () => figures,
    begin(bar, session) {
      const tradeDate = tradeDateOf(bar, barMs, calendar)
      if (tradeDate !== figures.tradeDate) {
        const from = figures.tradeDate
        figures.endOfDayPeakMicros = Math.max(figures.endOfDayPeakMicros, figures.cashMicros)
        const week = tradeWeekOf(tradeDate)
        if (week !== figures.tradeWeek) figures.weekStartMicros = figures.equityMicros
        figures.tradeWeek = week
        figures.tradeDate = tradeDate
        figures.dayStartMicros = figures.equityMicros
        figures.entriesToday = 0
        figures.sessionR = 0
        if (from !== '' && lots.size > 0) carryOver(from, tradeDate)
      }
      const key = `${tradeDate}/${session}`
      if (key !== sessionKey) figures.entriesThisSession = 0
      sessionKey = key
    },
    register(order) {
      if (orders.has(order.decisionId)) return refused('DUPLICATE', `decision ${order.decisionId} has ordered before`)
      orders.set(order.decisionId, { order, entered: 0, exited: 0 })
      return accepted(undefined)
    },
    ordered: decisionId => orders.get(decisionId)?.order.quantity,
    apply(fill, exitReason = 'flatten') {
      if (bookedTrades.has(fill.tradeId)) return { kind: 'duplicate', closed: undefined }
      bookedTrades.add(fill.tradeId)
      const isEntry = fill.role === 'entry'
      const lot = lots.get(fill.decisionId) ?? newLot(isEntry ? fill.side : fill.side === 1 ? -1 : 1)
      lots.set(fill.decisionId, lot)
      feesMicros += fill.commissionMicros
      lot.feesMicros += fill.commissionMicros
      lot.slippage += fill.slippage * fill.quantity
      if (isEntry) {
        // Parts of one entry count once.
        if (lot.entered === 0) {
          figures.entriesToday += 1
          figures.entriesThisSession += 1
        }
        lot.entered += fill.quantity
        lot.entryCost += fill.quantity * fill.price
        lot.entryTime = Math.min(lot.entryTime, fill.time)
      } else {
        lot.exited += fill.quantity
        lot.exitCost += fill.quantity * fill.price
        lot.exitTime = Math.max(lot.exitTime, fill.time)
      }
      const known = orders.get(fill.decisionId)
      if (known !== undefined) known[isEntry ? 'entered' : 'exited'] += fill.quantity
      const runaway = known === undefined || known.entered > known.order.quantity || known.exited > known.order.quantity
      const whole = lot.entered === lot.exited
      if (whole) {
        realisedMicros += openProfitMicros(lot, markSteps, stepValue)
        lots.delete(fill.decisionId)
      }
      const closed = whole && known !== undefined ? finish(lot, known.order, exitReason) : undefined
      refresh()
      return { kind: runaway ? 'runaway' : 'applied', closed }
    },
    mark(bar) {
      markSteps = toSteps(instrument, bar.close)
      refresh()
      figures.peakMicros = Math.max(figures.peakMicros, figures.equityMicros)
    },
    rebasePeak() {
      figures.peakMicros = figures.equityMicros
      figures.endOfDayPeakMicros = figures.equityMicros
    },
  }
}
