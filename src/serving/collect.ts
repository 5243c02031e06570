// Removes from the store what no active, previous, pinned, backed up or recent release refers to (s17, REL-49). In doubt everything stays.

import { unwrap } from '../base/fault.ts'
import { MANIFEST_CAP } from '../release/limits.ts'
import { readManifest } from '../release/manifest.ts'
import { backedUpDigest, backupNames } from './backups.ts'
import { currentFile } from './current.ts'
import { handoversOf } from './history.ts'
import type { Installation } from './installation.ts'
import { pinOf } from './pins.ts'

/** How many of the releases verified last stay, in charge or not. */
const RECENT = 3
/** How many sets back the way leads: previous and second previous (SRV-03). */
const WAY_BACK = 3

const CURRENT_NAME = /^CURRENT(?:\.([A-Za-z0-9_-]+))?$/

async function releasesToKeep(installation: Installation): Promise<Set<string>> {
  const { disk, paths, registry, slot } = installation
  const keep = new Set([slot.current()?.digest, slot.previous()?.digest])
  for (const name of await backupNames(installation)) keep.add(await backedUpDigest(installation, name))
  const slots = new Set<string>([slot.name])
  for (const { name } of await disk.list(paths.state)) {
    const found = CURRENT_NAME.exec(name)
    if (found !== null) slots.add(found[1] ?? 'main')
  }
  const events = await registry.events()
  for (const name of slots) {
    const current = unwrap(await currentFile(disk, paths, name).read())
    keep.add(current?.digest ?? undefined).add(current?.prevDigest ?? undefined)
    const wayBack = handoversOf(events, name).flatMap(({ to }) => to ?? [])
    keep.add((await pinOf(registry, name))?.digest)
    for (const digest of [...new Set(wayBack.reverse())].slice(0, WAY_BACK)) keep.add(digest)
  }
  const verified = (await registry.releases()).filter(({ state }) => state !== 'refused')
  const recent = verified.sort((a, b) => a.firstSeen - b.firstSeen || a.version - b.version).slice(-RECENT)
  for (const { digest } of recent) keep.add(digest)
  return new Set([...keep].filter(digest => digest !== undefined))
}

/**
 * Gives the digests that went. Throws, having removed nothing, where CURRENT or a manifest that must be kept cannot be read.
 */
export async function collectStore(installation: Installation): Promise<readonly string[]> {
  const { disk, paths, store } = installation
  const releases = await releasesToKeep(installation)
  const blobs = new Set<string>()
  for (const digest of releases) {
    // A release of the history that the store lost is no reason to keep or to stop; what is there must be readable.
    if (!(await store.has(digest))) continue
    blobs.add(digest)
    const manifest = unwrap(readManifest(await store.get(digest, MANIFEST_CAP)))
    for (const member of manifest.members) blobs.add(member.sha256)
  }
  const gone = await store.collect(blobs)
  for (const { name } of await disk.list(paths.envelopes)) {
    if (!releases.has(name.replace(/\.json$/, ''))) await disk.remove(`${paths.envelopes}/${name}`)
  }
  return gone
}
