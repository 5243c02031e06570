// Whose releases a runtime takes: the keys that its program names, and which kinds of them must have signed (REL-14, REL-26, REL-27).

import { Fault, unwrap } from '../base/fault.ts'
import { secretText } from '../base/secret.ts'
import { readBotKey } from '../release/bot-key.ts'
import { keyFitToStart } from '../release/key-strength.ts'
import { ed25519KeyId, hmacKeyId, type KeyAlgorithm, type KeyUse, type TrustedKey } from '../release/keys.ts'
import { readPublicKey } from '../release/public-key.ts'

type Standing = {
  /** What it signed is neither installed nor started again, unless another key here signed it too. */
  readonly revoked?: boolean | undefined
}

export type TrustedByRuntime = Standing &
  (
    | {
        /** The publisher's MANIFEST_HMAC_KEY, which all bots share: 32 characters or more. */
        readonly hmacKey: string
        /** `hmac:manifest:1` where absent, which is what signs with MANIFEST_HMAC_KEY. */
        readonly keyid?: string | undefined
      }
    /** This bot's own key: what `ratchet keys derive --bot ID --out FILE` wrote into the file. */
    | { readonly botKey: string }
    | {
        /** Ed25519: 64 hex digits or a PEM, as `ratchet keys export-public` prints it. */
        readonly publicKey: string
        /** `release` where absent; the `root` key alone begins a new epoch. */
        readonly use?: KeyUse | undefined
      }
  )

export type RuntimeTrust = TrustedByRuntime | readonly TrustedByRuntime[]

export type Trusted = {
  readonly keys: readonly TrustedKey[]
  /** A signature of each of these must be there. */
  readonly required: readonly KeyAlgorithm[]
}

const PLACE = { place: 'openRuntime' }

function keyOf(given: TrustedByRuntime): TrustedKey {
  const state = given.revoked === true ? 'revoked' : 'active'
  if ('hmacKey' in given) {
    const { hmacKey, keyid = hmacKeyId('manifest', 1) } = given
    return { keyid, alg: 'hmac', use: 'release', state, secret: unwrap(keyFitToStart(secretText(hmacKey))) }
  }
  if ('botKey' in given) return { ...unwrap(readBotKey(secretText(given.botKey))), state }
  const { publicKey, use = 'release' } = given
  const read = unwrap(readPublicKey(publicKey, 'trust'))
  if (read.alg !== 'ed25519') {
    throw new Fault('KEY_FORMAT', 'this public key checks bundles for other tools, never a release', {
      place: 'trust',
      fix: 'give the Ed25519 key of the publisher: ratchet keys export-public KEYID',
    })
  }
  return { keyid: ed25519KeyId(read.raw), alg: 'ed25519', use, state, publicKey: read.raw }
}

/**
 * A program that names keys of both kinds wants both signatures: who holds the shared MAC key can forge with it, but not with the other.
 *
 * Faults: `KEY_TOO_SHORT`, `KEY_EXAMPLE`, `KEY_FORMAT`; `OPTIONS_INVALID` where a key is named twice or none may sign releases.
 *
 * @example trustedBy({ publicKey }).required // ['ed25519']
 */
export function trustedBy(trust: RuntimeTrust): Trusted {
  const keys = [trust].flat().map(keyOf)
  const twice = keys.find((key, at) => keys.findIndex(({ keyid }) => keyid === key.keyid) !== at)
  if (twice !== undefined) throw new Fault('OPTIONS_INVALID', `trust: ${twice.keyid} is named twice`, PLACE)
  const signers = keys.filter(({ state, use }) => state === 'active' && use === 'release')
  if (signers.length === 0) {
    throw new Fault('OPTIONS_INVALID', 'trust: no key is named that may sign releases', PLACE)
  }
  return { keys, required: [...new Set(signers.map(({ alg }) => alg))] }
}
