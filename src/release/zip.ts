// A zip archive that may be anything: read whole or refused whole, so that no two readers can see different things in it (REL-48).
// Names are labels; what an entry is, says its content.

import { Fault, type Outcome } from '../base/fault.ts'
import { ARCHIVE_ENTRIES_CAP, ARCHIVE_NAME_CAP, ARCHIVE_RATIO_CAP, FILE_CAP, RELEASE_CAP } from './limits.ts'
import { fieldsOf, type ZipBytes } from './zip-bytes.ts'
import type { ZipEntry } from './zip-content.ts'
import { checkDistinct } from './zip-names.ts'
import {
  CENTRAL_SIZE,
  type CentralRecord,
  centralRecord,
  descriptorOf,
  END,
  END_SIZE,
  endRecord,
  hasDescriptor,
  LOCAL_SIZE,
  localRecord,
  localTail,
} from './zip-records.ts'

export type ZipOptions = {
  /** Most bytes of the archive, and of all its contents together. */
  readonly totalCap?: number
  /** Most bytes of one content. */
  readonly fileCap?: number
}

const EXTRA_CAP = 1024
/** No honest directory of the allowed number of entries is larger. */
const DIRECTORY_CAP = ARCHIVE_ENTRIES_CAP * (CENTRAL_SIZE + ARCHIVE_NAME_CAP + EXTRA_CAP)
/** An end record may have a comment of 64 KiB behind it. */
const TAIL = END_SIZE + 0xffff
const FIRST_BYTES = [0x50, 0x4b] as const

/**
 * The files of an archive, in the order of their contents; folders are left out. Everything but the contents was checked: they are
 * read with `entryContent`.
 *
 * Refusals: `ARCHIVE_MAGIC` (no zip), `ARCHIVE_END` (none or two end records, cut off), `ARCHIVE_HEADER` (two headers of one entry
 * differ, or a record that cannot be), `ARCHIVE_EXTRA_DATA` (bytes before, between or after), `ARCHIVE_OVERLAP`, `ARCHIVE_NAME`,
 * `ARCHIVE_DUPLICATE`, `ARCHIVE_SPECIAL_FILE`, `ARCHIVE_ENTRIES`, `ARCHIVE_SIZE`, `ARCHIVE_RATIO`, `ARCHIVE_ENCRYPTED`,
 * `ARCHIVE_METHOD`, `ARCHIVE_ZIP64`, `ARCHIVE_EXTRA_FIELD`, and those of reading.
 *
 * @example
 * const entries = unwrap(await zipEntries(bytesInMemory(bytes)))
 * for await (const chunk of entryContent(bytesInMemory(bytes), entries[0]!)) hash.update(chunk)
 */
export async function zipEntries(
  bytes: ZipBytes,
  { totalCap = RELEASE_CAP, fileCap = FILE_CAP }: ZipOptions = {},
): Promise<Outcome<readonly ZipEntry[]>> {
  try {
    if (bytes.size > totalCap) throw new Fault('ARCHIVE_SIZE', `has ${bytes.size} bytes, at most ${totalCap} are read`)
    const central = await directory(bytes)
    checkDistinct(central.records.map(({ name }) => name))
    checkSizes(central.records, totalCap, fileCap)
    return { ok: true, value: await located(bytes, central) }
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

type Directory = { readonly records: readonly CentralRecord[]; readonly offset: number }

/** The central directory, which must end where the one end record begins, which must end the file. */
async function directory(bytes: ZipBytes): Promise<Directory> {
  const first = await bytes.read(0, Math.min(FIRST_BYTES.length, bytes.size))
  if (FIRST_BYTES.some((byte, at) => first[at] !== byte)) {
    throw new Fault('ARCHIVE_MAGIC', 'is no zip archive', { fix: 'pack it as zip; tar and others are not read' })
  }
  const endsAt = await endOffset(bytes)
  const { entries, directorySize, directoryOffset } = endRecord(await bytes.read(endsAt, END_SIZE))
  if (entries > ARCHIVE_ENTRIES_CAP || directorySize > DIRECTORY_CAP) {
    throw new Fault(
      'ARCHIVE_ENTRIES',
      `lists ${entries} entries in ${directorySize} bytes; at most ${ARCHIVE_ENTRIES_CAP} are read`,
    )
  }
  if (directoryOffset + directorySize !== endsAt) {
    throw new Fault('ARCHIVE_EXTRA_DATA', 'its directory does not end where its end record begins')
  }
  const fields = fieldsOf(await bytes.read(directoryOffset, directorySize), 'directory')
  const records = Array.from({ length: entries }, (_, index) => centralRecord(fields, `entry ${index + 1}`))
  if (fields.left > 0)
    throw new Fault('ARCHIVE_ENTRIES', `its directory holds more than the ${entries} entries it counts`)
  const behind = records.find(({ offset }) => offset + LOCAL_SIZE > directoryOffset)
  if (behind !== undefined) throw new Fault('ARCHIVE_OVERLAP', 'begins within the directory', { place: behind.name })
  return { records, offset: directoryOffset }
}

async function endOffset(bytes: ZipBytes): Promise<number> {
  const length = Math.min(TAIL, bytes.size)
  const start = bytes.size - length
  const tail = await bytes.read(start, length)
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length)
  const found: number[] = []
  // An end record is one whose comment reaches exactly to the end of the file.
  for (let at = length - END_SIZE; at >= 0; at--) {
    if (view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) === length) found.push(at)
  }
  const [last] = found
  if (last === undefined)
    throw new Fault('ARCHIVE_END', 'has no end record: cut off, or no zip', { fix: 'fetch it again' })
  if (found.length > 1) throw new Fault('ARCHIVE_END', `has ${found.length} end records`)
  if (last + END_SIZE !== length) throw new Fault('ARCHIVE_EXTRA_DATA', 'has a comment behind its end record')
  return start + last
}

