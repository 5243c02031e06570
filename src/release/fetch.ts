// From a source to a reader of one release: the pointer says which, and nothing but hints is believed on the way (REL-40).

import type { Clock } from '../base/clock.ts'
import { accepted, Fault, type Outcome, unwrap } from '../base/fault.ts'
import { CURRENT_PATH, packedPath, pointerMacPath, publishedPath, UNLISTED } from './layout.ts'
import { memberCap, POINTER_FILE_CAP } from './limits.ts'
import { packingOf, unpacked } from './packing.ts'
import { openPointerFor } from './pointer.ts'
import type { VerifyPolicy } from './policy.ts'
import type { ReleaseReader } from './reader.ts'
import { isMacName } from './side-macs.ts'
import type { ReleaseCandidate, ReleaseSource } from './source.ts'
import { utcMs } from './utc.ts'

/**
 * One whole object; reading stops one byte after the limit (REL-46). Faults: `FILE_TOO_LARGE` and those of the source.
 */
export async function readObject(
  source: ReleaseSource,
  path: string,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of source.open({ path }, { offset: 0, limit: limit + 1, whole: true }, signal)) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) throw new Fault('FILE_TOO_LARGE', `is larger than ${limit} bytes`, { place: path })
  }
  return Uint8Array.from(Buffer.concat(chunks, length))
}

/**
 * A reader of the release behind a candidate. A tree's pointer is checked for its signatures here, because it decides
 * what is read; whether it is fresh and for this bot, `verifyRelease` says. Faults: those of `openPointer`.
 */
export async function candidateReader(
  source: ReleaseSource,
  candidate: ReleaseCandidate,
  policy: VerifyPolicy,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome<ReleaseReader>> {
  if (candidate.layout === 'directory') {
    const { root, files } = candidate
    return accepted({
      list: () => Promise.resolve(files),
      read: async (name, limit) => readObject(source, under(root, checkedName(name)), limit, signal),
    })
  }
  const pointerBytes = await readObject(source, candidate.pointer.path, POINTER_FILE_CAP, signal)
  const pointer = await openPointerFor(pointerBytes, policy, clock.now(), (keyid, limit) =>
    readObject(source, under(candidate.root, pointerMacPath(keyid)), limit, signal),
  )
  if (!pointer.ok) return pointer
  const { pointer: found, envelopeBytes } = pointer.value
  const { label } = found
  return accepted({
    parallel: source.parallel,
    signedAt: utcMs(found.issuedAt),
    // Other releases lie in the same folders, so a listing would tell nothing of this one.
    list: () => Promise.resolve(undefined),
    // The pointer that was opened is the one that is verified, though a newer one may be there by now.
    async read(name, limit, member) {
      if (name === 'pointer.json') return envelopeBytes
      const path = under(candidate.root, publishedPath(checkedName(name), label))
      const packing = member && packingOf(member)
      if (member === undefined || packing === undefined) return readObject(source, path, limit, signal)
      const stored = await readObject(source, packedPath(path, packing.encoding), packing.storedSize, signal)
      return unwrap(unpacked(stored, member, packing))
    },
    channelCurrent: limit => ifThere(readObject(source, under(candidate.root, CURRENT_PATH), limit, signal)),
  })
}

/** Our bots go by the pointer; a tree without the plain manifest is only of no use to others. */
const ifThere = (bytes: Promise<Uint8Array>): Promise<Uint8Array | undefined> =>
  bytes.catch((cause: unknown) => {
    if (cause instanceof Fault && cause.code === 'FILE_MISSING') return undefined
    throw cause
  })

const under = (root: string, path: string): string => (root === '' ? path : `${root}/${path}`)

function checkedName(name: string): string {
  if ((UNLISTED as readonly string[]).includes(name) || isMacName(name) || memberCap(name) !== undefined) return name
  throw new Fault('FILE_MISSING', 'no release holds such a file', { place: name })
}
