// How strong a MAC key must be before anything is signed or believed with it (REL-12).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { Secret } from '../base/secret.ts'

const SHORTEST = 32
/** Keys that stand in instructions and published test vectors; everyone has them. */
const PUBLISHED =
  /change.?me|example|placeholder|your.?(?:secret|key)|replace.?(?:me|this)|^(?:00112233445566778899aabbccddeeff)+$/i

function characters(key: Secret): number {
  const bytes = key.reveal()
  try {
    return Array.from(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)).length
  } catch (cause) {
    // A derived key is no text; its bytes count.
    if (cause instanceof TypeError) return bytes.length
    throw cause
  }
}

/** `KEY_TOO_SHORT` below 32 characters. */
export function keyLongEnough(key: Secret): Outcome<Secret> {
  if (characters(key) >= SHORTEST) return accepted(key)
  return refused('KEY_TOO_SHORT', `the HMAC key has fewer than ${SHORTEST} characters`, {
    fix: 'make one with: openssl rand -hex 32',
  })
}

/** What a start asks of a key: long enough, and not one that stands in a manual (`KEY_EXAMPLE`). */
export function keyFitToStart(key: Secret): Outcome<Secret> {
  const text = Buffer.from(key.reveal()).toString('latin1')
  if (PUBLISHED.test(text) || /^(.)\1*$/s.test(text)) {
    return refused('KEY_EXAMPLE', 'the HMAC key is an example that others have too', {
      fix: 'make your own with: openssl rand -hex 32',
    })
  }
  return keyLongEnough(key)
}
