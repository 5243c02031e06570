// Names of decisions and of their orders: a ULID a decision, and order ids that the same decision cannot make twice.

import { sha256 } from '../base/hash.ts'
import type { Rng } from '../base/rng.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RFC4648 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * 48 bits of time and 80 random ones in Crockford's base 32 (github.com/ulid/spec); the same clock and seed give the same name.
 *
 * @example ulid(0, seededRng(1)).length // 26
 */
export function ulid(timeMs: number, rng: Rng): string {
  let text = ''
  let rest = timeMs
  for (let i = 0; i < 10; i++) {
    text = CROCKFORD[rest % 32]! + text
    rest = Math.floor(rest / 32)
  }
  for (let i = 0; i < 16; i++) text += CROCKFORD[rng.int(32)]!
  return text
}

/** The time in a ULID, ms UTC. @example ulidTime(ulid(7, rng)) // 7 */
export function ulidTime(name: string): number {
  let time = 0
  for (const digit of name.slice(0, 10)) time = time * 32 + CROCKFORD.indexOf(digit)
  return time
}

/** A position may be reduced once by each set that takes it over. */
export type OrderLeg = 'entry' | 'stop' | 'target' | 'time' | 'flatten' | `reduce-${number}`

/**
 * `"rt-" + base32(sha256(account | strategy | decisionId | leg))[0..25]` (ORD-01).
 *
 * @example clientOrderId('paper', 'EmaCross', decisionId, 'entry') // 'rt-' and 25 letters and digits
 */
export function clientOrderId(account: string, strategy: string, decisionId: string, leg: OrderLeg): string {
  const hex = sha256(`${account}|${strategy}|${decisionId}|${leg}`)
  let text = 'rt-'
  for (let bit = 0; text.length < 28; bit += 5) {
    const byte = Math.floor(bit / 8)
    const pair = Number.parseInt(hex.slice(2 * byte, 2 * byte + 4), 16)
    text += RFC4648[(pair >> (11 - (bit % 8))) & 31]!
  }
  return text
}
