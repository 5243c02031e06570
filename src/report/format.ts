// How numbers and times read, the same on every machine: no locale is asked.

import type { Amount, Instant } from './report.ts'

const MINUS = '\u2212'
/** Keeps number and unit on one line. */
const GAP = '\u00a0'

function grouped(digits: string): string {
  const [whole = '', rest] = digits.split('.')
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return rest === undefined ? thousands : `${thousands}.${rest}`
}

/**
 * @example number(-8902.1, { unit: '$', digits: 0 }) // '−$8,902'
 * @example number(5.94, { unit: '%', digits: 1, signed: true }) // '+5.9 %'
 */
export function number(
  value: number,
  { unit = '', digits = 2, signed = false }: Pick<Amount, 'unit' | 'digits' | 'signed'>,
): string {
  const size = Math.abs(value)
  // Beyond 1e21 toFixed turns to exponents by itself.
  const text = size >= 1e15 ? size.toExponential(digits) : grouped(size.toFixed(digits))
  // What rounds to nothing has no sign.
  const zero = !/[1-9]/.test(text)
  const sign = value < 0 && !zero ? MINUS : signed && !zero ? '+' : ''
  const money = unit === '$' ? '$' : ''
  return `${sign}${money}${text}${unit === '' || unit === '$' ? '' : GAP + unit}`
}

/**
 * `low to high`, or nothing where there is no interval.
 *
 * @example interval({ value: 1, low: 0.5, high: 1.5, unit: 'R' }) // '0.50 to 1.50 R'
 */
export function interval({ low, high, ...style }: Amount): string | undefined {
  if (low === undefined || high === undefined || low === null || high === null) return undefined
  const first = style.unit === '$' ? style : { ...style, unit: '' }
  return `${number(low, first)} to ${number(high, style)}`
}

/** @example count(5103) // '5,103' */
export const count = (n: number): string => number(n, { digits: 0 })

/** @example sample({ value: 1, n: 126, of: 'trades' }) // '126 trades' */
export function sample({ n, of }: Pick<Amount, 'n' | 'of'>): string | undefined {
  if (n === undefined) return undefined
  return of === undefined ? `n${GAP}${count(n)}` : `${count(n)}${GAP}${of}`
}

/** @example moment({ time: 0, shows: 'minute' }) // '1970-01-01 00:00 UTC' */
export function moment({ time, shows }: Instant): string {
  const text = new Date(time).toISOString()
  return shows === 'day' ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`
}
