// All keys of one installation at one moment: whom it believes, with what it signs, and in which epoch (REL-25 to REL-27).

import { canSign, type Key } from './key-file.ts'
import { isUsable, type SigningKey, type TrustedKey } from './keys.ts'

export type Keyring = {
  /** Every key that is known. Revoked and retired ones are among them: what they signed is told apart from a stranger's. */
  readonly trusted: readonly TrustedKey[]
  /** Sign releases, in order: the shared MAC key first, which signs `current.json` too; the keys of bots last. */
  readonly release: readonly SigningKey[]
  /** Sign pointers. */
  readonly pointer: readonly SigningKey[]
  /** The offline root key, where its secret is here; it signs only when asked to. */
  readonly root: readonly SigningKey[]
  /** Of releases that are built here. */
  readonly epoch: number
}

const rank = (key: SigningKey): number => {
  if (key.alg === 'ed25519') return 2
  if (key.perBot === true) return 3
  // During a rotation the key that everyone has comes first: the plain manifest holds one signature only.
  return key.state === 'next' ? 1 : 0
}

export type KeyringOptions = {
  /** Of two keys with one id the first counts. */
  readonly known: readonly Key[]
  readonly nowMs: number
  readonly epoch?: number | undefined
}

const once = (keys: readonly Key[]): readonly Key[] =>
  keys.filter((key, at) => keys.findIndex(({ keyid }) => keyid === key.keyid) === at)

/** @example keyring({ known: keys, nowMs: 0 }).release.map(({ keyid }) => keyid) */
export function keyring({ known, nowMs, epoch = 1 }: KeyringOptions): Keyring {
  const all = once(known)
  const signers = all
    .filter(canSign)
    .filter(key => isUsable(key, nowMs))
    .toSorted((a, b) => rank(a) - rank(b))
  return {
    trusted: all,
    release: signers.filter(({ use }) => use === 'release'),
    pointer: signers.filter(({ use }) => use !== 'root'),
    root: signers.filter(({ use }) => use === 'root'),
    epoch,
  }
}

/** The same keys for what was verified when it came: a key that has had its time signed in its time; a revoked one never counts. */
export const everTrusted = (keys: readonly TrustedKey[]): readonly TrustedKey[] =>
  keys.map(key =>
    key.state === 'revoked' ? key : { ...key, state: 'active', notBefore: undefined, notAfter: undefined },
  )
