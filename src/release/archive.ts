// From an archive to blobs in staging, by digest: all of them or none. What they mean is another file's business.

import type { Disk } from '../base/disk.ts'
import { accepted, Fault, type Outcome } from '../base/fault.ts'
import { sha256, sha256Hasher } from '../base/hash.ts'
import type { StagedBlob } from './store.ts'
import { type ZipOptions, zipEntries } from './zip.ts'
import type { ZipBytes } from './zip-bytes.ts'
import { entryContent, type ZipEntry } from './zip-content.ts'

/** A file of an archive: its name is a label and nothing more, what it is called by is its digest. */
export type ArchivedFile = StagedBlob & { readonly label: string }

/**
 * Unpacks every file into a staging directory that exists. Modes of the archive are ignored: a blob has 0600 until the store makes
 * it 0440. After a refusal nothing is left of it.
 *
 * Refusals: the `ARCHIVE_…` codes of `zipEntries` and `entryContent`, and those of the disk.
 *
 * @example
 * const files = unwrap(await stageArchive(bytesInMemory(bytes), disk, 'models/.staging'))
 * for (const file of files) await store.promote(file)
 */
export async function stageArchive(
  bytes: ZipBytes,
  disk: Disk,
  directory: string,
  options?: ZipOptions,
): Promise<Outcome<readonly ArchivedFile[]>> {
  const entries = await zipEntries(bytes, options)
  if (!entries.ok) return entries
  const staged: ArchivedFile[] = []
  try {
    for (const entry of entries.value) staged.push(await stageEntry(bytes, entry, disk, directory))
    return accepted(staged)
  } catch (cause) {
    for (const { path } of staged) await disk.remove(path)
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

async function stageEntry(bytes: ZipBytes, entry: ZipEntry, disk: Disk, directory: string): Promise<ArchivedFile> {
  const partial = `${directory}/unpacking`
  await disk.remove(partial)
  const file = await disk.create(partial, 0o600)
  const hasher = sha256Hasher()
  try {
    for await (const chunk of entryContent(bytes, entry)) {
      hasher.update(chunk)
      await file.write(chunk)
    }
    await file.sync()
    const written = sha256(await file.readBack())
    if (written !== hasher.digest()) throw new Fault('DISK_IO', 'the disk gave back other bytes', { place: partial })
  } catch (cause) {
    await file.close()
    await disk.remove(partial)
    throw cause
  }
  await file.close()
  const digest = hasher.digest()
  const path = `${directory}/${digest}`
  await disk.rename(partial, path)
  return { label: entry.name, path, sha256: digest, size: entry.size }
}
