// With which keys `ratchet verify` checks: those that the line names, else those of the state directory.

import { unwrap } from '../base/fault.ts'
import { ed25519KeyId, type KeyAlgorithm, type TrustedKey } from '../release/keys.ts'
import { type PublicKey, readPublicKey } from '../release/public-key.ts'
import type { Session } from './command.ts'
import { chosenRing, type KeyOptions, namedKey } from './key-options.ts'
import { publicKeyText } from './keys-new.ts'

export type VerifyKeyOptions = KeyOptions & { readonly public?: string }

export type VerifyKeys = {
  readonly keys: readonly TrustedKey[]
  /** Of which algorithms a signature must be there. */
  readonly required: readonly KeyAlgorithm[]
}

/** The public key on the line. Faults: `KEY_FORMAT`, `FILE_MISSING`. */
export async function givenPublicKey(
  { public: given }: VerifyKeyOptions,
  session: Session,
): Promise<PublicKey | undefined> {
  if (given === undefined) return undefined
  const text = await publicKeyText(given, session)
  return unwrap(readPublicKey(text, text === given ? undefined : given))
}

/** Each key that the line names must have signed. Faults: those of the keys. */
export async function verifyKeys(
  options: VerifyKeyOptions,
  given: PublicKey | undefined,
  session: Session,
): Promise<VerifyKeys> {
  if (given?.alg !== 'ed25519') {
    const { trusted } = await chosenRing(options, 'verify', session)
    return { keys: trusted, required: session.ports.settings.release.verify.required ?? ['hmac'] }
  }
  const named = await namedKey(options, session)
  const key = {
    keyid: ed25519KeyId(given.raw),
    alg: 'ed25519',
    use: 'release',
    state: 'active',
    publicKey: given.raw,
  } as const
  return named === undefined
    ? { keys: [key], required: ['ed25519'] }
    : { keys: [named, key], required: ['hmac', 'ed25519'] }
}
