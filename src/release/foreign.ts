// What a foreign archive holds: models, documents, and opaque files that are kept and listed and never opened (REL-05).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { ArchivedFile } from './archive.ts'
import { checkForeignFiles, type ForeignMetadata, type FoundFile, readForeignMetadata } from './foreign-metadata.ts'

/** `opaque`: pickles, arrays and whatever else nobody here reads. The name says so, since nothing else is looked at. */
export type ForeignKind = 'model' | 'document' | 'opaque'

export type ForeignFile = FoundFile & {
  readonly kind: ForeignKind
  /** Whether the metadata lists its digest, which is then the right one. */
  readonly listed: boolean
}

export type ForeignRelease = {
  /** Null where there is none. It authenticates nothing: who wrote the files wrote it as well. */
  readonly metadata: ForeignMetadata | null
  /** In the order of the archive. */
  readonly files: readonly ForeignFile[]
}

const METADATA = 'metadata.json'
const METADATA_CAP = 64 * 1024

function kindOf(label: string): ForeignKind {
  const name = label.toLowerCase()
  if (name.endsWith('.onnx')) return 'model'
  return name.endsWith('.json') || name.endsWith('.md') ? 'document' : 'opaque'
}

/**
 * Reads the metadata and nothing else. Refusals: `METADATA_TWICE`, `METADATA_HASH`, those of `readForeignMetadata`, `FOREIGN_EMPTY`
 * without a model.
 *
 * @param read bytes of a staged file, whole
 * @example
 * const release = unwrap(await readForeign(files, (path, cap) => disk.read(path, cap)))
 * release.files.filter(({ kind }) => kind === 'opaque') // kept by digest, never deserialised
 */
export async function readForeign(
  files: readonly ArchivedFile[],
  read: (path: string, limit: number) => Promise<Uint8Array>,
): Promise<Outcome<ForeignRelease>> {
  const isMetadata = ({ label }: FoundFile) => label === METADATA || label.endsWith(`/${METADATA}`)
  const [found, second] = files.filter(isMetadata)
  if (second !== undefined) return refused('METADATA_TWICE', `there is another ${METADATA}`, { place: second.label })
  const kinds = files.map(({ label, sha256, size }) => ({ label, sha256, size, kind: kindOf(label) }))
  if (!kinds.some(({ kind }) => kind === 'model')) {
    return refused('FOREIGN_EMPTY', 'holds no model', { fix: 'pack the .onnx files of the models into it' })
  }
  if (found === undefined) return accepted({ metadata: null, files: kinds.map(file => ({ ...file, listed: false })) })
  if (found.size > METADATA_CAP) return refused('MANIFEST_TOO_LARGE', `has ${found.size} bytes`, { place: found.label })
  const metadata = readForeignMetadata(await read(found.path, METADATA_CAP), found.label)
  if (!metadata.ok) return metadata
  const folder = found.label.slice(0, -METADATA.length)
  const checked = checkForeignFiles(metadata.value, kinds, { place: found.label, folder })
  if (!checked.ok) return checked
  const listed = new Set(Object.keys(metadata.value.files).map(name => `${folder}${name}`))
  return accepted({
    metadata: metadata.value,
    files: kinds.map(file => ({ ...file, listed: listed.has(file.label) })),
  })
}
