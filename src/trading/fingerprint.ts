// What a run did, as one hash: every fill and every equity point. Same input, seed and build, same fingerprint (BT-02).

import { canonicalJson } from '../base/canonical-json.ts'
import { sha256Hasher } from '../base/hash.ts'
import type { Fill } from '../market/trade.ts'

export interface Fingerprint {
  fill(fill: Fill): void
  /** @param equity dollars; taken as whole millionths */
  point(timeMs: number, equity: number): void
  /** Lower-case hex of everything so far. */
  hex(): string
}

/**
 * @example
 * const print = fingerprint()
 * run({ ...options, onFill: fill => print.fill(fill) })
 * print.hex() // 64 hex digits
 */
export function fingerprint(): Fingerprint {
  const hasher = sha256Hasher()
  return {
    fill: fill => hasher.update(`${canonicalJson(fill)}\n`),
    point: (timeMs, equity) => hasher.update(`${timeMs} ${Math.round(equity * 1e6)}\n`),
    hex: () => hasher.digest(),
  }
}
