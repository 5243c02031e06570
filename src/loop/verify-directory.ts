// Checks a release directory as anyone may who holds a key: for people who ask, before publishing, and before models are loaded from it.

import type { Clock } from '../base/clock.ts'
import { unwrap } from '../base/fault.ts'
import { directoryReader } from '../release/directory.ts'
import type { KeyAlgorithm, TrustedKey } from '../release/keys.ts'
import { MANIFEST_CAP } from '../release/limits.ts'
import { readManifest } from '../release/manifest.ts'
import { verifyPolicy } from '../release/policy.ts'
import type { ReleaseMembers } from '../release/release.ts'
import { isMacName, MAC_FILE_CAP } from '../release/side-macs.ts'
import { utcMs } from '../release/utc.ts'
import { type Verification, verifyRelease } from '../release/verify.ts'
import { loadModelSet, type ModelSet } from '../serving/model-set.ts'
import type { Ports } from './ports.ts'

export type DirectoryRequest = {
  readonly directory: string
  readonly keys: readonly TrustedKey[]
  /** Algorithms of which a signature must be there; a MAC where absent. */
  readonly required?: readonly KeyAlgorithm[] | undefined
  /** The release must be for this channel. */
  readonly channel: string
  /** As of when: expiry goes by it. */
  readonly clock: Clock
}

export type DirectoryCheck = {
  readonly verification: Verification
  /** Every file that was read, as it was read: what was checked and nothing that was put there since. */
  readonly files: ReleaseMembers
}

/**
 * No memory of earlier releases is held against it, so old releases can be checked too.
 *
 * @example (await verifyDirectory({ directory: 'out/1', keys, channel: 'stable', clock }, disk)).verification.ok
 */
export async function verifyDirectory(
  { directory, keys, required, channel, clock }: DirectoryRequest,
  disk: Ports['disk'],
): Promise<DirectoryCheck> {
  const reader = directoryReader(disk, directory)
  const files = new Map<string, Uint8Array>()
  const remembering = {
    list: () => reader.list(),
    async read(name: string, limit: number) {
      const bytes = await reader.read(name, limit)
      files.set(name, bytes)
      return bytes
    },
  }
  const policy = verifyPolicy({ profile: 'paper', channel, symbols: [], keys, ...(required && { required }) })
  const verification = await verifyRelease(remembering, policy, undefined, clock)
  // Signatures of single bots are not read by who holds another key, and belong to the release all the same.
  const listed = verification.ok ? await reader.list() : []
  for (const name of listed?.filter(isMacName) ?? []) await remembering.read(name, MAC_FILE_CAP)
  return { verification, files }
}

/**
 * The models of a release directory, to look at what they would have done. Nothing is installed, so the release is judged as of the
 * moment it was issued and whatever its channel; its signature and every byte are checked as always.
 * Faults: those of `verifyRelease` and `loadModelSet`.
 */
export async function loadDirectory(
  directory: string,
  keys: readonly TrustedKey[],
  disk: Ports['disk'],
): Promise<ModelSet> {
  const { channel, issuedAt } = unwrap(readManifest(await disk.read(`${directory}/manifest.json`, MANIFEST_CAP)))
  const clock = { now: () => utcMs(issuedAt)! }
  const { verification } = await verifyDirectory({ directory, keys, channel, clock }, disk)
  return unwrap(loadModelSet(unwrap(verification)))
}
