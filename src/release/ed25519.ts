// Ed25519 (RFC 8032) from raw 32-byte seeds and public keys, through Node's own implementation.

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { type Secret, secretBytes } from '../base/secret.ts'
import { type Ed25519PublicKey, type Ed25519SigningKey, ed25519KeyId, type KeyUse } from './keys.ts'
import { sameBytes } from './mac.ts'

// RFC 8410: the fixed beginnings of PKCS#8 and SubjectPublicKeyInfo for Ed25519.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

const privateKey = (seed: Secret): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed.reveal()]), format: 'der', type: 'pkcs8' })

const publicKeyObject = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' })

/**
 * A public key as `openssl pkey -pubout` writes it.
 *
 * @param raw 32 bytes
 */
export const ed25519Pem = (raw: Uint8Array): string => publicKeyObject(raw).export({ format: 'pem', type: 'spki' })

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
  return signature.length === 64 && verify(null, message, publicKeyObject(publicKey), signature)
}

/**
 * The seed in the text of `MANIFEST_SIGNING_KEY`: 64 hex digits, or a PKCS#8 PEM as `openssl genpkey -algorithm ed25519`
 * writes it. Anything else is `KEY_FORMAT`, without a word of what was given.
 */
export function ed25519Seed(text: Secret): Outcome<Secret> {
  const plain = Buffer.from(text.reveal()).toString('utf8').trim()
  if (/^[0-9a-fA-F]{64}$/.test(plain)) return accepted(secretBytes(Buffer.from(plain, 'hex')))
  const seed = plain.startsWith('-----BEGIN PRIVATE KEY-----') ? pemSeed(plain) : undefined
  if (seed !== undefined) return accepted(secretBytes(seed))
  return refused('KEY_FORMAT', 'the signing key is neither 64 hex digits nor an Ed25519 PEM', {
    fix: 'make one with: openssl genpkey -algorithm ed25519',
  })
}

function pemSeed(pem: string): Uint8Array | undefined {
  const body = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '')
  const der = Buffer.from(body, 'base64')
  const fits = der.length === PKCS8.length + 32 && der.subarray(0, PKCS8.length).equals(PKCS8)
  return fits ? Uint8Array.from(der.subarray(PKCS8.length)) : undefined
}

/** The signing key of a public one, when the secret is its own; otherwise `KEY_ID`. */
export function ed25519KeyFits(key: Ed25519PublicKey, text: Secret, place: string): Outcome<Ed25519SigningKey> {
  const seed = ed25519Seed(text)
  if (!seed.ok) return seed
  if (sameBytes(ed25519SigningKey(seed.value).publicKey, key.publicKey)) return accepted({ ...key, secret: seed.value })
  return refused('KEY_ID', `the secret of ${key.keyid} belongs to another key`, { place })
}
