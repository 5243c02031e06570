// An installed release read back from the store: every byte is hashed again before anything of it is used (SRV-03, REL-49).

import { accepted, Fault, type Outcome, refused, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { MANIFEST_TYPE, openEnvelope } from '../release/envelope.ts'
import type { TrustedKey } from '../release/keys.ts'
import { ENVELOPE_CAP, MANIFEST_CAP } from '../release/limits.ts'
import { readManifest } from '../release/manifest.ts'
import type { VerifyPolicy } from '../release/policy.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { Installation } from './installation.ts'

export type Trust = Pick<VerifyPolicy, 'keys' | 'required'> & { readonly nowMs: number }

export const envelopePath = (installation: Pick<Installation, 'paths'>, digest: string): string =>
  `${installation.paths.envelopes}/${digest}.json`

/** Whether keys that are trusted today still signed this manifest: a revoked key's release is no target of a rollback. */
export function stillTrusted(
  envelopeBytes: Uint8Array,
  digest: string,
  { keys, required, nowMs }: Trust,
): Outcome<void> {
  const place = 'envelope.json'
  const uses: readonly TrustedKey['use'][] = ['release', 'root']
  const opened = openEnvelope(envelopeBytes, { payloadType: MANIFEST_TYPE, keys, required, uses, nowMs, place })
  if (!opened.ok) return opened
  if (sha256(opened.value.body) === digest) return accepted(undefined)
  return refused('MANIFEST_COPY', 'holds another manifest than the installed one', { place })
}

/** What the installation says of a stored release now, without reading its members. Refusals: as of `reopenRelease`. */
async function wantedNow(installation: Installation, digest: string): Promise<Outcome<void>> {
  const { disk, store, stillWanted } = installation
  if (stillWanted === undefined) return accepted(undefined)
  try {
    const manifest = unwrap(readManifest(await store.get(digest, MANIFEST_CAP)))
    return await stillWanted(manifest, await disk.read(envelopePath(installation, digest), ENVELOPE_CAP))
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

/**
 * A key that was revoked while the sets were in memory: the way back is let go at once, the set in charge is told of and decides
 * until another one is installed (REL-26).
 */
export async function dropUnwanted(installation: Installation): Promise<void> {
  const { slot, log } = installation
  const previous = slot.previous()
  if (previous !== undefined) {
    const wanted = await wantedNow(installation, previous.digest)
    if (!wanted.ok && UNWANTED.includes(wanted.fault.code)) {
      slot.dropPrevious()
      log.write('warn', 'model.unwanted', `${previous.releaseId} is no way back any more: ${wanted.fault.message}`)
    }
  }
  const inCharge = slot.current()
  const wanted = inCharge && (await wantedNow(installation, inCharge.digest))
  if (wanted?.ok !== false || !UNWANTED.includes(wanted.fault.code)) return
  log.write(
    'warn',
    'model.unwanted',
    `${inCharge!.releaseId} decides until another is installed: ${wanted.fault.message}`,
  )
}

const UNWANTED: readonly string[] = ['KEY_REVOKED', 'EPOCH']

/**
 * Refusals: `CAS_MISSING`, `CAS_CORRUPT`, those of the manifest and, where `trust` is given, of its envelope; `KEY_REVOKED` and
 * `EPOCH` where the installation asks.
 */
export async function reopenRelease(
  installation: Pick<Installation, 'disk' | 'paths' | 'store' | 'stillWanted'>,
  digest: string,
  trust?: Trust,
): Promise<Outcome<VerifiedRelease>> {
  const { disk, store } = installation
  try {
    const manifestBytes = await store.get(digest, MANIFEST_CAP)
    const manifest = unwrap(readManifest(manifestBytes))
    const envelopeBytes = await disk.read(envelopePath(installation, digest), ENVELOPE_CAP)
    if (trust !== undefined) unwrap(stillTrusted(envelopeBytes, digest, trust))
    const wanted = await installation.stillWanted?.(manifest, envelopeBytes)
    if (wanted !== undefined) unwrap(wanted)
    const members = new Map<string, Uint8Array>()
    for (const { name, sha256: member, size } of manifest.members) members.set(name, await store.get(member, size))
    return accepted({ manifest, manifestSha256: digest, manifestBytes, envelopeBytes, members })
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}
