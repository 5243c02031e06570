// Orders that left in the last minute and hour (RSK-10).

export interface OrderRate {
  count(now: number): void
  sent(now: number): { readonly lastMinute: number; readonly lastHour: number }
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
  return {
    count(now) {
      times.push(now)
    },
    sent(now) {
      times = times.filter(time => time > now - 60 * MINUTE_MS)
      return { lastMinute: times.filter(time => time > now - MINUTE_MS).length, lastHour: times.length }
    },
  }
}
