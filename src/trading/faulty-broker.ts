// A broker with the faults of a real one, at bars that a schedule names (BRK-01): it rejects, is late, falls silent, says things twice and
// fills in part. Behind it the orders and fills are those of the broker it wraps.

import { accepted, refused } from '../base/fault.ts'
import type { Rng } from '../base/rng.ts'
import type { Fill, Order } from '../market/trade.ts'
import type { BarBroker, BrokerStatus, MarketBar } from './broker.ts'

export const BROKER_FAULTS = ['reject', 'delay', 'disconnect', 'duplicate', 'partial'] as const
export type BrokerFaultKind = (typeof BROKER_FAULTS)[number]

/**
 * `reject`: orders after this bar are refused. `delay`: they reach the market so many bars late. `disconnect`: for so many bars nothing is
 * taken and nothing heard, and what was filled meanwhile is told at the end. `duplicate`: the fills of this bar are told twice.
 * `partial`: this bar has volume for one lot only.
 */
export type BrokerFault = { readonly kind: BrokerFaultKind; readonly bars: number }

/** What goes wrong at a bar, counted from 0. */
export type FaultSchedule = (bar: number) => BrokerFault | undefined

const LONGEST_BARS = 5

/**
 * A fault at about `share` of the bars, each kind as often as the others. The same generator gives the same faults, in whatever order bars
 * are asked for.
 *
 * @example faultyBroker(paperBroker(options), seededFaults(seededRng(7), 0.1))
 */
export function seededFaults(rng: Rng, share: number): FaultSchedule {
  return bar => {
    const own = rng.fork(`bar ${bar}`)
    if (own.next() >= share) return undefined
    return { kind: BROKER_FAULTS[own.int(BROKER_FAULTS.length)]!, bars: 1 + own.int(LONGEST_BARS) }
  }
}

/** Volume that lets one lot fill where a tenth of it may. */
const THIN = 10

export function faultyBroker(broker: BarBroker, faultAt: FaultSchedule): BarBroker {
  let bar = -1
  let fault: BrokerFault | undefined
  /** What was known when the line went dead; undefined while it is up. */
  let lastKnown: BrokerStatus | undefined
  let silentBars = 0
  let untold: Fill[] = []
  let underway: { readonly order: Order; bars: number }[] = []

  const live = (): BrokerStatus => {
    const status = broker.status()
    return { ...status, working: [...status.working, ...underway.map(({ order }) => order)] }
  }
  const arrive = (): void => {
    for (const each of underway) each.bars -= 1
    const due = underway.filter(({ bars }) => bars < 0)
    underway = underway.filter(({ bars }) => bars >= 0)
    // An exit of what a stop has closed meanwhile is refused there, and needs no more.
    for (const { order } of due) broker.place(order)
  }
  const heard = (fills: readonly Fill[]): readonly Fill[] => {
    const all = [...untold, ...fills]
    untold = []
    return fault?.kind === 'duplicate' ? [...all, ...all] : all
  }

  return {
    place(order) {
      if (lastKnown !== undefined) return refused('BROKER_DISCONNECTED', 'the line to the broker is down')
      if (fault?.kind === 'reject') return refused('BROKER_REJECTED', 'the broker took no order')
      const twice = ({ order: other }: { readonly order: Order }) =>
        other.id === order.id ||
        (order.role === 'exit' && other.role === 'exit' && other.decisionId === order.decisionId)
      if (underway.some(twice)) return refused('DUPLICATE', `order ${order.id} is on its way already`)
      if (fault?.kind !== 'delay') return broker.place(order)
      underway.push({ order, bars: fault.bars })
      return accepted(undefined)
    },
    cancel(orderId) {
      if (lastKnown !== undefined) return false
      const before = underway.length
      underway = underway.filter(({ order }) => order.id !== orderId)
      return underway.length < before || broker.cancel(orderId)
    },
    tighten: (decisionId, stop) => lastKnown === undefined && broker.tighten(decisionId, stop),
    status: () => (lastKnown === undefined ? live() : { ...lastKnown, health: 0 }),
    disconnect() {
      underway = underway.filter(({ order }) => order.role === 'exit')
      broker.disconnect()
    },
    onBar(market) {
      bar += 1
      fault = faultAt(bar)
      if (fault?.kind === 'disconnect' && lastKnown === undefined) {
        lastKnown = live()
        silentBars = fault.bars
      }
      arrive()
      const fills = broker.onBar(fault?.kind === 'partial' ? thin(market) : market)
      if (lastKnown === undefined) return heard(fills)
      untold.push(...fills)
      silentBars -= 1
      if (silentBars >= 0) return []
      lastKnown = undefined
      return heard([])
    },
    settle(market) {
      lastKnown = undefined
      underway = []
      return heard(broker.settle(market))
    },
  }
}

const thin = (market: MarketBar): MarketBar => ({
  ...market,
  bar: { ...market.bar, volume: Math.min(market.bar.volume, THIN) },
})
