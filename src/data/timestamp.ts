// One timestamp of a file: an instant, a session label, or a naive wall time that needs a zone.

import { labelDay, type Zone } from '../market/calendars/zone.ts'

export type Timestamp =
  | { readonly kind: 'instant'; readonly ms: number }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'naive' }
  | { readonly kind: 'bad'; readonly reason: string }

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const WALL = /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/
const ZONED = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|[+-]\d\d(?::?\d\d)?)$/i

/** Epoch units by magnitude: seconds stay below 1e11 until the year 5138, and each finer unit is a thousand times larger. */
const EPOCH_UNITS = [
  [1e11, 1000],
  [1e14, 1],
  [1e17, 1e-3],
  [1e20, 1e-6],
] as const

const isDate = (label: string): boolean => {
  const ms = Date.parse(`${label}T00:00:00Z`)
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(label)
}

/**
 * DATA-01: ISO 8601 with offset, epoch s/ms/us/ns, or a pure date; a wall time only with a zone.
 *
 * @example parseTimestamp('1577836800') // { kind: 'instant', ms: 1577836800000 }
 */
export function parseTimestamp(text: string, zone?: Zone): Timestamp {
  const value = text.trim()
  if (/^\d{9,20}(\.\d+)?$/.test(value)) {
    const number = Number(value)
    const unit = EPOCH_UNITS.find(([limit]) => number < limit)
    return unit === undefined
      ? { kind: 'bad', reason: 'epoch number too large' }
      : { kind: 'instant', ms: Math.floor(number * unit[1]) }
  }
  if (DATE.test(value)) return isDate(value) ? { kind: 'label', label: value } : { kind: 'bad', reason: 'no such date' }
  const zoned = ZONED.exec(value)
  if (zoned !== null) {
    const offset = zoned[3]!.toUpperCase()
    const full = offset === 'Z' ? offset : `${offset.slice(0, 3)}:${offset.replace(':', '').slice(3) || '00'}`
    const ms = isDate(zoned[1]!) ? Date.parse(`${zoned[1]}T${zoned[2]}${full}`) : Number.NaN
    return Number.isFinite(ms) ? { kind: 'instant', ms } : { kind: 'bad', reason: 'no such time' }
  }
  const wall = WALL.exec(value)
  if (wall === null) return { kind: 'bad', reason: 'neither ISO 8601 nor an epoch number' }
  if (zone === undefined) return { kind: 'naive' }
  const [, label, hour, minute, second = '0'] = wall
  if (!isDate(label!) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return { kind: 'bad', reason: 'no such time' }
  return { kind: 'instant', ms: zone.utc(labelDay(label!), Number(hour) * 60 + Number(minute)) + Number(second) * 1000 }
}
