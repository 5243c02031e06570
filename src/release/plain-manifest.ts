// `current.json`: the plain manifest with an HMAC inside, signed and checked as existing Python signers do (REL-10 to REL-12).

import { z } from 'zod'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import type { Secret } from '../base/secret.ts'
import { canonicalText, indentedText } from './canonical.ts'
import { keyLongEnough } from './key-strength.ts'
import { CURRENT_CAP, MODELS_CAP } from './limits.ts'
import { hmacSha256, sameBytes } from './mac.ts'
import { plainNames } from './plain-names.ts'
import { countSchema, digestSchema, fitSchema, namedSchema } from './schema.ts'
import { isJsonObject, type JsonObject, parseStrictJson } from './strict-json.ts'
import { utcSchema } from './utc.ts'
import { isVersionLabel } from './version-label.ts'

const PLACE = 'current.json'
const ALGORITHM = 'HMAC-SHA256'

const urlSchema = z
  .string()
  .max(2048)
  .refine(text => /^(?:https|file):\/\//.test(text) && URL.canParse(text), 'must be an absolute https or file URL')

const modelSchema = z.object({ url: urlSchema, checksum: digestSchema, size: countSchema.optional() })

const plainSchema = z.object({
  version: z.string().refine(isVersionLabel, 'must be YYYYMMDD_HHMMSS_<n> or v?MAJOR.MINOR.PATCH'),
  timestamp: utcSchema,
  trainingSamples: z.int().positive(),
  models: namedSchema(z.string().min(1).max(128), modelSchema)
    .refine(models => Object.keys(models).length >= 1, 'must name at least one model')
    .refine(models => Object.keys(models).length <= MODELS_CAP, `must name at most ${MODELS_CAP} models`),
})

const signatureSchema = z.strictObject({ algorithm: z.string(), value: z.string(), signedAt: utcSchema })

export type PlainModel = z.infer<typeof modelSchema>
/** The checked content. Members of other names are signed too, and ignored. */
export type PlainManifest = z.infer<typeof plainSchema> & {
  /** Outside the MAC: for people only. Absent when the signature came apart from the manifest. */
  readonly signedAt?: string | undefined
}

/** The document without its top-level signature: what the MAC covers. */
function parsed(bytes: Uint8Array): Outcome<{ document: JsonObject; body: JsonObject }> {
  if (bytes.length > CURRENT_CAP) {
    return refused('MANIFEST_TOO_LARGE', `${bytes.length} bytes, at most ${CURRENT_CAP} are read`, { place: PLACE })
  }
  const json = parseStrictJson(bytes)
  if (!json.ok) return json
  if (!isJsonObject(json.value)) return refused('MANIFEST_SCHEMA', 'must be an object', { place: PLACE })
  const body = new Map(json.value)
  if (body.has('signature') && body.has('Signature')) {
    return refused('MANIFEST_SCHEMA', 'has both "signature" and "Signature"', { place: PLACE })
  }
  body.delete('signature')
  body.delete('Signature')
  return accepted({ document: json.value, body })
}

/** The canonical text that is signed; faults as of the strict parser, `MANIFEST_TOO_LARGE` and `MANIFEST_SCHEMA`. */
export function plainCanonical(bytes: Uint8Array): Outcome<string> {
  const read = parsed(bytes)
  return read.ok ? accepted(canonicalText(read.value.body)) : read
}

const mac = (body: JsonObject, key: Secret): string => Buffer.from(hmacSha256(key, canonicalText(body))).toString('hex')

/**
 * The HMAC of a plain manifest as 64 hex; a signature that is already inside is left out of it.
 * Faults: those of `plainCanonical`, and `KEY_TOO_SHORT`.
 */
export function signPlain(bytes: Uint8Array, key: Secret): Outcome<string> {
  const strong = keyLongEnough(key)
  if (!strong.ok) return strong
  const read = parsed(bytes)
  return read.ok ? accepted(mac(read.value.body, key)) : read
}

/**
 * The manifest with its signature inside, indented, keys sorted. An old signature is replaced.
 *
 * @param signedAt RFC 3339 UTC; shown to people, covered by nothing
 */
export function addSignature(bytes: Uint8Array, key: Secret, signedAt: string): Outcome<Uint8Array> {
  const strong = keyLongEnough(key)
  if (!strong.ok) return strong
  const read = parsed(bytes)
  if (!read.ok) return read
  const signature = new Map([
    ['algorithm', ALGORITHM],
    ['value', mac(read.value.body, key)],
    ['signed_at', signedAt],
  ])
  return accepted(new TextEncoder().encode(indentedText(new Map([...read.value.body, ['signature', signature]]))))
}

export type VerifyPlainOptions = {
  /** Hex to check instead of the signature inside. */
  readonly signature?: string | undefined
}

/**
 * Reads a signed plain manifest in the order of REL-11: size, UTF-8, strict parse, canonical form, HMAC, and only
 * then its meaning. Faults: `MANIFEST_TOO_LARGE`, `MANIFEST_SYNTAX`, `MANIFEST_NUMBER`, `MANIFEST_DEPTH`,
 * `SIGNATURE_MISSING`, `SIGNATURE_ALG`, `SIGNATURE_INVALID`, `MANIFEST_SCHEMA`, `KEY_TOO_SHORT`.
 */
export function verifyPlain(
  bytes: Uint8Array,
  key: Secret,
  { signature }: VerifyPlainOptions = {},
): Outcome<PlainManifest> {
  const strong = keyLongEnough(key)
  if (!strong.ok) return strong
  const read = parsed(bytes)
  if (!read.ok) return read
  const inside = signature === undefined ? signatureOf(read.value.document) : undefined
  if (inside?.ok === false) return inside
  const value = signature ?? inside!.value.value
  if (!sameBytes(Buffer.from(value), Buffer.from(mac(read.value.body, key)))) {
    return refused('SIGNATURE_INVALID', 'the HMAC does not fit the manifest', {
      place: PLACE,
      fix: 'check that the key is the one it was signed with; else treat the file as forged',
    })
  }
  const names = meaning(read.value.body)
  if (!names.ok) return names
  const plain = fitSchema(plainSchema, names.value, { place: PLACE })
  return plain.ok ? accepted({ ...plain.value, signedAt: inside?.value.signedAt }) : plain
}

function signatureOf(document: JsonObject): Outcome<z.infer<typeof signatureSchema>> {
  const lower = document.get('signature')
  const found = lower ?? document.get('Signature')
  if (found === undefined) return refused('SIGNATURE_MISSING', 'the manifest is not signed', { place: PLACE })
  if (!isJsonObject(found)) return refused('SIGNATURE_INVALID', 'the signature is not an object', { place: PLACE })
  // Names inside are outside the MAC, so one spelling must hold for all of them: a changed letter is no other spelling.
  const names = lower === undefined ? ['Algorithm', 'Value', 'SignedAt'] : ['algorithm', 'value', 'signed_at']
  const [algorithm, value, signedAt] = names.map(name => found.get(name))
  if (algorithm !== ALGORITHM) {
    return refused('SIGNATURE_ALG', `the signature is not ${ALGORITHM}`, { place: PLACE })
  }
  const rest = Object.fromEntries([...found].filter(([name]) => !names.includes(name)))
  return fitSchema(
    signatureSchema,
    { algorithm, value, signedAt, ...rest },
    { code: 'SIGNATURE_INVALID', place: PLACE },
  )
}

function meaning(body: JsonObject): Outcome<unknown> {
  try {
    return accepted(plainNames(body))
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}
