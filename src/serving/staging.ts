// Steps s1 to s3 and s6 to s7: bytes land in staging, synced and re-hashed, and move into the store only after everything agreed.

import type { Disk } from '../base/disk.ts'
import { replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import type { ReleaseReader } from '../release/reader.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { StagedBlob } from '../release/store.ts'
import type { Installation } from './installation.ts'
import { envelopePath } from './reopen.ts'

export interface Staging {
  /** The release's files as the verifier reads them, each one staged on the way (s2, s3). */
  readonly reader: ReleaseReader
  /** Moves what the manifest lists, the manifest and its envelope into the store (s6, s7). */
  promote(release: VerifiedRelease): Promise<void>
}

/** Removes all that was staged. */
export async function sweepStaging({ disk, paths }: { disk: Disk; paths: Installation['paths'] }): Promise<void> {
  await disk.remove(paths.staging)
  await disk.syncDirectory(paths.models)
}

/** Makes an empty staging directory (s1). */
export async function openStaging(installation: Installation, source: ReleaseReader): Promise<Staging> {
  const { disk, paths, store, reserve, onStep } = installation
  onStep?.('s1')
  await disk.remove(paths.staging)
  await disk.makeDirectory(paths.staging, 0o700)
  await disk.syncDirectory(paths.models)
  const staged = new Map<string, StagedBlob>()

  const reader: ReleaseReader = {
    ...source,
    list: () => source.list(),
    room: reserve,
    async read(name, limit, member) {
      onStep?.('s2')
      const bytes = await source.read(name, limit, member)
      onStep?.('s3')
      const blob = await store.stage(paths.staging, bytes)
      staged.set(blob.sha256, blob)
      return bytes
    },
  }

  return {
    reader,
    async promote(release) {
      onStep?.('s6')
      const digests = [...release.manifest.members.map(({ sha256 }) => sha256), release.manifestSha256]
      for (const digest of new Set(digests)) {
        const blob = staged.get(digest)
        if (blob === undefined) throw new Fault('CAS_MISSING', 'a verified file was never staged', { place: digest })
        await store.promote(blob)
      }
      onStep?.('s7')
      await replaceFile(disk, envelopePath(installation, release.manifestSha256), release.envelopeBytes, 0o440)
      await disk.syncDirectory(paths.store)
    },
  }
}
