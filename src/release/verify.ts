// The one door from bytes to a release that may be installed: every byte is checked against what was signed, or the
// release is refused with a code and the file (REL-01, REL-13 to REL-17).

import { ahead } from '../base/ahead.ts'
import type { Clock } from '../base/clock.ts'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { type Checklist, checklist } from './checklist.ts'
import { verifyChannelCurrent, verifyCurrent } from './current.ts'
import { MANIFEST_TYPE } from './envelope.ts'
import { audienceFits, checkFreshness, type FreshnessSubject } from './freshness.ts'
import type { HighWater } from './high-water.ts'
import { REQUIRED_DOCUMENTS, UNLISTED } from './layout.ts'
import { CURRENT_CAP, ENVELOPE_CAP, MANIFEST_CAP, POINTER_FILE_CAP, RELEASE_CAP } from './limits.ts'
import { sameBytes } from './mac.ts'
import { readManifest } from './manifest.ts'
import { checkMetadata } from './metadata.ts'
import { openPointer, pointerFreshness } from './pointer.ts'
import type { Check, VerifyPolicy } from './policy.ts'
import type { ReleaseReader } from './reader.ts'
import type { ReleaseManifest, ReleaseMember, ReleaseMembers, ReleasePointer, VerifiedRelease } from './release.ts'
import { isMacName, macName, type OpenedSigned, openSigned } from './side-macs.ts'

export type Verification = Outcome<VerifiedRelease> & {
  /** What was looked at, in order; the last one failed when the outcome is a refusal. */
  readonly checks: readonly Check[]
}

/**
 * Verifies a release where it lies: envelope, manifest, its meaning for this bot, then size and sha256 of every member.
 * The bytes in the result are the bytes that were checked. Beyond the codes of those steps: `RELEASE_EXTRA_FILE`,
 * `RELEASE_MISSING_FILE`, `MEMBER_SIZE`, `MEMBER_HASH`, `MANIFEST_COPY`, `CURRENT_MISMATCH`, `POINTER_MISMATCH`,
 * `POINTER_MISSING`, `FREEZE`. Faults of reading (`DISK_IO`, an unreachable source) come back as refusals too.
 *
 * @param memory the high-water mark; undefined when nothing was ever verified here
 */
export async function verifyRelease(
  read: ReleaseReader,
  policy: VerifyPolicy,
  memory: HighWater | undefined,
  clock: Clock,
): Promise<Verification> {
  const list = checklist()
  try {
    const value = await verified({ read, policy, memory, nowMs: clock.now() }, list)
    return { ...accepted(value), checks: list.checks }
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    if (list.checks.at(-1)?.result !== 'fail') list.refuse('read', cause)
    return { ok: false, fault: cause, checks: list.checks }
  }
}

type Context = {
  readonly read: ReleaseReader
  readonly policy: VerifyPolicy
  readonly memory: HighWater | undefined
  readonly nowMs: number
}

async function verified(context: Context, list: Checklist): Promise<VerifiedRelease> {
  const { read, policy, nowMs } = context
  const opened = await openManifest(read, policy, nowMs)
  const { body: manifestBytes, signedBy, envelopeBytes } = list.take('signature', 'envelope.json', opened)
  const copy = await file(read, 'manifest.json', MANIFEST_CAP)
  list.take('manifest copy', 'manifest.json', sameManifest(copy, manifestBytes))
  const manifest = list.take('manifest', 'manifest.json', readManifest(manifestBytes))
  const subject: FreshnessSubject = { manifest, manifestSha256: sha256(manifestBytes), signedBy }
  const freshness = checkFreshness(subject, context)
  list.checks.push(...freshness.checks)
  if (!freshness.outcome.ok) throw freshness.outcome.fault
  const pointer = await verifiedPointer(context, subject, manifestBytes.length, list)
  list.take('file list', 'manifest.json', sameFiles(await read.list(), manifest))
  const current = await file(read, 'current.json', CURRENT_CAP)
  verifyCurrent(current, manifest, policy, nowMs, list)
  await verifyChannelCurrent(read, current, manifest, policy, nowMs, list)
  const members = await verifiedMembers(read, manifest, list)
  list.take('metadata', 'metadata.json', checkMetadata(members))
  return { manifest, manifestSha256: subject.manifestSha256, manifestBytes, envelopeBytes, members, pointer }
}

/** The signed manifest of a release and who signed it; nothing of what it says is looked at. */
export async function openManifest(
  read: Pick<ReleaseReader, 'read'>,
  { keys, required }: Pick<VerifyPolicy, 'keys' | 'required'>,
  nowMs: number,
): Promise<Outcome<OpenedSigned>> {
  const place = 'envelope.json'
  const uses = ['release', 'root'] as const
  const bytes = await file(read, place, ENVELOPE_CAP)
  return openSigned(bytes, { payloadType: MANIFEST_TYPE, keys, required, uses, nowMs, place }, (keyid, limit) =>
    file(read, macName(keyid), limit),
  )
}

