// `current.json` of a release: the plain manifest must tell the same story as the signed one (REL-01, REL-10).

import { accepted, Fault, type Outcome, refused, unwrap } from '../base/fault.ts'
import { indentedText } from './canonical.ts'
import type { Checklist } from './checklist.ts'
import { type HmacKey, isUsable, type TrustedKey } from './keys.ts'
import { CURRENT_PATH } from './layout.ts'
import { CURRENT_CAP } from './limits.ts'
import { sameBytes } from './mac.ts'
import { type PlainManifest, verifyPlain } from './plain-manifest.ts'
import type { VerifyPolicy } from './policy.ts'
import type { ReleaseReader } from './reader.ts'
import type { ReleaseManifest } from './release.ts'
import { parseStrictJson } from './strict-json.ts'
import { compareVersionLabels } from './version-label.ts'

/** Whether a plain manifest may be signed by this key: a bot's own key never signs what all bots share. */
export const signsPlain = (key: TrustedKey, nowMs: number): key is HmacKey =>
  key.alg === 'hmac' && key.use !== 'pointer' && key.perBot !== true && isUsable(key, nowMs)

/** The manifest as signed by any MAC key that counts; undefined when this bot holds none. */
function opened(bytes: Uint8Array, keys: readonly TrustedKey[], nowMs: number): Outcome<PlainManifest> | undefined {
  const outcomes = keys.flatMap(key => (signsPlain(key, nowMs) ? [verifyPlain(bytes, key.secret)] : []))
  return outcomes.find(outcome => outcome.ok) ?? outcomes[0]
}

/** A byte outside the MAC (space, `signed_at`) is still a byte of the release: only our own writing of it is taken. */
function isOurWriting(bytes: Uint8Array, plain: PlainManifest, manifest: ReleaseManifest): boolean {
  const rewritten = new TextEncoder().encode(indentedText(unwrap(parseStrictJson(bytes))))
  return sameBytes(bytes, rewritten) && plain.signedAt === manifest.issuedAt
}

function sameStory(plain: PlainManifest, manifest: ReleaseManifest): boolean {
  const models = manifest.members.filter(member => member.role !== undefined)
  return (
    plain.version === manifest.label &&
    plain.timestamp === manifest.issuedAt &&
    Object.keys(plain.models).length === models.length &&
    models.every(({ role, size, sha256 }) => {
      const named = Object.hasOwn(plain.models, role!) ? plain.models[role!] : undefined
      return named?.checksum === sha256 && named.size === size
    })
  )
}

/** Faults: those of `verifyPlain`, and `CURRENT_MISMATCH` when it tells of other models than the manifest. */
export function verifyCurrent(
  bytes: Uint8Array,
  manifest: ReleaseManifest,
  { keys }: VerifyPolicy,
  nowMs: number,
  list: Checklist,
): void {
  const place = 'current.json'
  const outcome = opened(bytes, keys, nowMs)
  if (outcome === undefined) {
    list.skip('current manifest', place, 'no MAC key here to check it with')
    return
  }
  const plain = list.take('current manifest signature', place, outcome)
  const agrees = sameStory(plain, manifest) && isOurWriting(bytes, plain, manifest)
  const match: Outcome<void> = agrees
    ? accepted(undefined)
    : refused('CURRENT_MISMATCH', 'does not tell of the release that was signed', { place })
  list.take('current manifest', place, match)
}

/**
 * The channel's own `current.json` is this release's, or one step ahead while a publish is under way (REL-30: it is
 * written before the pointer). Anything else is refused.
 */
export async function verifyChannelCurrent(
  read: ReleaseReader,
  ours: Uint8Array,
  manifest: ReleaseManifest,
  { keys }: VerifyPolicy,
  nowMs: number,
  list: Checklist,
): Promise<void> {
  const bytes = await read.channelCurrent?.(CURRENT_CAP)
  if (bytes === undefined) return
  const name = 'channel manifest'
  if (sameBytes(bytes, ours)) {
    list.take(name, CURRENT_PATH, accepted(undefined))
    return
  }
  const outcome = opened(bytes, keys, nowMs)
  if (outcome === undefined) {
    list.skip(name, CURRENT_PATH, 'no MAC key here to check it with')
    return
  }
  if (!outcome.ok) {
    // The plain manifest knows only its own name; people look for the path in the tree.
    const fault = new Fault(outcome.fault.code, outcome.fault.message, { place: CURRENT_PATH, cause: outcome.fault })
    list.refuse(name, fault)
    throw fault
  }
  const order = compareVersionLabels(outcome.value.version, manifest.label)
  const ahead = order.ok && order.value > 0
  const match: Outcome<void> = ahead
    ? accepted(undefined)
    : refused('CURRENT_MISMATCH', 'is neither this release nor a newer one', { place: CURRENT_PATH })
  list.take(name, CURRENT_PATH, match, 'a publish is under way')
}
