// Figures as people read them: sign, unit and grouping always the same, a real minus, and N/A where there is nothing to show.

const NOT_AVAILABLE = 'N/A'

const MINUS = '\u2212'

const formats = new Map<string, Intl.NumberFormat>()

function number(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options)
  const format = formats.get(key) ?? new Intl.NumberFormat('en-US', options)
  formats.set(key, format)
  return format.format(value).replace('-', MINUS)
}

const missing = (value: number | null | undefined): value is null | undefined =>
  value === null || value === undefined || !Number.isFinite(value)

/** `fixed(0.5, 2)` is `0.50`. */
export const fixed = (value: number | null | undefined, digits: number): string =>
  missing(value) ? NOT_AVAILABLE : number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** About four significant digits, for figures of unknown size. */
export const figure = (value: number | null | undefined): string =>
  missing(value) ? NOT_AVAILABLE : number(value, { maximumSignificantDigits: 4 })

export const whole = (value: number | null | undefined): string => fixed(value, 0)

/** Dollars; cents below a thousand. */
export function money(value: number | null | undefined): string {
  if (missing(value)) return NOT_AVAILABLE
  const digits = Math.abs(value) < 1000 ? 2 : 0
  return number(value, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

const signed = (value: number, text: string): string => (value > 0 ? `+${text}` : text)

export const signedMoney = (value: number | null | undefined): string =>
  missing(value) ? NOT_AVAILABLE : signed(value, money(value))

/** A share, 0 to 1, as percent. */
export const percent = (share: number | null | undefined, digits = 1): string =>
  missing(share) ? NOT_AVAILABLE : `${fixed(share * 100, digits)}\u00a0%`

export const signedPercent = (share: number | null | undefined, digits = 2): string =>
  missing(share) ? NOT_AVAILABLE : signed(share, percent(share, digits))

/** A difference of two shares, in percentage points. */
export const signedPoints = (value: number | null | undefined): string =>
  missing(value) ? NOT_AVAILABLE : `${signedFixed(value * 100, 2)}\u00a0pp`

export const signedFixed = (value: number | null | undefined, digits: number): string =>
  missing(value) ? NOT_AVAILABLE : signed(value, fixed(value, digits))

/** How many decimals prices on this step have. */
export function decimalsOf(step: number): number {
  const text = step.toString()
  if (text.includes('e-')) return Math.min(8, Number(text.split('e-')[1]))
  return Math.min(8, text.split('.')[1]?.length ?? 0)
}

/** Size of a file. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  return count < 1e6 ? `${fixed(count / 1e3, 1)} kB` : `${fixed(count / 1e6, 1)} MB`
}

/** The beginning of a hash, enough to tell two apart. */
export const short = (hash: string): string => (hash.length > 12 ? `${hash.slice(0, 10)}\u2026` : hash)
