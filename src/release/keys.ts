// Keys that sign and verify releases: their ids, and the one MAC key that each bot gets from the master (REL-25, REL-27).

import { hkdfSync } from 'node:crypto'
import { sha256 } from '../base/hash.ts'
import { type Secret, secretBytes } from '../base/secret.ts'

export type KeyAlgorithm = 'hmac' | 'ed25519'
/** `root` is offline and alone may raise the epoch; `pointer` signs pointers only; `release` signs both. */
export type KeyUse = 'release' | 'root' | 'pointer'
export type KeyState = 'active' | 'next' | 'retired' | 'revoked'

type KeyRecord = {
  readonly keyid: string
  readonly use: KeyUse
  readonly state: KeyState
  /** Times in ms UTC; absent is open-ended. */
  readonly notBefore?: number | undefined
  readonly notAfter?: number | undefined
}

export type HmacKey = KeyRecord & {
  readonly alg: 'hmac'
  readonly secret: Secret
  /** One bot's own key: it signs in envelopes, never `current.json`, which all bots share (REL-27). */
  readonly perBot?: boolean | undefined
}
export type Ed25519PublicKey = KeyRecord & { readonly alg: 'ed25519'; readonly publicKey: Uint8Array }
/** `secret` is the 32-byte seed (RFC 8032). */
export type Ed25519SigningKey = Ed25519PublicKey & { readonly secret: Secret }

/** A key that this bot believes. A signing key is also a trusted one. */
export type TrustedKey = HmacKey | Ed25519PublicKey
export type SigningKey = HmacKey | Ed25519SigningKey

/** @example hmacKeyId('bot-1', 1) // 'hmac:bot-1:1' */
export const hmacKeyId = (name: string, generation: number): string => `hmac:${name}:${generation}`

const HMAC_ID = /^hmac:([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}):([1-9]\d{0,8})$/

/**
 * The parts of an HMAC key's id; undefined for anything else. Names that pass may become file names.
 *
 * @example hmacKeyParts('hmac:bot-1:2') // { name: 'bot-1', generation: 2 }
 */
export function hmacKeyParts(keyid: string): { readonly name: string; readonly generation: number } | undefined {
  const found = HMAC_ID.exec(keyid)
  return found === null ? undefined : { name: found[1]!, generation: Number(found[2]) }
}

/** @param publicKey the 32 raw bytes */
export const ed25519KeyId = (publicKey: Uint8Array): string => `ed25519:${sha256(publicKey).slice(0, 16)}`

/** Whether signatures of this key count at this time. Keys being rotated in count; retired and revoked ones do not. */
export function isUsable(key: TrustedKey, nowMs: number): boolean {
  if (key.state === 'retired' || key.state === 'revoked') return false
  return nowMs >= (key.notBefore ?? -Infinity) && nowMs < (key.notAfter ?? Infinity)
}

/**
 * The MAC key of one bot, which forges for nobody else (REL-27: HKDF-SHA256, RFC 5869).
 *
 * @param master 32 bytes, kept by the publisher
 * @example botKey(master, 'bot-1', 1).keyid // 'hmac:bot-1:1'
 */
export function botKey(master: Secret, botId: string, generation: number): HmacKey {
  const derived = hkdfSync('sha256', master.reveal(), 'ratchet/bot-mac/v1', `${botId}|${generation}`, 32)
  return {
    keyid: hmacKeyId(botId, generation),
    alg: 'hmac',
    use: 'release',
    state: 'active',
    secret: secretBytes(new Uint8Array(derived)),
    perBot: true,
  }
}
