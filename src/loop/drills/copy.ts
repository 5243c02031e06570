// A copy of an installation to rehearse on: the files that say what is in charge, the releases that it needs, and what the registry knows.
// The live one is read and never written.

import { type Disk, replaceFile } from '../../base/disk.ts'
import { Fault, unwrap } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { MODEL_CAP } from '../../release/limits.ts'
import type { VerifiedRelease } from '../../release/release.ts'
import { currentFile } from '../../serving/current.ts'
import type { Installation } from '../../serving/installation.ts'
import { type MemoryRegistry, memoryRegistry } from '../../serving/memory-registry.ts'
import type { StatePaths } from '../../serving/paths.ts'
import type { Registry } from '../../serving/registry.ts'
import { envelopePath, reopenRelease } from '../../serving/reopen.ts'

type Live = Pick<Installation, 'disk' | 'paths' | 'store'> & { readonly registry: Registry }

async function copyFile(disk: Disk, from: string, to: string): Promise<void> {
  if ((await disk.stat(from))?.kind === 'file') await replaceFile(disk, to, await disk.read(from, MODEL_CAP))
}

async function copyRelease(live: Live, release: VerifiedRelease, to: StatePaths): Promise<void> {
  const file = (digest: string, bytes: Uint8Array) =>
    replaceFile(live.disk, `${to.store}/${digest.slice(0, 2)}/${digest}`, bytes, 0o440)
  await file(release.manifestSha256, release.manifestBytes)
  for (const bytes of release.members.values()) await file(sha256(bytes), bytes)
  await replaceFile(live.disk, envelopePath({ paths: to }, release.manifestSha256), release.envelopeBytes, 0o440)
}

/** What the registry knows of releases and history, in memory. Only what is copied is known to it: a store holds no strangers. */
async function copyRegistry(registry: Registry, digests: ReadonlySet<string>): Promise<MemoryRegistry> {
  const rows = (await registry.releases()).filter(({ digest }) => digests.has(digest))
  const releases = await Promise.all(
    rows.map(async row => ({
      ...row,
      ...((await registry.documents(row.digest)) ?? { manifest: '', evaluation: '' }),
    })),
  )
  const events = await registry.events()
  return memoryRegistry({ releases, members: [], gateReports: [], blocks: await registry.blocks(), events })
}

export type Copied = {
  readonly registry: MemoryRegistry
  /** In charge of the copy, as of the live one. */
  readonly champion: VerifiedRelease
}

/**
 * Fault: `DRILL_EMPTY` where no release is in charge of the slot, and those of one that cannot be read.
 *
 * @param to where the copy goes; a folder of its own
 */
export async function copyInstallation(live: Live, slot: string, to: StatePaths): Promise<Copied> {
  const current = unwrap(await currentFile(live.disk, live.paths, slot).read())
  if (current === undefined || current.digest === null) {
    throw new Fault('DRILL_EMPTY', 'no release is in charge, so there is nothing to rehearse on', {
      place: live.paths.current(slot),
      fix: 'let one take charge first: ratchet up, or ratchet sync --source PLACE',
    })
  }
  const champion = unwrap(await reopenRelease(live, current.digest))
  await copyRelease(live, champion, to)
  const previous = current.prevDigest === null ? undefined : await reopenRelease(live, current.prevDigest)
  if (previous?.ok === true) await copyRelease(live, previous.value, to)
  const kept = { ...current, prevDigest: previous?.ok === true ? current.prevDigest : null }
  await currentFile(live.disk, to, slot).write(kept)
  await copyFile(live.disk, live.paths.highWater, to.highWater)
  const digests = new Set([champion.manifestSha256, ...(kept.prevDigest === null ? [] : [kept.prevDigest])])
  return { registry: await copyRegistry(live.registry, digests), champion }
}
