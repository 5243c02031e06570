// Public keys as people pass them on: 64 hex digits of Ed25519, or a PEM of Ed25519 or of the curve P-256.

import { createPublicKey, type KeyObject } from 'node:crypto'
import { accepted, type Outcome, refused } from '../base/fault.ts'

export type PublicKey =
  | { readonly alg: 'ed25519'; readonly raw: Uint8Array }
  /** Signs bundles for third-party tools only, never a release. */
  | { readonly alg: 'p256'; readonly key: KeyObject }

const RAW_LENGTH = 32

/**
 * Fault: `KEY_FORMAT`.
 *
 * @param place file named in the fault
 * @example readPublicKey('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a').ok // true
 */
export function readPublicKey(text: string, place?: string): Outcome<PublicKey> {
  const plain = text.trim()
  if (/^[0-9a-fA-F]{64}$/.test(plain))
    return accepted({ alg: 'ed25519', raw: Uint8Array.from(Buffer.from(plain, 'hex')) })
  const key = plain.startsWith('-----BEGIN PUBLIC KEY-----') ? parsed(plain) : undefined
  if (key?.asymmetricKeyType === 'ed25519') {
    const spki = key.export({ format: 'der', type: 'spki' })
    return accepted({ alg: 'ed25519', raw: Uint8Array.from(spki.subarray(-RAW_LENGTH)) })
  }
  if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') return accepted({ alg: 'p256', key })
  return refused('KEY_FORMAT', 'is no public key: neither 64 hex digits nor a PEM of Ed25519 or P-256', {
    ...(place !== undefined && { place }),
    fix: 'get it from the publisher with: ratchet keys export-public KEYID',
  })
}

function parsed(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem)
  } catch {
    // Whatever is wrong with it is told as one thing: it is no key.
    return undefined
  }
}
