// `model.sig`: the OpenSSF model-signing bundle over all files of a release directory, for third-party tools (REL-29). A Sigstore
// bundle (v0.3, key method) around a DSSE envelope around an in-toto statement that lists each file with its sha256.
// Format: https://github.com/ossf/model-signing-spec, https://docs.sigstore.dev/about/bundle/, https://in-toto.io/Statement/v1.

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { Secret } from '../base/secret.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { preAuthEncoding } from './envelope.ts'
import { digestSchema, fitSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'

export const BUNDLE_NAME = 'model.sig'
export const BUNDLE_CAP = 1024 * 1024

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const PAYLOAD_TYPE = 'application/vnd.in-toto+json'
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
const PREDICATE_TYPE = 'https://model_signing/signature/v1.0'

const bundleSchema = z.strictObject({
  mediaType: z.literal(MEDIA_TYPE),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: digestSchema }),
    tlogEntries: z.array(z.never()).optional(),
  }),
  dsseEnvelope: z.strictObject({
    payload: z.string(),
    payloadType: z.literal(PAYLOAD_TYPE),
    signatures: z.array(z.strictObject({ sig: z.string(), keyid: z.literal('').optional() })).length(1),
  }),
})
const statementSchema = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: digestSchema }) })).length(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.object({
    serialization: z.object({ method: z.literal('files'), hash_type: z.literal('sha256') }),
    resources: z
      .array(z.object({ name: z.string(), algorithm: z.literal('sha256'), digest: digestSchema }))
      .min(1)
      .max(2048),
  }),
})
type Statement = z.infer<typeof statementSchema>

export type BundleFiles = ReadonlyMap<string, Uint8Array>

/** Paths as the reference tools sort them: part by part, by code point. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (const [at, part] of left.entries()) {
    const other = right[at]
    if (other === undefined) return 1
    const order = Buffer.compare(Buffer.from(part), Buffer.from(other))
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** One digest over the digests of all files, in the order of the list. */
const rootDigest = (digests: readonly string[]): string => sha256(Buffer.from(digests.join(''), 'hex'))

function statementOf(name: string, files: BundleFiles): Statement {
  const resources = [...files]
    .toSorted(([a], [b]) => comparePaths(a, b))
    .map(([path, bytes]) => ({ name: path, algorithm: 'sha256' as const, digest: sha256(bytes) }))
  const serialization = {
    method: 'files' as const,
    hash_type: 'sha256' as const,
    allow_symlinks: false,
    ignore_paths: [BUNDLE_NAME],
  }
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: rootDigest(resources.map(({ digest }) => digest)) } }],
    predicateType: PREDICATE_TYPE,
    predicate: { serialization, resources },
  }
}

/** The key as the reference tools name it: the sha256 of its PEM. */
const hintOf = (key: KeyObject): string => sha256(key.export({ format: 'pem', type: 'spki' }))

/**
 * The private key that signs bundles: an elliptic-curve PEM of P-256, because the reference tools know no Ed25519. `KEY_FORMAT`
 * otherwise, without a word of what was given.
 */
export function bundleKey(text: Secret): Outcome<KeyObject> {
  try {
    const key = createPrivateKey(Buffer.from(text.reveal()))
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return accepted(key)
  } catch {
    // What the parser says may quote the key.
  }
  return refused('KEY_FORMAT', 'the bundle key is no PEM of the curve P-256', {
    fix: 'make one with: openssl ecparam -name prime256v1 -genkey -noout',
  })
}

/**
 * The bundle as JSON. ECDSA draws a random number for each signature, so that two bundles of the same files differ.
 *
 * @param name what the files are called together; for people only
 * @param files every file of the directory but the bundle itself
 */
export function signBundle(name: string, files: BundleFiles, key: KeyObject): Uint8Array {
  const payload = new TextEncoder().encode(JSON.stringify(statementOf(name, files)))
  const sig = sign('sha256', preAuthEncoding(PAYLOAD_TYPE, payload), key)
  const bundle: z.infer<typeof bundleSchema> = {
    mediaType: MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: hintOf(createPublicKey(key)) }, tlogEntries: [] },
    dsseEnvelope: {
      payload: toBase64(payload),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: toBase64(sig), keyid: '' }],
    },
  }
  return new TextEncoder().encode(JSON.stringify(bundle))
}

const place = BUNDLE_NAME
const bad = (sentence: string): Outcome<never> => refused('BUNDLE_SCHEMA', sentence, { place })

/** The statement under the signature. Faults: `BUNDLE_SCHEMA`, `BUNDLE_KEY`, `SIGNATURE_INVALID`, those of the strict parser. */
function signedStatement(bytes: Uint8Array, key: KeyObject): Outcome<Statement> {
  if (bytes.length > BUNDLE_CAP) return bad(`${bytes.length} bytes, at most ${BUNDLE_CAP} are read`)
  const json = parseStrictObject(bytes, place)
  const bundle = json.ok ? fitSchema(bundleSchema, json.value, { code: 'BUNDLE_SCHEMA', place }) : json
  if (!bundle.ok) return bundle
  const { verificationMaterial, dsseEnvelope } = bundle.value
  if (verificationMaterial.publicKey.hint !== hintOf(key)) {
    return refused('BUNDLE_KEY', 'is signed with another key than the one given', { place })
  }
  const payload = fromBase64(dsseEnvelope.payload)
  const sig = fromBase64(dsseEnvelope.signatures[0]!.sig)
  if (payload === undefined || sig === undefined) return bad('payload or sig is not standard base64')
  if (!verify('sha256', preAuthEncoding(PAYLOAD_TYPE, payload), key, sig)) {
    return refused('SIGNATURE_INVALID', 'the signature does not fit', { place })
  }
  const statement = parseStrictObject(payload, place)
  return statement.ok ? fitSchema(statementSchema, statement.value, { code: 'BUNDLE_SCHEMA', place }) : statement
}

export type VerifiedBundle = { readonly name: string; readonly files: number }

/**
 * Checks the signature, and that the files are those that were signed, no more and no fewer. Faults: `BUNDLE_SCHEMA`,
 * `BUNDLE_KEY`, `SIGNATURE_INVALID`, `RELEASE_MISSING_FILE`, `RELEASE_EXTRA_FILE`, `MEMBER_HASH`.
 *
 * @param files every file of the directory but the bundle itself
 */
export function verifyBundle(bytes: Uint8Array, files: BundleFiles, key: KeyObject): Outcome<VerifiedBundle> {
  const statement = signedStatement(bytes, key)
  if (!statement.ok) return statement
  const [subject] = statement.value.subject
  const { resources } = statement.value.predicate
  if (subject!.digest.sha256 !== rootDigest(resources.map(({ digest }) => digest))) {
    return bad('the digest over all files is not that of the list')
  }
  const listed = new Map(resources.map(({ name, digest }) => [name, digest]))
  if (listed.size !== resources.length) return bad('lists a file twice')
  for (const [name, digest] of listed) {
    const found = files.get(name)
    if (found === undefined) return refused('RELEASE_MISSING_FILE', 'the bundle lists it', { place: name })
    if (sha256(found) !== digest) return refused('MEMBER_HASH', 'is not the file that was signed', { place: name })
  }
  const extra = [...files.keys()].find(name => !listed.has(name))
  if (extra !== undefined) return refused('RELEASE_EXTRA_FILE', 'the bundle does not list it', { place: extra })
  return accepted({ name: subject!.name, files: listed.size })
}
