// The content of one entry, unpacked while it is read: never more than was declared, and never without its checksum.

import { pipeline } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { Fault } from '../base/fault.ts'
import type { ZipBytes } from './zip-bytes.ts'
import type { CentralRecord } from './zip-records.ts'

const CHUNK = 64 * 1024

/** An entry whose headers agree. */
export type ZipEntry = Pick<CentralRecord, 'name' | 'size' | 'packedSize' | 'crc32' | 'method'> & {
  /** Where its packed content begins. */
  readonly contentOffset: number
}

/**
 * Its bytes, in order. The consumer must not use them before the end was reached: only then the checksum is known.
 * Faults: `ARCHIVE_SIZE` at the first byte too many, `ARCHIVE_CRC`, `ARCHIVE_DATA` for bytes that cannot be unpacked,
 * `ARCHIVE_EXTRA_DATA`, `ARCHIVE_NESTED` for an archive within the archive, and those of reading.
 */
export async function* entryContent(bytes: ZipBytes, entry: ZipEntry): AsyncGenerator<Uint8Array, void, void> {
  const { name: place, size, crc32: wanted } = entry
  let length = 0
  let sum = 0
  let head = new Uint8Array()
  for await (const chunk of entry.method === 'store' ? packed(bytes, entry) : inflated(bytes, entry)) {
    length += chunk.length
    if (length > size) throw new Fault('ARCHIVE_SIZE', `unpacks to more than the ${size} bytes it declares`, { place })
    sum = crc32(chunk, sum)
    if (head.length < HEAD) {
      head = new Uint8Array(Buffer.concat([head, chunk.subarray(0, HEAD - head.length)]))
      if (head.length === HEAD) checkNested(head, place)
    }
    yield chunk
  }
  checkNested(head, place)
  if (length !== size) throw new Fault('ARCHIVE_SIZE', `unpacks to ${length} bytes and declares ${size}`, { place })
  if (sum !== wanted) throw new Fault('ARCHIVE_CRC', 'has another checksum than it declares', { place })
}

async function* packed(bytes: ZipBytes, { contentOffset, packedSize }: ZipEntry): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < packedSize; at += CHUNK) {
    yield await bytes.read(contentOffset + at, Math.min(CHUNK, packedSize - at))
  }
}

async function* inflated(bytes: ZipBytes, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const { name: place, packedSize } = entry
  const inflate = createInflateRaw({ chunkSize: CHUNK })
  // A failure of either side comes out of the loop below; the callback only closes both.
  pipeline(packed(bytes, entry), inflate, () => {})
  try {
    for await (const chunk of inflate as AsyncIterable<Uint8Array>) yield chunk
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('ARCHIVE_DATA', 'cannot be unpacked', { place, cause })
  }
  // What stands behind the end of the stream, within the entry, is data that another reader may find.
  const behind = packedSize - inflate.bytesWritten
  if (behind !== 0) throw new Fault('ARCHIVE_EXTRA_DATA', `holds ${behind} bytes behind its content`, { place })
}

/** First bytes of what holds files or unpacks to more: zip, gzip, xz, 7z, rar, zstd, bzip2, and tar at its 257th byte. */
const ARCHIVES: readonly (readonly [at: number, magic: string])[] = [
  [0, 'PK\x03\x04'],
  [0, 'PK\x05\x06'],
  [0, 'PK\x07\x08'],
  [0, '\x1f\x8b'],
  [0, '\xfd7zXZ\x00'],
  [0, '7z\xbc\xaf\x27\x1c'],
  [0, 'Rar!\x1a\x07'],
  [0, '\x28\xb5\x2f\xfd'],
  [0, 'BZh'],
  [257, 'ustar'],
]
const HEAD = 262

function checkNested(head: Uint8Array, place: string): void {
  const text = Buffer.from(head).toString('latin1')
  if (ARCHIVES.every(([at, magic]) => !text.startsWith(magic, at))) return
  throw new Fault('ARCHIVE_NESTED', 'is an archive itself', { place, fix: 'pack its files directly' })
}