/** A file, with reading faults in the words of a release. */
async function file(
  read: Pick<ReleaseReader, 'read'>,
  name: string,
  limit: number,
  { tooLarge = 'MANIFEST_TOO_LARGE', member }: { readonly tooLarge?: string; readonly member?: ReleaseMember } = {},
): Promise<Uint8Array> {
  try {
    return await read.read(name, limit, member)
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    if (cause.code === 'FILE_MISSING') {
      throw new Fault('RELEASE_MISSING_FILE', 'the release lacks this file', { place: name, cause })
    }
    if (cause.code === 'FILE_TOO_LARGE') {
      throw new Fault(tooLarge, `is larger than ${limit} bytes`, { place: name, cause })
    }
    throw new Fault(cause.code, cause.message, { place: name, cause })
  }
}

function sameManifest(copy: Uint8Array, signed: Uint8Array): Outcome<void> {
  if (sameBytes(copy, signed)) return accepted(undefined)
  return refused('MANIFEST_COPY', 'is not byte for byte the manifest that was signed', { place: 'manifest.json' })
}

async function verifiedPointer(
  { read, policy, memory, nowMs }: Context,
  { manifest, manifestSha256 }: FreshnessSubject,
  manifestSize: number,
  list: Checklist,
): Promise<ReleasePointer | undefined> {
  const place = 'pointer.json'
  const bytes = await file(read, place, POINTER_FILE_CAP).catch((cause: unknown) => {
    if (cause instanceof Fault && cause.code === 'RELEASE_MISSING_FILE') return undefined
    throw cause
  })
  if (bytes === undefined) {
    if (policy.requirePointer) throw new Fault('POINTER_MISSING', 'there is no pointer to this release', { place })
    list.skip('pointer', place, 'there is none beside the release')
    return undefined
  }
  const pointer = list.take('pointer signature', place, openPointer(bytes, policy, nowMs))
  const { clockSkewMs } = policy
  const maxSignedTimeMs = memory?.maxSignedTime ?? 0
  list.take('pointer freshness', place, pointerFreshness(pointer, { nowMs, maxSignedTimeMs, clockSkewMs }))
  const objection = audienceFits(pointer, policy)
  const forUs: Outcome<void> =
    objection === undefined ? accepted(undefined) : refused('AUDIENCE', `the pointer ${objection}`, { place })
  list.take('pointer audience', place, forUs)
  const same = (['epoch', 'version', 'releaseId', 'label'] as const).every(field => pointer[field] === manifest[field])
  const points = same && pointer.manifestSha256 === manifestSha256 && pointer.manifestSize === manifestSize
  const match: Outcome<void> = points
    ? accepted(undefined)
    : refused('POINTER_MISMATCH', `points to ${pointer.label}, not to this release`, { place })
  list.take('pointer target', place, match)
  return pointer
}

function sameFiles(names: readonly string[] | undefined, manifest: ReleaseManifest): Outcome<void> {
  const wanted = new Set(manifest.members.map(({ name }) => name))
  const roles = manifest.members.flatMap(({ role }) => role ?? [])
  const needed = [...REQUIRED_DOCUMENTS, ...roles.map(role => `golden/${role}.json`)]
  const absent = needed.find(name => !wanted.has(name))
  if (absent !== undefined) return refused('RELEASE_MISSING_FILE', 'the manifest does not list it', { place: absent })
  if (names === undefined) return accepted(undefined)
  const beside = (name: string) => (UNLISTED as readonly string[]).includes(name) || isMacName(name)
  const extra = names.find(name => !wanted.has(name) && !beside(name))
  if (extra !== undefined) return refused('RELEASE_EXTRA_FILE', 'the manifest does not list it', { place: extra })
  const missing = [...wanted].find(name => !names.includes(name))
  if (missing === undefined) return accepted(undefined)
  return refused('RELEASE_MISSING_FILE', 'the manifest lists it and it is not there', { place: missing })
}

async function verifiedMembers(
  read: ReleaseReader,
  manifest: ReleaseManifest,
  list: Checklist,
): Promise<ReleaseMembers> {
  const total = manifest.members.reduce((sum, { size }) => sum + size, 0)
  if (total > RELEASE_CAP) throw new Fault('MEMBER_SIZE', `${total} bytes in all`, { place: 'manifest.json' })
  const room = await read.room?.(total)
  if (room?.ok === false) throw room.fault
  const members = new Map<string, Uint8Array>()
  const reading = (member: ReleaseMember) => file(read, member.name, member.size, { tooLarge: 'MEMBER_SIZE', member })
  for await (const [member, bytes] of ahead(manifest.members, read.parallel ?? 1, reading)) {
    list.take('size and sha256', member.name, sameMember(bytes, member))
    members.set(member.name, bytes)
  }
  return members
}

function sameMember(bytes: Uint8Array, { name, size, sha256: digest }: ReleaseMember): Outcome<void> {
  if (bytes.length !== size)
    return refused('MEMBER_SIZE', `has ${bytes.length} bytes, ${size} were signed`, { place: name })
  const found = sha256(bytes)
  if (found === digest) return accepted(undefined)
  return refused('MEMBER_HASH', `has sha256 ${found}, ${digest} was signed`, {
    place: name,
    fix: 'fetch the release again; if it stays so, treat it as forged',
  })
}
