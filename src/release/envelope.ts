// The DSSE envelope around a manifest or pointer: the bytes that were signed are the bytes that are parsed (REL-13, REL-14).

import { z } from 'zod'
import { accepted, type Outcome, refused, unwrap } from '../base/fault.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { ed25519Sign, ed25519Verify } from './ed25519.ts'
import { type HmacKey, isUsable, type KeyAlgorithm, type KeyUse, type SigningKey, type TrustedKey } from './keys.ts'
import { ENVELOPE_CAP, SIGNATURES_CAP } from './limits.ts'
import { hmacSha256, sameBytes } from './mac.ts'
import { fitSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'

export const MANIFEST_TYPE = 'application/vnd.ratchet.manifest+json;v=1'
export const POINTER_TYPE = 'application/vnd.ratchet.pointer+json;v=1'

const WIRE_NAMES: Readonly<Record<KeyAlgorithm, string>> = { hmac: 'hmac-sha256', ed25519: 'ed25519' }

const envelopeSchema = z.strictObject({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z
    .array(z.strictObject({ alg: z.enum(['hmac-sha256', 'ed25519']), keyid: z.string().max(128), sig: z.string() }))
    .min(1)
    .max(SIGNATURES_CAP),
})
type EnvelopeSignature = z.infer<typeof envelopeSchema>['signatures'][number]

/** The bytes under the signatures: DSSE v1 pre-authentication encoding. */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `
  return Uint8Array.from(Buffer.concat([Buffer.from(head), body]))
}

const signed = (key: SigningKey, message: Uint8Array): Uint8Array =>
  key.alg === 'hmac' ? hmacSha256(key.secret, message) : ed25519Sign(message, key.secret)

const fits = (key: TrustedKey, message: Uint8Array, signature: Uint8Array): boolean =>
  key.alg === 'hmac'
    ? sameBytes(hmacSha256(key.secret, message), signature)
    : ed25519Verify(message, key.publicKey, signature)

/** The MAC of one key over a payload, wherever it is written down. */
export const macOf = (key: HmacKey, payloadType: string, body: Uint8Array): Uint8Array =>
  hmacSha256(key.secret, preAuthEncoding(payloadType, body))

/**
 * Signs the body with every key, in order; where those are more than 64, the keys of single bots are left to side files
 * (`sideMacs`). More than 64 others are a bug of the caller.
 */
export function sealEnvelope(payloadType: string, body: Uint8Array, keys: readonly SigningKey[]): Uint8Array {
  const inside = keys.length <= SIGNATURES_CAP ? keys : keys.filter(key => key.alg !== 'hmac' || key.perBot !== true)
  if (inside.length < 1 || inside.length > SIGNATURES_CAP) {
    throw new RangeError(`an envelope with ${inside.length} signatures`)
  }
  const message = preAuthEncoding(payloadType, body)
  const signatures = inside.map(key => ({
    alg: WIRE_NAMES[key.alg],
    keyid: key.keyid,
    sig: toBase64(signed(key, message)),
  }))
  return new TextEncoder().encode(JSON.stringify({ payloadType, payload: toBase64(body), signatures }))
}

export type OpenEnvelopeOptions = {
  readonly payloadType: string
  readonly keys: readonly TrustedKey[]
  /** Algorithms of which a valid signature must be there: local policy, never the message's (REL-14). */
  readonly required: readonly KeyAlgorithm[]
  /** Uses of a key that may sign this. */
  readonly uses: readonly KeyUse[]
  readonly nowMs: number
  /** File named in faults. */
  readonly place: string
  readonly cap?: number
}

export type OpenedEnvelope = { readonly body: Uint8Array; readonly signedBy: readonly TrustedKey[] }

/**
 * The signed body, when every signature by a key we know is right and every required algorithm is among them.
 * Signatures of keys we do not know are other bots' and are passed over. Faults: `ENVELOPE_TOO_LARGE`, `MANIFEST_SYNTAX`,
 * `ENVELOPE_SCHEMA`, `ENVELOPE_TYPE`, `SIGNATURE_ALG`, `SIGNATURE_INVALID`, `SIGNATURE_MISSING`, `KEY_REVOKED`.
 */
export function openEnvelope(bytes: Uint8Array, options: OpenEnvelopeOptions): Outcome<OpenedEnvelope> {
  const { place, cap = ENVELOPE_CAP } = options
  if (bytes.length > cap)
    return refused('ENVELOPE_TOO_LARGE', `${bytes.length} bytes, at most ${cap} are read`, { place })
  const json = parseStrictObject(bytes, place)
  if (!json.ok) return json
  const envelope = fitSchema(envelopeSchema, json.value, { code: 'ENVELOPE_SCHEMA', place })
  if (!envelope.ok) return envelope
  const { payloadType, payload, signatures } = envelope.value
  if (payloadType !== options.payloadType) {
    return refused('ENVELOPE_TYPE', `holds ${payloadType.slice(0, 80)}, not ${options.payloadType}`, { place })
  }
  const body = fromBase64(payload)
  if (body === undefined) return refused('ENVELOPE_SCHEMA', 'payload is not standard base64', { place })
  const signers = signersOf(signatures, preAuthEncoding(payloadType, body), options)
  return signers.ok ? accepted({ body, signedBy: signers.value }) : signers
}

/** What an envelope of ours holds. Fault, thrown: as `openEnvelope` for one that is none. */
export function envelopeBody(bytes: Uint8Array): {
  readonly payloadType: string
  readonly body: Uint8Array
  readonly keyids: readonly string[]
} {
  const { payloadType, payload, signatures } = parsedEnvelope(bytes)
  return { payloadType, body: Buffer.from(payload, 'base64'), keyids: signatures.map(({ keyid }) => keyid) }
}

/** The envelope with one more signature; one of the same key is replaced. */
export function envelopeWith(bytes: Uint8Array, signature: EnvelopeSignature): Uint8Array {
  const { payloadType, payload, signatures } = parsedEnvelope(bytes)
  const others = signatures.filter(({ keyid }) => keyid !== signature.keyid)
  return new TextEncoder().encode(JSON.stringify({ payloadType, payload, signatures: [...others, signature] }))
}

/**
 * The body in an envelope with these signatures and those that were there for the same body; what is there for another body
 * is left behind. Fault: `ENVELOPE_FULL`.
 *
 * @param without ids of keys whose signatures are taken out
 */
export function addSignatures(
  there: Uint8Array | undefined,
  body: Uint8Array,
  keys: readonly SigningKey[],
  without: readonly string[] = [],
): Outcome<Uint8Array> {
  const fresh = parsedEnvelope(sealEnvelope(MANIFEST_TYPE, body, keys))
  const json = there === undefined ? undefined : parseStrictObject(there, '')
  const old = json?.ok === true ? envelopeSchema.safeParse(json.value) : undefined
  const same = old?.success === true && old.data.payloadType === MANIFEST_TYPE && old.data.payload === fresh.payload
  const leaving = [...without, ...fresh.signatures.map(({ keyid }) => keyid)]
  const kept = same ? old.data.signatures.filter(({ keyid }) => !leaving.includes(keyid)) : []
  const signatures = [...kept, ...fresh.signatures]
  if (signatures.length > SIGNATURES_CAP) {
    return refused('ENVELOPE_FULL', `${signatures.length} signatures, at most ${SIGNATURES_CAP} fit in`, {
      place: 'envelope.json',
    })
  }
  return accepted(new TextEncoder().encode(JSON.stringify({ ...fresh, signatures })))
}

const parsedEnvelope = (bytes: Uint8Array) =>
  unwrap(fitSchema(envelopeSchema, unwrap(parseStrictObject(bytes, '')), { code: 'ENVELOPE_SCHEMA', place: '' }))

/** Ids of the keys that claim to have signed, in order; nothing of them is checked. None where it is no envelope. */
export function claimedSigners(bytes: Uint8Array): readonly string[] {
  const json = parseStrictObject(bytes, '')
  const envelope = json.ok ? envelopeSchema.safeParse(json.value) : undefined
  return envelope?.success === true ? envelope.data.signatures.map(({ keyid }) => keyid) : []
}

function signersOf(
  signatures: readonly EnvelopeSignature[],
  message: Uint8Array,
  { keys, required, uses, nowMs, place }: OpenEnvelopeOptions,
): Outcome<readonly TrustedKey[]> {
  const signedBy: TrustedKey[] = []
  const outdated: string[] = []
  for (const { alg, keyid, sig } of signatures) {
    const signature = fromBase64(sig)
    if (signature === undefined) return refused('SIGNATURE_INVALID', `sig of ${keyid} is not base64`, { place })
    const key = keys.find(candidate => candidate.keyid === keyid)
    if (key === undefined) {
      // A known key's signature under another name has been touched.
      const owner = keys.find(candidate => WIRE_NAMES[candidate.alg] === alg && fits(candidate, message, signature))
      if (owner === undefined) continue
      return refused('SIGNATURE_INVALID', `the signature of ${owner.keyid} says it is of ${keyid}`, { place })
    }
    // The algorithm is the local key's; a message that says otherwise is confused or an attack.
    if (WIRE_NAMES[key.alg] !== alg) return refused('SIGNATURE_ALG', `${keyid} does not sign with ${alg}`, { place })
    if (!fits(key, message, signature)) {
      return refused('SIGNATURE_INVALID', `the signature of ${keyid} does not fit`, {
        place,
        fix: 'fetch the file again; if it stays so, treat it as forged',
      })
    }
    if (!isUsable(key, nowMs)) outdated.push(keyid)
    else if (uses.includes(key.use)) signedBy.push(key)
  }
  const missing = required.find(alg => !signedBy.some(key => key.alg === alg))
  if (required.length > 0 && missing === undefined) return accepted(signedBy)
  if (outdated.length > 0) {
    return refused('KEY_REVOKED', `signed by ${outdated.join(', ')}, which no longer counts`, { place })
  }
  return refused('SIGNATURE_MISSING', `no valid ${missing ?? 'required'} signature of a key that is trusted here`, {
    place,
    fix: 'trust the publisher’s key with ratchet keys, or have the release signed with yours',
  })
}
