// Publishes a verified-by-reading-back release in the one order that never shows readers a mixture (REL-30).

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { SigningKey } from './keys.ts'
import { CURRENT_PATH, POINTER_PATH, packedPath, pointerMacPath, publishedPath } from './layout.ts'
import { CURRENT_CAP, modelRole, POINTER_FILE_CAP } from './limits.ts'
import { readManifest } from './manifest.ts'
import { packed, packingOf } from './packing.ts'
import type { Publisher } from './publisher.ts'
import type { Packing, ReleaseMembers } from './release.ts'
import { MAC_FILE_CAP, sideMacs } from './side-macs.ts'

export type PublishOptions = {
  readonly publisher: Publisher
  /** All files of the release directory by name. */
  readonly files: ReleaseMembers
  readonly label: string
  /** A sealed pointer to this release, fresh (`sealPointer`). */
  readonly pointerBytes: Uint8Array
  /** Sign the pointer for single bots, where it has no room for all of them. */
  readonly botKeys?: readonly SigningKey[] | undefined
  readonly signal: AbortSignal
}

export type PublishStep = { readonly path: string; readonly result: 'written' | 'present' | 'replaced' }

/**
 * Blobs, documents, read-back of all, `current.json`, `pointer.json`: each durable before the next. Killed anywhere,
 * readers see the old release; running it again finishes it. Faults: `BLOB_CONFLICT`, `POINTER_CONFLICT` (another
 * publisher was faster: read its release, build the next version on it), `PUBLISH_READBACK`, those of `publishedObjects` and of the publisher.
 *
 * @returns what happened to each path, in order
 */
export async function publishRelease(options: PublishOptions): Promise<Outcome<readonly PublishStep[]>> {
  const { publisher, label, files, pointerBytes, signal } = options
  const steps: PublishStep[] = []
  // What is current is looked at before anything is written: whoever changes it meanwhile wins the race.
  const seen = { current: await digestAt(publisher, CURRENT_PATH, CURRENT_CAP, signal) }
  const seenPointer = await digestAt(publisher, POINTER_PATH, POINTER_FILE_CAP, signal)
  const objects = publishedObjects(files, label)
  if (!objects.ok) return objects
  for (const [path, bytes] of objects.value) {
    const put = await publisher.putBlob(path, bytes, signal)
    if (!put.ok) return put
    steps.push({ path, result: put.value })
  }
  for (const [path, bytes] of objects.value) {
    if ((await digestAt(publisher, path, bytes.length, signal)) !== sha256(bytes)) {
      return refused('PUBLISH_READBACK', 'reads back otherwise than it was written', { place: path })
    }
  }
  const currentBytes = files.get('current.json')
  if (currentBytes === undefined)
    return refused('RELEASE_MISSING_FILE', 'nothing to publish', { place: 'current.json' })
  const beside = await putPointerMacs(publisher, pointerBytes, options.botKeys ?? [], signal)
  if (!beside.ok) return beside
  steps.push(...beside.value)
  for (const [path, bytes, before] of [
    [CURRENT_PATH, currentBytes, seen.current],
    [POINTER_PATH, pointerBytes, seenPointer],
  ] as const) {
    const replaced = await replace(publisher, path, bytes, before, signal)
    if (!replaced.ok) return replaced
    steps.push({ path, result: replaced.value })
  }
  return accepted(steps)
}

/** Signs on: a new pointer to the release that is current already (REL-17). */
export async function publishPointer(
  publisher: Publisher,
  pointerBytes: Uint8Array,
  signal: AbortSignal,
  botKeys: readonly SigningKey[] = [],
): Promise<Outcome<PublishStep>> {
  const beside = await putPointerMacs(publisher, pointerBytes, botKeys, signal)
  if (!beside.ok) return beside
  const before = await digestAt(publisher, POINTER_PATH, POINTER_FILE_CAP, signal)
  const replaced = await replace(publisher, POINTER_PATH, pointerBytes, before, signal)
  return replaced.ok ? accepted({ path: POINTER_PATH, result: replaced.value }) : replaced
}

