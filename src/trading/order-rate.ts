// Orders that left in the last minute and hour (RSK-10), and those that the limit on them held back (RSK-11).

export interface OrderRate {
  count(now: number): void
  sent(now: number): { readonly lastMinute: number; readonly lastHour: number }
  /** The limit held an order back; gives how many in the last minute, this one included. */
  heldBack(now: number): number
}

const MINUTE_MS = 60_000

/**
 * @example
 * const rate = orderRate()
 * rate.count(0)
 * rate.sent(59_999) // { lastMinute: 1, lastHour: 1 }
 */
export function orderRate(): OrderRate {
  let times: number[] = []
  let held: number[] = []
  return {
    count(now) {
      times.push(now)
    },
    sent(now) {
      times = times.filter(time => time > now - 60 * MINUTE_MS)
      return { lastMinute: times.filter(time => time > now - MINUTE_MS).length, lastHour: times.length }
    },
    heldBack(now) {
      held = [...held.filter(time => time > now - MINUTE_MS), now]
      return held.length
    },
  }
}
