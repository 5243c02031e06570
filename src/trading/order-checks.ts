// What every broker refuses before it takes an entry: no quantity, no price where the type needs one, no stop.

import { type Outcome, refused } from '../base/fault.ts'
import type { Order } from '../market/trade.ts'

/**
 * The refusal, or undefined for a well-formed entry. A bracket holds distances, so "stop below entry below target" (BRK-08) is both positive.
 *
 * @example entryFault({ ...order, bracket: undefined })?.ok // false: NO_STOP
 */
export function entryFault(order: Order): Outcome<undefined> | undefined {
  const { id, quantity, type, price, bracket } = order
  if (order.role !== 'entry') return refused('ORDER_ROLE', `order ${id} is neither entry nor exit`)
  if (!Number.isSafeInteger(quantity) || quantity < 1) {
    return refused('ORDER_QUANTITY', `order ${id} has quantity ${quantity}; whole lots of at least one are placed`)
  }
  if (type !== 'market' && !Number.isSafeInteger(price)) {
    return refused('ORDER_PRICE', `${type} order ${id} has price ${price}; it needs whole steps`)
  }
  const distances = bracket === undefined ? [] : [bracket.stop, bracket.target, bracket.maxBars]
  if (distances.length === 0 || distances.some(distance => !Number.isSafeInteger(distance) || distance < 1)) {
    return refused('NO_STOP', `order ${id} has no stop below and target above its entry`, { fix: 'hand in a bracket' })
  }
  return undefined
}