/**
 * Before the pointer itself; each file keeps the signature of the pointer before this one, so that a bot finds its own
 * whichever of the two it has read.
 */
async function putPointerMacs(
  publisher: Publisher,
  pointerBytes: Uint8Array,
  keys: readonly SigningKey[],
  signal: AbortSignal,
): Promise<Outcome<readonly PublishStep[]>> {
  const steps: PublishStep[] = []
  for (const key of keys) {
    const path = pointerMacPath(key.keyid)
    const [none] = sideMacs(pointerBytes, [key]).keys()
    if (none === undefined) continue
    const old = await publisher.read(path, MAC_FILE_CAP, signal)
    const known = new Map(old === undefined ? [] : [[key.keyid, old] as const])
    const bytes = sideMacs(pointerBytes, [key], known).get(key.keyid)!
    const put = await replace(publisher, path, bytes, old === undefined ? null : sha256(old), signal)
    if (!put.ok) return put
    steps.push({ path, result: put.value })
  }
  return accepted(steps)
}

async function replace(
  publisher: Publisher,
  path: string,
  bytes: Uint8Array,
  before: string | null,
  signal: AbortSignal,
): Promise<Outcome<'present' | 'replaced'>> {
  if (before === sha256(bytes)) return accepted('present')
  const put = await publisher.putPointer(path, bytes, before, signal)
  return put.ok ? accepted('replaced') : put
}

/**
 * Every object of a release by its path, in the order of publishing: each file, and before it its packed form where the manifest signs one.
 * Faults: `PUBLISH_PACKING` and those of the manifest.
 */
export function publishedObjects(
  files: ReleaseMembers,
  label: string,
): Outcome<readonly (readonly [path: string, bytes: Uint8Array])[]> {
  const packings = signedPackings(files)
  if (!packings.ok) return packings
  const objects: (readonly [string, Uint8Array])[] = []
  for (const [name, bytes] of inOrder(files)) {
    const path = publishedPath(name, label)
    const packing = packings.value.get(name)
    if (packing !== undefined) {
      const small = packed(bytes)
      if (small?.packing.storedSha256 !== packing.storedSha256) {
        return refused('PUBLISH_PACKING', 'is packed otherwise here than where it was signed', {
          place: name,
          fix: 'publish with the Ratchet that built the release, or build it again',
        })
      }
      objects.push([packedPath(path, packing.encoding), small.bytes])
    }
    objects.push([path, bytes])
  }
  return accepted(objects)
}

function signedPackings(files: ReleaseMembers): Outcome<ReadonlyMap<string, Packing>> {
  const bytes = files.get('manifest.json')
  if (bytes === undefined) return accepted(new Map())
  const manifest = readManifest(bytes)
  if (!manifest.ok) return manifest
  const packings = manifest.value.members.map(member => [member.name, packingOf(member)] as const)
  return accepted(new Map(packings.flatMap(([name, packing]) => (packing === undefined ? [] : [[name, packing]]))))
}

/** Models first, then the documents that name them. */
function inOrder(files: ReleaseMembers): readonly (readonly [string, Uint8Array])[] {
  const entries = [...files]
  const isModel = ([name]: readonly [string, Uint8Array]) => modelRole(name) !== undefined
  return [...entries.filter(isModel), ...entries.filter(entry => !isModel(entry))]
}

async function digestAt(
  publisher: Publisher,
  path: string,
  limit: number,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const bytes = await publisher.read(path, limit, signal)
    return bytes === undefined ? null : sha256(bytes)
  } catch (cause) {
    // Something too large is something else; it is compared as such and replaced or refused by the publisher.
    if (cause instanceof Fault && cause.code === 'FILE_TOO_LARGE') return 'too large'
    throw cause
  }
}
