// The pointer: a short-lived signed statement of which release is current, so that silence is noticed (REL-17).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { type OpenEnvelopeOptions, openEnvelope, POINTER_TYPE, sealEnvelope } from './envelope.ts'
import type { SigningKey } from './keys.ts'
import { MANIFEST_CAP, POINTER_CAP, POINTER_FILE_CAP } from './limits.ts'
import { audienceSchema, readManifest } from './manifest.ts'
import type { VerifyPolicy } from './policy.ts'
import type { ReleasePointer } from './release.ts'
import { countSchema, digestSchema, fitSchema } from './schema.ts'
import { openSigned, type ReadMac } from './side-macs.ts'
import { parseStrictObject } from './strict-json.ts'
import { utcMs, utcSchema, utcText } from './utc.ts'
import { isVersionLabel } from './version-label.ts'

const MINUTE = 60_000
const PLACE = 'pointer.json'

const pointerSchema: z.ZodType<ReleasePointer> = z.strictObject({
  schema: z.literal('ratchet.pointer/1'),
  channel: z.string().min(1).max(128),
  audience: audienceSchema,
  epoch: countSchema,
  version: z.int().positive(),
  releaseId: z.string().regex(/^r-[0-9a-f]{16}$/),
  label: z.string().refine(isVersionLabel, 'must be a version'),
  manifestSha256: digestSchema,
  manifestSize: z.int().positive().max(MANIFEST_CAP),
  issuedAt: utcSchema,
  expiresAt: utcSchema,
})

export type SealPointerOptions = {
  readonly keys: readonly SigningKey[]
  /** Now, in ms UTC of the clock in charge (a replay has its own). */
  readonly nowMs: number
  /** How often the publisher signs a new one. */
  readonly publishIntervalMs: number
}

/**
 * A fresh pointer to a manifest, sealed. It lives 90 minutes or two publish intervals, whichever is longer.
 *
 * @param manifestBytes the exact bytes that were signed
 */
export function sealPointer(
  manifestBytes: Uint8Array,
  { keys, nowMs, publishIntervalMs }: SealPointerOptions,
): Outcome<Uint8Array> {
  const manifest = readManifest(manifestBytes)
  if (!manifest.ok) return manifest
  const { channel, audience, epoch, version, releaseId, label } = manifest.value
  const pointer: ReleasePointer = {
    schema: 'ratchet.pointer/1',
    channel,
    audience,
    epoch,
    version,
    releaseId,
    label,
    manifestSha256: sha256(manifestBytes),
    manifestSize: manifestBytes.length,
    issuedAt: utcText(nowMs),
    expiresAt: utcText(nowMs + Math.max(90 * MINUTE, 2 * publishIntervalMs)),
  }
  return accepted(sealEnvelope(POINTER_TYPE, new TextEncoder().encode(canonicalJson(pointer)), keys))
}

/**
 * The pointer inside `pointer.json`, its signatures checked; whether it is still fresh is `pointerFreshness`' business.
 * Faults: those of `openEnvelope`, `MANIFEST_TOO_LARGE`, `MANIFEST_SCHEMA`, `MANIFEST_UNKNOWN_FIELD`.
 */
export function openPointer(
  bytes: Uint8Array,
  { keys, required }: Pick<VerifyPolicy, 'keys' | 'required'>,
  nowMs: number,
): Outcome<ReleasePointer> {
  const opened = openEnvelope(bytes, opening({ keys, required }, nowMs))
  return opened.ok ? readPointer(opened.value.body) : opened
}

const opening = ({ keys, required }: Pick<VerifyPolicy, 'keys' | 'required'>, nowMs: number): OpenEnvelopeOptions => ({
  payloadType: POINTER_TYPE,
  keys,
  required,
  uses: ['pointer', 'release', 'root'],
  nowMs,
  place: PLACE,
  cap: POINTER_FILE_CAP,
})

/** The same for a bot whose signature may lie beside the pointer; `envelopeBytes` has it inside. */
export async function openPointerFor(
  bytes: Uint8Array,
  policy: Pick<VerifyPolicy, 'keys' | 'required'>,
  nowMs: number,
  readMac: ReadMac,
): Promise<Outcome<{ readonly pointer: ReleasePointer; readonly envelopeBytes: Uint8Array }>> {
  const opened = await openSigned(bytes, opening(policy, nowMs), readMac)
  if (!opened.ok) return opened
  const { body, envelopeBytes } = opened.value
  const pointer = readPointer(body)
  return pointer.ok ? accepted({ pointer: pointer.value, envelopeBytes }) : pointer
}

function readPointer(body: Uint8Array): Outcome<ReleasePointer> {
  if (body.length > POINTER_CAP) {
    return refused('MANIFEST_TOO_LARGE', `${body.length} bytes, at most ${POINTER_CAP} are read`, { place: PLACE })
  }
  const json = parseStrictObject(body, PLACE)
  if (!json.ok) return json
  return fitSchema(pointerSchema, json.value, { unknownField: 'MANIFEST_UNKNOWN_FIELD', place: PLACE })
}

/**
 * `FREEZE` for a valid pointer whose time is over: someone may be holding news back. The model in charge goes on
 * under the staleness policy. `MANIFEST_FUTURE` for one that was signed after now.
 */
export function pointerFreshness(
  pointer: ReleasePointer,
  { nowMs, maxSignedTimeMs, clockSkewMs }: { nowMs: number; maxSignedTimeMs: number; clockSkewMs: number },
): Outcome<ReleasePointer> {
  if (utcMs(pointer.issuedAt)! > nowMs + clockSkewMs) {
    return refused('MANIFEST_FUTURE', `the pointer was signed at ${pointer.issuedAt}, later than now`, { place: PLACE })
  }
  // A clock that was turned back makes nothing valid again (REL-18).
  if (utcMs(pointer.expiresAt)! <= Math.max(nowMs, maxSignedTimeMs)) {
    return refused('FREEZE', `the pointer expired at ${pointer.expiresAt} and no newer one came`, {
      place: PLACE,
      fix: 'check that the publisher runs and that its output reaches this bot',
    })
  }
  return accepted(pointer)
}
