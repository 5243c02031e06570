// Publishes a verified-by-reading-back release in the one order that never shows readers a mixture (REL-30).

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { CURRENT_PATH, POINTER_PATH, publishedPath } from './layout.ts'
import { CURRENT_CAP, modelRole, POINTER_FILE_CAP } from './limits.ts'
import type { Publisher } from './publisher.ts'
import type { ReleaseMembers } from './release.ts'

export type PublishOptions = {
  readonly publisher: Publisher
  /** All files of the release directory by name. */
  readonly files: ReleaseMembers
  readonly label: string
  /** A sealed pointer to this release, fresh (`sealPointer`). */
  readonly pointerBytes: Uint8Array
  readonly signal: AbortSignal
}

export type PublishStep = { readonly path: string; readonly result: 'written' | 'present' | 'replaced' }

/**
 * Blobs, documents, read-back of all, `current.json`, `pointer.json`: each durable before the next. Killed anywhere,
 * readers see the old release; running it again finishes it. Faults: `BLOB_CONFLICT`, `POINTER_CONFLICT` (another
 * publisher was faster: read its release, build the next version on it), `PUBLISH_READBACK`, and those of the publisher.
 *
 * @returns what happened to each path, in order
 */
export async function publishRelease(options: PublishOptions): Promise<Outcome<readonly PublishStep[]>> {
  const { publisher, label, files, pointerBytes, signal } = options
  const steps: PublishStep[] = []
  // What is current is looked at before anything is written: whoever changes it meanwhile wins the race.
  const seen = { current: await digestAt(publisher, CURRENT_PATH, CURRENT_CAP, signal) }
  const seenPointer = await digestAt(publisher, POINTER_PATH, POINTER_FILE_CAP, signal)
  for (const [name, bytes] of inOrder(files)) {
    const path = publishedPath(name, label)
    const put = await publisher.putBlob(path, bytes, signal)
    if (!put.ok) return put
    steps.push({ path, result: put.value })
  }
  for (const [name, bytes] of files) {
    const path = publishedPath(name, label)
    if ((await digestAt(publisher, path, bytes.length, signal)) !== sha256(bytes)) {
      return refused('PUBLISH_READBACK', 'reads back otherwise than it was written', { place: path })
    }
  }
  const currentBytes = files.get('current.json')
  if (currentBytes === undefined)
    return refused('RELEASE_MISSING_FILE', 'nothing to publish', { place: 'current.json' })
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
): Promise<Outcome<PublishStep>> {
  const before = await digestAt(publisher, POINTER_PATH, POINTER_FILE_CAP, signal)
  const replaced = await replace(publisher, POINTER_PATH, pointerBytes, before, signal)
  return replaced.ok ? accepted({ path: POINTER_PATH, result: replaced.value }) : replaced
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
