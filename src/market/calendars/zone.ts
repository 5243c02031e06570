// Wall time of a zone by the IANA database, fast enough for every bar: one look-up a day, and one an hour on days that change the clock.

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const UNITS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const

/** Wall time: days since 1970-01-01 in the zone, and minute of that day. */
export type WallTime = { readonly day: number; readonly minute: number }

export interface Zone {
  readonly name: string
  wall(timeMs: number): WallTime
  /** UTC ms of a wall time; of an hour that happens twice the first, of one that is skipped the moment after the jump. */
  utc(day: number, minute: number): number
}

export function zone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const read = (at: number): number => {
    const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const [year, month, date, hours, minutes, seconds] = UNITS.map(unit => part.get(unit) ?? 0)
    return Date.UTC(year!, month! - 1, date, hours, minutes, seconds) - at
  }
  const known = new Map<number, number>()
  const cached = (at: number): number => {
    const offset = known.get(at) ?? read(at)
    known.set(at, offset)
    return offset
  }
  const offsetAt = (timeMs: number): number => {
    const dayStart = Math.floor(timeMs / DAY_MS) * DAY_MS
    const offset = cached(dayStart)
    return offset === cached(dayStart + DAY_MS) ? offset : cached(Math.floor(timeMs / HOUR_MS) * HOUR_MS)
  }
  return {
    name,
    wall(timeMs) {
      const local = timeMs + offsetAt(timeMs)
      const day = Math.floor(local / DAY_MS)
      return { day, minute: Math.floor((local - day * DAY_MS) / MINUTE_MS) }
    },
    utc(day, minute) {
      const local = day * DAY_MS + minute * MINUTE_MS
      const early = local - Math.max(offsetAt(local - 12 * HOUR_MS), offsetAt(local + 12 * HOUR_MS))
      if (early + offsetAt(early) === local) return early
      return local - offsetAt(early)
    },
  }
}

/** `YYYY-MM-DD` of a day number. */
export function dayLabel(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Day number of `YYYY-MM-DD`. */
export function labelDay(label: string): number {
  return Math.round(Date.parse(`${label}T00:00:00Z`) / DAY_MS)
}

/** 0 Sunday .. 6 Saturday. */
export function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}