function checkSizes(records: readonly CentralRecord[], totalCap: number, fileCap: number): void {
  let total = 0
  for (const { name: place, size, packedSize } of records) {
    if (size > fileCap)
      throw new Fault('ARCHIVE_SIZE', `declares ${size} bytes, at most ${fileCap} are read`, { place })
    if (size > ARCHIVE_RATIO_CAP * packedSize) {
      throw new Fault('ARCHIVE_RATIO', `declares ${size} bytes packed into ${packedSize}`, { place })
    }
    total += size
  }
  if (total > totalCap) throw new Fault('ARCHIVE_SIZE', `declares ${total} bytes in all, at most ${totalCap} are read`)
}

/** Every header, content and trailing record lies directly behind the one before, from the first byte to the directory. */
async function located(bytes: ZipBytes, { records, offset: directoryAt }: Directory): Promise<readonly ZipEntry[]> {
  const inOrder = [...records].sort((a, b) => a.offset - b.offset)
  const entries: ZipEntry[] = []
  let at = 0
  for (const [index, record] of inOrder.entries()) {
    const { name: place, offset, packedSize } = record
    if (offset < at) throw new Fault('ARCHIVE_OVERLAP', 'shares bytes with another entry', { place })
    if (offset > at)
      throw new Fault('ARCHIVE_EXTRA_DATA', `${offset - at} bytes before it belong to no entry`, { place })
    const fixed = await bytes.read(offset, LOCAL_SIZE)
    const length = LOCAL_SIZE + localTail(fixed, place)
    const next = inOrder[index + 1]?.offset ?? directoryAt
    const contentOffset = offset + length
    const contentEnd = contentOffset + packedSize
    if (contentEnd > next) throw new Fault('ARCHIVE_OVERLAP', 'reaches into what follows it', { place })
    checkLocal(await bytes.read(offset, length), record)
    if (hasDescriptor(record)) {
      const trailing = next - contentEnd
      if (trailing !== 12 && trailing !== 16)
        throw new Fault('ARCHIVE_EXTRA_DATA', `${trailing} bytes follow its content`, { place })
      const said = descriptorOf(await bytes.read(contentEnd, trailing), place)
      checkSame(said, record, ['crc32', 'packedSize', 'size'])
      at = next
    } else at = contentEnd
    if (!record.directory) entries.push({ ...record, contentOffset })
  }
  if (at !== directoryAt)
    throw new Fault('ARCHIVE_EXTRA_DATA', `${directoryAt - at} bytes before the directory belong to no entry`)
  return entries
}

type Facts = Omit<CentralRecord, 'directory' | 'offset'>

function checkSame(found: Partial<Facts>, record: Facts, names: readonly (keyof Facts)[]): void {
  const other = names.find(name => found[name] !== record[name])
  if (other === undefined) return
  throw new Fault('ARCHIVE_HEADER', `${other} differs between its two headers`, { place: record.name })
}

function checkLocal(header: Uint8Array, record: CentralRecord): void {
  const local = localRecord(header, record.name)
  checkSame(local, record, ['version', 'flags', 'method', 'moment', 'name'])
  const sizes = ['crc32', 'packedSize', 'size'] as const
  // Writers that do not know them yet leave them zero; some fill them in all the same.
  if (hasDescriptor(record) && sizes.every(name => local[name] === 0)) return
  checkSame(local, record, sizes)
}
