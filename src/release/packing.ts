// Members as they travel where packing saves a tenth: what is signed says how large they are either way and what both hash to (REL-47).

import { constants, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { Packing, ReleaseMember } from './release.ts'

/** Packed bytes must not be more than this share of the plain ones. */
const WORTH = 0.9
const LEVEL = 9
/** Room that unpacking may ask for, as a power of two: the largest file is 32 MiB. */
const WINDOW_LOG = 25

export type PackedMember = { readonly packing: Packing; readonly bytes: Uint8Array }

/**
 * The same bytes give the same packed bytes, on any machine with the same Node.
 *
 * @returns undefined where packing does not save a tenth
 */
export function packed(bytes: Uint8Array): PackedMember | undefined {
  const small = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } })
  if (small.length > bytes.length * WORTH) return undefined
  return { packing: { encoding: 'zstd', storedSize: small.length, storedSha256: sha256(small) }, bytes: small }
}

/** The packing of a member that is stored packed. */
export function packingOf({ encoding, storedSize, storedSha256 }: ReleaseMember): Packing | undefined {
  if (encoding === undefined || storedSize === undefined || storedSha256 === undefined) return undefined
  return { encoding, storedSize, storedSha256 }
}

const UNPACK: Readonly<Record<Packing['encoding'], (bytes: Uint8Array, maxOutputLength: number) => Buffer>> = {
  gzip: (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
  zstd: (bytes, maxOutputLength) =>
    zstdDecompressSync(bytes, { maxOutputLength, params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG } }),
}

/**
 * Checks the bytes as they came, then unpacks them, never beyond the signed size; what comes out is checked by whoever asked for it.
 * Faults: `MEMBER_SIZE`, `MEMBER_HASH`, `MEMBER_PACKING`.
 */
export function unpacked(
  stored: Uint8Array,
  { name, size }: ReleaseMember,
  { encoding, storedSize, storedSha256 }: Packing,
): Outcome<Uint8Array> {
  if (stored.length !== storedSize) {
    return refused('MEMBER_SIZE', `has ${stored.length} bytes packed, ${storedSize} were signed`, { place: name })
  }
  const found = sha256(stored)
  if (found !== storedSha256) {
    return refused('MEMBER_HASH', `has sha256 ${found} packed, ${storedSha256} was signed`, {
      place: name,
      fix: 'fetch the release again; if it stays so, treat it as forged',
    })
  }
  try {
    return accepted(Uint8Array.from(UNPACK[encoding](stored, size)))
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    if ('code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      return refused('MEMBER_SIZE', `unpacks to more than ${size} bytes, which were signed`, { place: name })
    }
    return refused('MEMBER_PACKING', `cannot be unpacked as ${encoding}`, { place: name, cause })
  }
}
