// What a file is and whether it is sound, told by its first bytes: a model, an archive of models, or a registry file (REL-56). Nothing is
// installed, unpacked to disk or run.

import type { Disk } from '../base/disk.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { sha256, sha256Hasher } from '../base/hash.ts'
import type { OnnxModel, OnnxValue } from '../onnx/model.ts'
import { validateModel } from '../onnx/validate.ts'
import type { ArchivedFile } from '../release/archive.ts'
import { type ForeignFile, type ForeignRelease, readForeign } from '../release/foreign.ts'
import { MODEL_CAP, RELEASE_CAP } from '../release/limits.ts'
import { REGISTRY_CAP, type RegistryImage, readRegistryFile } from '../release/registry-image.ts'
import { migrated, type RegistryShape, shapeOf } from '../release/registry-shapes.ts'
import { utcText } from '../release/utc.ts'
import { zipEntries } from '../release/zip.ts'
import { bytesInMemory, type ZipBytes } from '../release/zip-bytes.ts'
import { entryContent, type ZipEntry } from '../release/zip-content.ts'
import type { Ports } from './ports.ts'

export type InspectedModel = {
  readonly kind: 'model'
  readonly sha256: string
  readonly size: number
  readonly ir: number
  readonly opset: number
  readonly producer: string
  /** Operator -> how many nodes. */
  readonly operators: Readonly<Record<string, number>>
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly metadata: Readonly<Record<string, string>>
}

export type InspectedArchive = {
  readonly kind: 'archive'
  readonly sha256: string
  readonly size: number
  readonly metadata: ForeignRelease['metadata']
  /** `problem`: why a model in it would be refused. */
  readonly files: readonly (ForeignFile & { readonly problem?: ReturnType<Fault['toJSON']> })[]
}

export type InspectedRegistry = {
  readonly kind: 'registry'
  readonly shape: RegistryShape
  readonly image: RegistryImage
}

export type Inspected = InspectedModel | InspectedArchive | InspectedRegistry

/**
 * Faults: `ONNX_…`, `ARCHIVE_…`, `METADATA_…`, `FOREIGN_EMPTY`, `REGISTRY_…`, those of the strict JSON parser, and those of the disk.
 *
 * @example (await inspectFile('model.onnx', ports)).kind // 'model'
 */
export async function inspectFile(path: string, { disk, clock }: Pick<Ports, 'disk' | 'clock'>): Promise<Inspected> {
  const bytes = await disk.read(path, RELEASE_CAP)
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return inspectArchive(bytes)
  const first = bytes.find(byte => byte > 0x20)
  if (first === 0x7b || first === 0x5b) return inspectRegistry(bytes, path, utcText(clock.now()))
  return { kind: 'model', sha256: sha256(bytes), size: bytes.length, ...aboutModel(unwrap(validateModel(bytes))) }
}

const aboutModel = ({ irVersion, opset, producer, nodes, inputs, outputs, metadata }: OnnxModel) => {
  const operators: Record<string, number> = {}
  for (const { opType } of nodes) operators[opType] = (operators[opType] ?? 0) + 1
  return { ir: irVersion, opset, producer, operators, inputs, outputs, metadata }
}

function inspectRegistry(bytes: Uint8Array, place: string, now: string): InspectedRegistry {
  if (bytes.length > REGISTRY_CAP) throw new Fault('REGISTRY_TOO_LARGE', `${bytes.length} bytes`, { place })
  const file = unwrap(readRegistryFile(bytes, place))
  const image = unwrap(migrated(file, place, now))
  return { kind: 'registry', shape: shapeOf(file)!, image }
}

async function inspectArchive(bytes: Uint8Array): Promise<InspectedArchive> {
  const source = bytesInMemory(bytes)
  const entries = unwrap(await zipEntries(source))
  const files: ArchivedFile[] = []
  for (const [at, entry] of entries.entries()) files.push(await digestOf(source, entry, String(at)))
  const read = (path: string, limit: number) => contentOf(source, entries[Number(path)]!, limit)
  const release = unwrap(await readForeign(files, read))
  const inspected: InspectedArchive['files'][number][] = []
  for (const [at, file] of release.files.entries()) {
    const fault = file.kind === 'model' ? await modelProblem(source, entries[at]!) : undefined
    inspected.push(fault === undefined ? file : { ...file, problem: fault.toJSON() })
  }
  return { kind: 'archive', sha256: sha256(bytes), size: bytes.length, metadata: release.metadata, files: inspected }
}

/** Every content is read to its end: only then its checksum is known. */
async function digestOf(source: ZipBytes, entry: ZipEntry, path: string): Promise<ArchivedFile> {
  const hasher = sha256Hasher()
  for await (const chunk of entryContent(source, entry)) hasher.update(chunk)
  return { label: entry.name, path, sha256: hasher.digest(), size: entry.size }
}

async function contentOf(source: ZipBytes, entry: ZipEntry, limit: number): Promise<Uint8Array> {
  if (entry.size > limit) throw new Fault('FILE_TOO_LARGE', `is larger than ${limit} bytes`, { place: entry.name })
  const chunks: Uint8Array[] = []
  for await (const chunk of entryContent(source, entry)) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

async function modelProblem(source: ZipBytes, entry: ZipEntry): Promise<Fault | undefined> {
  if (entry.size > MODEL_CAP) return new Fault('ONNX_TOO_LARGE', `${entry.size} bytes are above ${MODEL_CAP}`)
  const model = validateModel(await contentOf(source, entry, MODEL_CAP))
  return model.ok ? undefined : model.fault
}

/** A registry file and the image that it comes to. */
export type Migration = {
  readonly file: string
  readonly shape: RegistryShape
  readonly before: unknown
  readonly image: RegistryImage
}

/** Faults: `REGISTRY_…`, those of the strict parser and of the disk. */
export async function readMigration(
  path: string,
  { disk, clock }: { readonly disk: Disk; readonly clock: Ports['clock'] },
): Promise<Migration> {
  const file = unwrap(readRegistryFile(await disk.read(path, REGISTRY_CAP), path))
  const image = unwrap(migrated(file, path, utcText(clock.now())))
  return { file: path, shape: shapeOf(file)!, before: file, image }
}
