// The trades that an engine may still hold, and how they pass to another set of models (SRV-33).

import type { Order } from '../market/trade.ts'
import type { BarEvent } from './bar-event.ts'
import type { AccountState } from './brain.ts'
import type { CandidateTable } from './candidate-table.ts'
import type { Entered } from './decider.ts'
import type { Reason } from './decision.ts'
import { clientOrderId } from './decision-id.ts'
import type { EngineOptions } from './engine-options.ts'
import { type HeldTrade, underwrite } from './handoff.ts'
import { exitOrder } from './protection.ts'
import type { SizeCuts } from './size-cuts.ts'

export type HandedOver = {
  /** The first exit that left, and why. */
  readonly exit: { readonly orderId: string; readonly reason: Reason } | null
  /** Of those that stay, what the new set made of each. */
  readonly handed: readonly Reason[]
}

/** What a set that takes trades over is told of the book. */
export type BookState = { readonly account: AccountState; readonly cuts: SizeCuts }

export interface OpenTrades {
  add(entered: Entered): void
  /** Closed, or known never to be filled. */
  drop(decisionId: string): void
  clear(): void
  readonly size: number
  /** Entry orders, oldest first. */
  entries(): Iterable<Order>
  /** Entry decision of the oldest trade that is held. */
  oldestHeld(): string | undefined
  /** Once for every held trade after another set took charge, as the policy says; `leave` sends an exit and tells whether it was taken. */
  handOver(event: BarEvent, table: CandidateTable, book: BookState, leave: (exit: Order) => boolean): HandedOver
}

type Options = Pick<EngineOptions, 'models' | 'broker' | 'portfolio' | 'instrument' | 'limits' | 'positions'> & {
  readonly account: string
}

const NOTHING: HandedOver = { exit: null, handed: [] }

export function openTrades(options: Options): OpenTrades {
  const { models, broker, portfolio, instrument, limits, account: name } = options
  const open = new Map<string, { readonly order: Order; setSeq: number }>()

  const heldOf = (order: Order): HeldTrade | undefined => {
    const working = broker.status().working.filter(({ decisionId }) => decisionId === order.decisionId)
    const stop = working.find(({ role }) => role === 'stop')
    if (stop === undefined || working.some(({ role }) => role === 'exit')) return undefined
    return { entry: order, lots: stop.quantity, stop: stop.price! }
  }
  const drop = (decisionId: string): void => {
    open.delete(decisionId)
    models.unpin?.(decisionId)
  }

  return {
    add: ({ order, setSeq }) => void open.set(order.decisionId, { order, setSeq }),
    drop,
    clear() {
      for (const decisionId of open.keys()) drop(decisionId)
    },
    get size() {
      return open.size
    },
    *entries() {
      for (const { order } of open.values()) yield order
    },
    oldestHeld() {
      for (const { order } of open.values()) if (heldOf(order) !== undefined) return order.decisionId
      return undefined
    },
    handOver(event, table, { account, cuts }, leave) {
      const policy = options.positions?.() ?? 'pinToEntry'
      if (policy === 'pinToEntry' || open.size === 0) return NOTHING
      const lease = models.lease()
      let exit: HandedOver['exit'] = null
      const handed: Reason[] = []
      try {
        for (const trade of open.values()) {
          const held = trade.setSeq === lease.setSeq ? undefined : heldOf(trade.order)
          if (held === undefined) continue
          trade.setSeq = lease.setSeq
          lease.pin?.(trade.order.decisionId)
          const { action, lots, stop, reason } =
            policy === 'flatten'
              ? {
                  action: 'exit',
                  lots: 0,
                  stop: undefined,
                  reason: { code: 'HANDOFF_FLATTEN', value: null, limit: null },
                }
              : underwrite(held, lease, event, table, { instrument, limits, view: portfolio.view(), account, cuts })
          if (stop !== undefined) broker.tighten(trade.order.decisionId, stop)
          if (action === 'exit') {
            const order = exitOrder(name, trade.order, 'flatten', 'exit')
            if (leave(order)) exit ??= { orderId: order.id, reason }
            continue
          }
          if (action === 'reduce') leave(reduction(name, trade.order, held.lots - lots, lease.setSeq))
          handed.push(reason)
        }
      } finally {
        lease.release()
      }
      return { exit, handed }
    },
  }
}

/** An exit of a part; its id is of the set that wanted it. */
function reduction(account: string, entry: Order, quantity: number, setSeq: number): Order {
  const id = clientOrderId(account, entry.strategy, entry.decisionId, `reduce-${setSeq}`)
  return { ...exitOrder(account, entry, 'flatten', 'exit'), id, quantity }
}
