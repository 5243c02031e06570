// From a release directory to a published tree: verified first, then published in the order that never shows readers a mixture (REL-30).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { Keyring } from '../release/keyring.ts'
import { POINTER_PATH } from '../release/layout.ts'
import { MODEL_CAP, POINTER_FILE_CAP } from '../release/limits.ts'
import { openPointer, sealPointer } from '../release/pointer.ts'
import { type PublishStep, publishedObjects, publishRelease } from '../release/publish.ts'
import type { Publisher } from '../release/publisher.ts'
import type { ReleaseManifest, ReleaseMembers } from '../release/release.ts'
import { epochBegun, rootSigned } from './epoch-begun.ts'
import type { Ports } from './ports.ts'
import { verifyDirectory } from './verify-directory.ts'

export type PublishRequest = {
  readonly directory: string
  /** Folder that becomes, or is, the published tree. */
  readonly to: string
  readonly channel: string
  readonly ring: Keyring
  /** Verifies and says what would be written. */
  readonly dryRun: boolean
  /** How often a pointer is signed here; a bot believes one for twice as long, at least 90 minutes (REL-17). */
  readonly publishIntervalMs?: number
}

export type Published = {
  readonly releaseId: string
  readonly label: string
  readonly place: string
  readonly dryRun: boolean
  readonly steps: readonly (PublishStep | { readonly path: string; readonly result: 'missing' })[]
}

/**
 * Refusals: those of `verifyRelease` and `publishRelease`, `PUBLISH_OLDER` where a newer release is published already, `EPOCH` for an
 * epoch that is over and for a new one without the root, and those of a published pointer that this key did not sign; one of a revoked
 * key gives way to the root.
 */
export async function publishDirectory(
  request: PublishRequest,
  ports: Pick<Ports, 'disk' | 'clock' | 'publisher'>,
  signal: AbortSignal,
): Promise<Outcome<Published>> {
  const { directory, to, channel, ring, dryRun, publishIntervalMs = 45 * 60_000 } = request
  const { disk, clock } = ports
  const { verification, files } = await verifyDirectory({ directory, keys: ring.trusted, channel, clock }, disk)
  if (!verification.ok) return verification
  const { manifest, manifestBytes, envelopeBytes } = verification.value
  const publisher = ports.publisher(to)
  const byRoot = rootSigned(envelopeBytes, ring.trusted, clock.now())
  const behind = await published(publisher, ring, clock.now(), signal)
  // A thief's pointer has no say: that is how a channel begins anew.
  if (!behind.ok && !(byRoot && behind.fault.code === 'KEY_REVOKED')) return behind
  const current = behind.ok ? behind.value : undefined
  const older = olderThan(manifest, current)
  if (!older.ok) return older
  const begun = epochBegun({ epoch: manifest.epoch, byRoot, ours: ring.epoch, published: current?.epoch })
  if (!begun.ok) return begun
  const { releaseId, label } = manifest
  const facts = { releaseId, label, place: publisher.capabilities().place, dryRun }
  const wanted = new Map([...files].filter(([name]) => name !== 'pointer.json'))
  if (dryRun) {
    const steps = await planned(publisher, wanted, label, signal)
    return steps.ok ? accepted({ ...facts, steps: steps.value }) : steps
  }
  const pointer = sealPointer(manifestBytes, { keys: ring.pointer, nowMs: clock.now(), publishIntervalMs })
  if (!pointer.ok) return pointer
  const botKeys = ring.pointer
  const steps = await publishRelease({ publisher, files: wanted, label, pointerBytes: pointer.value, botKeys, signal })
  return steps.ok ? accepted({ ...facts, steps: steps.value }) : steps
}

type Current = { readonly epoch: number; readonly version: number; readonly label: string }

async function published(
  publisher: Publisher,
  { trusted: keys }: Keyring,
  nowMs: number,
  signal: AbortSignal,
): Promise<Outcome<Current | undefined>> {
  const bytes = await publisher.read(POINTER_PATH, POINTER_FILE_CAP, signal)
  return bytes === undefined ? accepted(undefined) : openPointer(bytes, { keys, required: ['hmac'] }, nowMs)
}

/** Every bot would refuse it (REL-16), so the channel would stand still. */
function olderThan({ epoch, version }: ReleaseManifest, current: Current | undefined): Outcome<void> {
  if (current === undefined || epoch > current.epoch) return accepted(undefined)
  if (epoch === current.epoch && version >= current.version) return accepted(undefined)
  return refused('PUBLISH_OLDER', `version ${version} is older than ${current.version} (${current.label})`, {
    place: POINTER_PATH,
    fix: 'build a new release on what is published now; to go back, publish the old models under a new version',
  })
}

async function planned(
  publisher: Publisher,
  files: ReleaseMembers,
  label: string,
  signal: AbortSignal,
): Promise<Outcome<Published['steps']>> {
  const objects = publishedObjects(files, label)
  if (!objects.ok) return objects
  const steps: Published['steps'][number][] = []
  for (const [path, bytes] of objects.value) {
    const there = await publisher.read(path, Math.max(MODEL_CAP, bytes.length), signal)
    if (there !== undefined && sha256(there) !== sha256(bytes)) {
      return refused('BLOB_CONFLICT', 'other content is published under this name', { place: path })
    }
    steps.push({ path, result: there === undefined ? 'missing' : 'present' })
  }
  return accepted(steps)
}
