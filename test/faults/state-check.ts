// The question every fault test ends with: is what CURRENT names whole? Every byte is hashed again, with nothing of the installer.

import { createHash } from 'node:crypto'
import type { DiskImage } from '../../src/serving/fixtures/memory-disk.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export type StateVerdict =
  | { readonly kind: 'none' }
  /** CURRENT is there and not readable as JSON: a boot goes by the history. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'whole'; readonly digest: string }
  | { readonly kind: 'corrupt'; readonly digest: string; readonly what: string }

/** @param image files by path, under the root `bot` */
export function checkImage(image: DiskImage, root = 'bot'): StateVerdict {
  const current = image.get(`${root}/state/CURRENT`)
  if (current === undefined) return { kind: 'none' }
  let digest: string | null
  try {
    digest = (JSON.parse(Buffer.from(current ?? []).toString()) as { digest: string | null }).digest
  } catch {
    return { kind: 'unreadable' }
  }
  if (digest === null) return { kind: 'none' }
  const blob = (name: string): Uint8Array | undefined =>
    image.get(`${root}/store/cas/${name.slice(0, 2)}/${name}`) ?? undefined
  const manifest = blob(digest)
  if (manifest === undefined) return { kind: 'corrupt', digest, what: 'the manifest is missing' }
  if (sha256(manifest) !== digest) return { kind: 'corrupt', digest, what: 'the manifest has other bytes' }
  const { members } = JSON.parse(Buffer.from(manifest).toString()) as { members: { name: string; sha256: string }[] }
  for (const member of members) {
    const bytes = blob(member.sha256)
    if (bytes === undefined) return { kind: 'corrupt', digest, what: `${member.name} is missing` }
    if (sha256(bytes) !== member.sha256) return { kind: 'corrupt', digest, what: `${member.name} has other bytes` }
  }
  if (image.get(`${root}/store/envelopes/${digest}.json`) === undefined) {
    return { kind: 'corrupt', digest, what: 'the envelope is missing' }
  }
  return { kind: 'whole', digest }
}
