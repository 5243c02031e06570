// Parsers of option values: what is not of the form is a usage fault that names the option, what was given and what is allowed.

import { InvalidArgumentError } from 'commander'
import { utcMs } from '../release/utc.ts'

/** @example .option('--seed <n>', 'seed of everything random', wholeNumber(0)) */
export function wholeNumber(least: number) {
  return (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`a whole number of ${least} or more is expected.`)
    }
    return value
  }
}

/** @example .option('--capital <dollars>', 'money at the start', amount(1000, 1e9)) */
export function amount(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`an amount from ${least} to ${most} is expected.`)
    }
    return value
  }
}

/** Milliseconds since 1970 of a time in UTC. */
export function utcTime(text: string): number {
  const ms = utcMs(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
  if (ms === undefined) throw new InvalidArgumentError('a time in UTC such as 2026-01-15T14:03:07Z is expected.')
  return ms
}

/** Midnight UTC that begins a day, ms since 1970. @example utcDate('2024-01-02') // 1704153600000 */
export function utcDate(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? utcMs(`${text}T00:00:00Z`) : undefined
  if (ms === undefined) throw new InvalidArgumentError('a day such as 2024-01-02 is expected.')
  return ms
}

/** Words with commas between them. @example listed('GDP,UNRATE') // ['GDP', 'UNRATE'] */
export function listed(text: string): readonly string[] {
  const words = text.split(',').map(word => word.trim())
  if (words.includes('')) throw new InvalidArgumentError('a list such as GDP,UNRATE is expected.')
  return [...new Set(words)]
}

/** Why something is done: 3 to 500 characters, in one line. */
export function reasonText(text: string): string {
  const reason = text.trim()
  if (reason.length < 3 || reason.length > 500 || /\p{Cc}/u.test(reason)) {
    throw new InvalidArgumentError('a reason of 3 to 500 characters is expected.')
  }
  return reason
}

/** 64 hex digits, in lower case. */
export function hexDigest(text: string): string {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new InvalidArgumentError('64 hex digits are expected.')
  return text.toLowerCase()
}

/** A share from 0 to below 1. */
export function shareBelowOne(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value < 1))
    throw new InvalidArgumentError('a share from 0 to below 1 is expected.')
  return value
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Length of a bar such as `1m`, `4h`, `1d`, in ms. */
export function barLength(text: string): number {
  const match = /^([1-9]\d{0,3})([smhd])$/.exec(text)
  if (match === null) throw new InvalidArgumentError('a bar length such as 1m, 15m, 1h or 1d is expected.')
  return Number(match[1]) * UNITS[match[2]!]!
}

/** How often: after so many bars, or so much time. */
export type Cadence = { readonly bars: number } | { readonly ms: number }

/** @example cadence('63') // { bars: 63 } and cadence('30m') // { ms: 1800000 } */
export function cadence(text: string): Cadence {
  const match = /^([1-9]\d{0,8})([mhd]?)$/.exec(text)
  if (match === null)
    throw new InvalidArgumentError('a number of bars such as 63, or a time such as 30m, 12h or 1d, is expected.')
  const [, count, unit] = match
  return unit === '' ? { bars: Number(count) } : { ms: Number(count) * UNITS[unit!]! }
}

/** A length of time in ms. @example duration('90s') // 90000 */
export function duration(text: string): number {
  const match = /^([1-9]\d{0,4})([smh])$/.exec(text)
  if (match === null) throw new InvalidArgumentError('a length of time such as 90s, 15m or 1h is expected.')
  return Number(match[1]) * UNITS[match[2]!]!
}

/** The same in minutes. @example minutes('90s') // 1.5 */
export const minutes = (text: string): number => duration(text) / UNITS['m']!

/** Whole days, `0d` among them. @example days('7d') // 7 */
export function days(text: string): number {
  const match = /^(\d{1,3})d$/.exec(text)
  if (match === null) throw new InvalidArgumentError('a number of days such as 7d is expected.')
  return Number(match[1])
}

/** Address of a running Ratchet: https, or http on this machine, where nobody listens in; without a path. */
export function serverUrl(text: string): string {
  const url = URL.parse(text)
  const here = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  const bare = url !== null && url.pathname === '/' && url.search === '' && url.username === '' && url.hash === ''
  if (!bare || !(url.protocol === 'https:' || (url.protocol === 'http:' && here))) {
    throw new InvalidArgumentError('an address such as http://127.0.0.1:8000, or https elsewhere, is expected.')
  }
  return url.origin
}

/** `date=Date,close=Last` as a record. */
export function columnMap(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map(pair => pair.split('='))
  if (pairs.some(pair => pair.length !== 2 || pair.includes(''))) {
    throw new InvalidArgumentError('a list such as date=Date,close=Last is expected.')
  }
  return Object.fromEntries(pairs.map(([name, column]) => [name!.toLowerCase(), column!]))
}

/** An IANA zone name. */
export function zoneName(text: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new InvalidArgumentError('an IANA zone such as America/New_York or UTC is expected.')
  }
}

/** A factor; `max` is endless. Never null: commander takes a null for an option without a value. */
export function speedFactor(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY
  const value = Number(text.replace(/x$/, ''))
  if (text.trim() === '' || !(value > 0 && value <= 10_000)) {
    throw new InvalidArgumentError('a factor such as 1, 10 or 0.5, or max, is expected.')
  }
  return value
}

/** Parts of the program that may be asked for; those that are not built as processes of their own are refused in words. */
export function roleHere(verb: string, built: readonly string[]) {
  return (text: string): string => {
    if (built.includes(text)) return text
    throw new InvalidArgumentError(`ratchet ${verb} runs as ${built.join(' or ')} only: no other role is built.`)
  }
}
