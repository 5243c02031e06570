// `macs/<keyid>.json`, with `+` for `:`: the signature for one bot beside an envelope that has no room for all of them (REL-13, REL-27).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { fromBase64, toBase64 } from './base64.ts'
import {
  envelopeBody,
  envelopeWith,
  macOf,
  type OpenEnvelopeOptions,
  type OpenedEnvelope,
  openEnvelope,
} from './envelope.ts'
import { type HmacKey, hmacKeyParts, isUsable, type SigningKey, type TrustedKey } from './keys.ts'
import { fileOfKey } from './layout.ts'
import { sameBytes } from './mac.ts'
import { digestSchema, fitSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'

export const MAC_FILE_CAP = 4 * 1024
/** Of a release and, while a pointer is being replaced, of the one before. */
const KEPT = 2
/** Own keys that a bot looks for signatures of: the present one and its successor, and some to spare. */
const OWN_KEYS = 4

const macSchema = z.strictObject({ payloadType: z.string(), payloadSha256: digestSchema, sig: z.string() })
const fileSchema = z.strictObject({ keyid: z.string(), macs: z.array(macSchema).min(1).max(KEPT) })
type MacFile = z.infer<typeof fileSchema>

const NAME = /^macs\/(hmac\+[^/:]+)\.json$/

/** @example macName('hmac:bot-1:1') // 'macs/hmac+bot-1+1.json' */
export const macName = (keyid: string): string => `macs/${fileOfKey(keyid)}`

/** @example isMacName('macs/hmac+bot-1+1.json') // true */
export const isMacName = (name: string): boolean =>
  hmacKeyParts(NAME.exec(name)?.[1]?.replaceAll('+', ':') ?? '') !== undefined

const written = (file: MacFile): Uint8Array => new TextEncoder().encode(canonicalJson(file))

function readMacs(bytes: Uint8Array, keyid: string): Outcome<MacFile> {
  const place = macName(keyid)
  if (bytes.length > MAC_FILE_CAP) return refused('ENVELOPE_TOO_LARGE', `${bytes.length} bytes`, { place })
  const json = parseStrictObject(bytes, place)
  const file = json.ok ? fitSchema(fileSchema, json.value, { code: 'ENVELOPE_SCHEMA', place }) : json
  if (!file.ok) return file
  if (file.value.keyid === keyid && sameBytes(bytes, written(file.value))) return file
  return refused('ENVELOPE_SCHEMA', 'is not the file that was written for this key', { place })
}

const forBots = (keys: readonly SigningKey[]): readonly HmacKey[] =>
  keys.flatMap(key => (key.alg === 'hmac' && key.perBot === true ? [key] : []))

/**
 * The side files of a sealed envelope, by key id: one for each bot's key that did not sign inside. None for few bots.
 *
 * @param before what the file of a key holds now, so that readers of the envelope before this one still find theirs
 */
export function sideMacs(
  envelopeBytes: Uint8Array,
  keys: readonly SigningKey[],
  before: ReadonlyMap<string, Uint8Array> = new Map(),
): ReadonlyMap<string, Uint8Array> {
  const { payloadType, body, keyids } = envelopeBody(envelopeBytes)
  const payloadSha256 = sha256(body)
  const files = new Map<string, Uint8Array>()
  for (const key of forBots(keys).filter(({ keyid }) => !keyids.includes(keyid))) {
    const { keyid } = key
    const old = before.get(keyid)
    const read = old === undefined ? undefined : readMacs(old, keyid)
    // What is there and cannot be read is replaced: it served nobody.
    const others = read?.ok === true ? read.value.macs.filter(mac => mac.payloadSha256 !== payloadSha256) : []
    const mac = { payloadType, payloadSha256, sig: toBase64(macOf(key, payloadType, body)) }
    files.set(keyid, written({ keyid, macs: [mac, ...others].slice(0, KEPT) }))
  }
  return files
}

/** The envelope with the signature of its side file inside, where that is one for it. Faults: `ENVELOPE_…`, `SIGNATURE_INVALID`. */
function joined(envelopeBytes: Uint8Array, sideBytes: Uint8Array, key: HmacKey): Outcome<Uint8Array> {
  const place = macName(key.keyid)
  const file = readMacs(sideBytes, key.keyid)
  if (!file.ok) return file
  const { payloadType, body } = envelopeBody(envelopeBytes)
  const mac = file.value.macs.find(one => one.payloadType === payloadType && one.payloadSha256 === sha256(body))
  if (mac === undefined) return refused('SIGNATURE_MISSING', 'is for another release', { place })
  const sig = fromBase64(mac.sig)
  if (sig === undefined || !sameBytes(sig, macOf(key, payloadType, body))) {
    return refused('SIGNATURE_INVALID', `the signature of ${key.keyid} does not fit`, {
      place,
      fix: 'fetch the file again; if it stays so, treat it as forged',
    })
  }
  return accepted(envelopeWith(envelopeBytes, { alg: 'hmac-sha256', keyid: key.keyid, sig: mac.sig }))
}

/** A side file; undefined where there is none. */
export interface ReadMac {
  (keyid: string, limit: number): Promise<Uint8Array>
}

export type OpenedSigned = OpenedEnvelope & {
  /** The envelope as it may be kept: with this bot's signature inside. */
  readonly envelopeBytes: Uint8Array
}

/**
 * `openEnvelope`, and where only this bot's signature is missing, the one beside the envelope is looked for.
 * Faults besides: those of `readMac`, but for `FILE_MISSING` and `RELEASE_MISSING_FILE`.
 */
export async function openSigned(
  envelopeBytes: Uint8Array,
  options: OpenEnvelopeOptions,
  readMac: ReadMac,
): Promise<Outcome<OpenedSigned>> {
  const opened = openEnvelope(envelopeBytes, options)
  if (opened.ok) return accepted({ ...opened.value, envelopeBytes })
  if (opened.fault.code !== 'SIGNATURE_MISSING') return opened
  for (const key of ownKeys(options.keys, options.nowMs)) {
    const side = await ifThere(readMac(key.keyid, MAC_FILE_CAP))
    if (side === undefined) continue
    const whole = joined(envelopeBytes, side, key)
    if (!whole.ok) return whole
    const again = openEnvelope(whole.value, options)
    return again.ok ? accepted({ ...again.value, envelopeBytes: whole.value }) : again
  }
  return opened
}

const ownKeys = (keys: readonly TrustedKey[], nowMs: number): readonly HmacKey[] =>
  keys
    .flatMap(key => (key.alg === 'hmac' && key.perBot === true && isUsable(key, nowMs) ? [key] : []))
    .slice(0, OWN_KEYS)

async function ifThere(bytes: Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await bytes
  } catch (cause) {
    if (cause instanceof Fault && /^(?:FILE_MISSING|RELEASE_MISSING_FILE)$/.test(cause.code)) return undefined
    throw cause
  }
}
