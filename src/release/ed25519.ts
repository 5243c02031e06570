// Ed25519 (RFC 8032) from raw 32-byte seeds and public keys, through Node's own implementation.

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Secret } from '../base/secret.ts'
import { type Ed25519SigningKey, ed25519KeyId, type KeyUse } from './keys.ts'

// RFC 8410: the fixed beginnings of PKCS#8 and SubjectPublicKeyInfo for Ed25519.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

const privateKey = (seed: Secret): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed.reveal()]), format: 'der', type: 'pkcs8' })

/** @param seed 32 bytes */
export function ed25519SigningKey(seed: Secret, use: KeyUse = 'release'): Ed25519SigningKey {
  const spki = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' })
  const publicKey = Uint8Array.from(spki.subarray(SPKI.length))
  return { keyid: ed25519KeyId(publicKey), alg: 'ed25519', use, state: 'active', publicKey, secret: seed }
}

export function ed25519Sign(message: Uint8Array, seed: Secret): Uint8Array {
  return Uint8Array.from(sign(null, message, privateKey(seed)))
}

export function ed25519Verify(message: Uint8Array, publicKey: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })
  return signature.length === 64 && verify(null, message, key, signature)
}
