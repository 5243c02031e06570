// The question every fault test ends with: is what CURRENT names whole, and the way back from it? Every byte is hashed again, with
// nothing of the installer.

import { createHash } from 'node:crypto'
import type { DiskImage } from '../../src/serving/fixtures/memory-disk.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export type StateVerdict =
  | { readonly kind: 'none' }
  /** CURRENT is there and not readable as JSON: a boot goes by the history. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'whole'; readonly digest: string }
  | { readonly kind: 'corrupt'; readonly digest: string; readonly what: string }

/** What is wrong with a release that should be whole in the store; undefined: nothing. */
function damageOf(image: DiskImage, root: string, digest: string): string | undefined {
  const blob = (name: string): Uint8Array | undefined =>
    image.get(`${root}/store/cas/${name.slice(0, 2)}/${name}`) ?? undefined
  const manifest = blob(digest)
  if (manifest === undefined) return 'the manifest is missing'
  if (sha256(manifest) !== digest) return 'the manifest has other bytes'
  const { members } = JSON.parse(Buffer.from(manifest).toString()) as { members: { name: string; sha256: string }[] }
  for (const member of members) {
    const bytes = blob(member.sha256)
    if (bytes === undefined) return `${member.name} is missing`
    if (sha256(bytes) !== member.sha256) return `${member.name} has other bytes`
  }
  return image.has(`${root}/store/envelopes/${digest}.json`) ? undefined : 'the envelope is missing'
}

/** @param image files by path, under the root `bot` */
export function checkImage(image: DiskImage, root = 'bot'): StateVerdict {
  const current = image.get(`${root}/state/CURRENT`)
  if (current === undefined) return { kind: 'none' }
  let named: { readonly digest: string | null; readonly prevDigest: string | null }
  try {
    named = JSON.parse(Buffer.from(current ?? []).toString()) as typeof named
  } catch {
    return { kind: 'unreadable' }
  }
  const { digest, prevDigest } = named
  if (digest === null) return { kind: 'none' }
  const what = damageOf(image, root, digest)
  if (what !== undefined) return { kind: 'corrupt', digest, what }
  const back = prevDigest === null ? undefined : damageOf(image, root, prevDigest)
  return back === undefined ? { kind: 'whole', digest } : { kind: 'corrupt', digest, what: `the way back: ${back}` }
}
