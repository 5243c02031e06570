// Instants, days and spans as people read them. Daily bars are labels, not instants: they have a date and no zone.

export type ZoneChoice = 'browser' | 'America/New_York' | 'UTC'

const zoneOf = (choice: ZoneChoice): string | undefined => (choice === 'browser' ? undefined : choice)

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: ZoneChoice, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-CA', { ...options, timeZone: zoneOf(zone) })
  formats.set(key, format)
  return format
}

const CLOCK: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
}

const partOf = (parts: readonly Intl.DateTimeFormatPart[], type: Intl.DateTimeFormatPartTypes): string =>
  parts.find(part => part.type === type)?.value ?? ''

/** `2003-06-11 16:00 EDT`: never without its zone. */
export function instant(ms: number | null | undefined, zone: ZoneChoice): string {
  if (ms === null || ms === undefined) return 'N/A'
  const parts = formatOf(zone, CLOCK).formatToParts(ms)
  const of = (type: Intl.DateTimeFormatPartTypes) => partOf(parts, type)
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')} ${of('timeZoneName')}`
}

/** The date of an instant in a zone. */
export function dateOf(ms: number | null | undefined, zone: ZoneChoice): string {
  return ms === null || ms === undefined ? 'N/A' : instant(ms, zone).slice(0, 10)
}

/** The label of a daily bar, whose time is its session's date at 00:00Z. */
export const session = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** What a bar is called: a session's date where bars are days, else its instant. */
export const barTime = (ms: number, barMs: number, zone: ZoneChoice): string =>
  barMs >= 86_400_000 ? session(ms) : instant(ms, zone)

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
]

/** A span in its two largest units: `2 d 3 h`, `41 s`, `0.4 s`. */
export function span(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return 'N/A'
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
  const at = UNITS.findIndex(([unit]) => ms >= unit)
  const [unit, name] = UNITS[at]!
  const smaller = UNITS[at + 1]
  const first = `${Math.floor(ms / unit)} ${name}`
  const rest = smaller === undefined ? 0 : Math.floor((ms % unit) / smaller[0])
  return smaller === undefined || rest === 0 ? first : `${first} ${rest} ${smaller[1]}`
}

/** A span in days, for ages of models and data: `412 days`. */
export function days(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return 'N/A'
  const count = Math.round(ms / 86_400_000)
  return count === 1 ? '1 day' : `${count.toLocaleString('en-US')} days`
}
