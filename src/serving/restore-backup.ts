// Back from a named copy into the store (SRV-65): every file against the copy's own sums and against the signed manifest, and the signature
// against the keys of today. What is restored is in the store and decides nothing yet.

import { accepted, Fault, type Outcome, refused, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { ENVELOPE_CAP, MANIFEST_CAP, memberCap, modelRole } from '../release/limits.ts'
import { readManifest } from '../release/manifest.ts'
import type { VerifiedRelease } from '../release/release.ts'
import { backupNames } from './backups.ts'
import type { Installation } from './installation.ts'
import { stillTrusted, type Trust } from './reopen.ts'
import { openStaging, sweepStaging } from './staging.ts'

const SUMS = 'SHA256SUMS'
const LINE = /^([0-9a-f]{64}) {2}(\S+)$/

type Place = Pick<Installation, 'disk' | 'paths'>

/** The sums of a copy: file -> SHA-256. */
async function sumsOf({ disk, paths }: Place, name: string): Promise<ReadonlyMap<string, string>> {
  const place = `${paths.backups}/${name}/${SUMS}`
  const text = new TextDecoder().decode(await disk.read(place, MANIFEST_CAP))
  const sums = new Map<string, string>()
  for (const line of text.trimEnd().split('\n')) {
    const [, sum, file] = LINE.exec(line) ?? []
    if (sum === undefined || file === undefined)
      throw new Fault('BACKUP_DAMAGED', 'its list of sums is none', { place })
    sums.set(file, sum)
  }
  return sums
}

/**
 * The release that a copy holds. Refusals: `BACKUP_UNKNOWN`; `BACKUP_DAMAGED` naming the file, also where a file of the release is missing
 * (older copies hold the models alone).
 *
 * @example unwrap(await readBackup('backup_20260115_143000', installation)).manifest.label
 */
export async function readBackup(name: string, installation: Place): Promise<Outcome<VerifiedRelease>> {
  const { disk, paths } = installation
  const names = await backupNames(installation)
  if (!names.includes(name)) {
    const fix = names.length === 0 ? 'none was made yet' : `choose one of ${names.join(', ')}`
    return refused('BACKUP_UNKNOWN', `there is no backup ${name}`, { place: paths.backups, fix })
  }
  try {
    const sums = await sumsOf(installation, name)
    const read = async (file: string, limit: number): Promise<Uint8Array> => {
      const place = `${paths.backups}/${name}/${file}`
      const wanted = sums.get(file)
      if (wanted === undefined) throw damaged('is not in the copy', place)
      const bytes = await disk.read(place, limit)
      if (sha256(bytes) !== wanted) throw damaged('has other bytes than its sum says', place)
      return bytes
    }
    const manifestBytes = await read('manifest.json', MANIFEST_CAP)
    const manifest = unwrap(readManifest(manifestBytes))
    const members = new Map<string, Uint8Array>()
    for (const { name: member, sha256: digest } of manifest.members) {
      const file = fileOf(member, sums)
      const bytes = await read(file, memberCap(member) ?? MANIFEST_CAP)
      if (sha256(bytes) !== digest) throw damaged('is not what the manifest signed', `${paths.backups}/${name}/${file}`)
      members.set(member, bytes)
    }
    const envelopeBytes = await read('release/envelope.json', ENVELOPE_CAP)
    return accepted({ manifest, manifestSha256: sha256(manifestBytes), manifestBytes, envelopeBytes, members })
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

const damaged = (what: string, place: string): Fault =>
  new Fault('BACKUP_DAMAGED', what, { place, fix: 'restore another copy: ratchet models backup list' })

/** Where a member lies in a copy; models have dated names. */
function fileOf(member: string, sums: ReadonlyMap<string, string>): string {
  const role = modelRole(member)
  if (member === 'parameters.json') return member
  if (role === undefined) return `release/${member}`
  const dated = new RegExp(`^models/[A-Za-z0-9_-]+_${role}_\\d{8}_\\d{6}\\.onnx$`)
  return [...sums.keys()].find(file => dated.test(file)) ?? member
}

/**
 * Puts the release of a copy back into the store. Refusals: those of `readBackup`, and, where `trust` is given, those of its signature.
 *
 * @example unwrap(await restoreBackup('backup_20260115_143000', installation, trust)).releaseId
 */
export async function restoreBackup(
  name: string,
  installation: Installation,
  trust?: Trust,
): Promise<Outcome<{ readonly digest: string; readonly releaseId: string; readonly label: string }>> {
  const read = await readBackup(name, installation)
  if (!read.ok) return read
  const release = read.value
  const { manifest, manifestSha256: digest, envelopeBytes, manifestBytes, members } = release
  const trusted = trust === undefined ? accepted(undefined) : stillTrusted(envelopeBytes, digest, trust)
  if (!trusted.ok) return trusted
  const held = await installation.lock.acquire('restore')
  if (!held.ok) return held
  try {
    const files = new Map([...members, ['manifest.json', manifestBytes], ['envelope.json', envelopeBytes]])
    const staging = await openStaging(installation, {
      list: () => Promise.resolve([...files.keys()]),
      async read(file) {
        const bytes = files.get(file)
        if (bytes === undefined) throw new Fault('FILE_MISSING', 'is not in the copy', { place: file })
        return bytes
      },
    })
    for (const file of files.keys()) await staging.reader.read(file, Number.POSITIVE_INFINITY)
    await staging.promote(release)
    await sweepStaging(installation)
    const { releaseId, label } = manifest
    return accepted({ digest, releaseId, label })
  } finally {
    await held.value.release()
  }
}
