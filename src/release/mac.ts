// HMAC-SHA256 and the comparison that tells nothing by its time.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../base/secret.ts'

export function hmacSha256(key: Secret, message: Uint8Array | string): Uint8Array {
  return createHmac('sha256', key.reveal()).update(message).digest()
}

/** Equal bytes? Lengths are compared first; they are no secret. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
