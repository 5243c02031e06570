// The records of a zip file (APPNOTE 6.3.10, section 4.3) as plain data; each says what it is or is refused.

import { Fault } from '../base/fault.ts'
import { type Fields, fieldsOf } from './zip-bytes.ts'
import { entryName } from './zip-names.ts'

export const LOCAL_SIZE = 30
export const CENTRAL_SIZE = 46
export const END_SIZE = 22

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
export const END = 0x06054b50
const DESCRIPTOR = 0x08074b50

/** What the header before the content and the one in the directory must say alike. */
export type ZipFacts = {
  readonly version: number
  readonly flags: number
  readonly method: 'store' | 'deflate'
  /** DOS date and time; shown by nobody, but two headers of one entry agree. */
  readonly moment: number
  readonly crc32: number
  readonly packedSize: number
  readonly size: number
  readonly name: string
}

export type CentralRecord = ZipFacts & {
  readonly directory: boolean
  /** Where its local header begins. */
  readonly offset: number
}

/** Sizes and checksum of a local header are zero where they follow the content. */
export type LocalRecord = ZipFacts & { readonly length: number }

export type EndRecord = {
  readonly entries: number
  readonly directorySize: number
  readonly directoryOffset: number
}

const FLAG = { encrypted: 0x2041, descriptor: 0x0008, known: 0x080e } as const
/** 2.0: folders and deflate. What needs more than that is made of things that are not accepted. */
const NEWEST = 20
const WIDE_16 = 0xffff
const WIDE_32 = 0xffffffff

export const hasDescriptor = ({ flags }: Pick<ZipFacts, 'flags'>): boolean => (flags & FLAG.descriptor) !== 0

const zip64 = (place: string) =>
  new Fault('ARCHIVE_ZIP64', 'uses the 64-bit form, which no archive of allowed size needs', { place })

function factsOf(fields: Fields, place: string): Omit<ZipFacts, 'name'> & { nameLength: number; extraLength: number } {
  const version = fields.u16()
  const flags = fields.u16()
  const method = fields.u16()
  if ((flags & FLAG.encrypted) !== 0) throw new Fault('ARCHIVE_ENCRYPTED', 'is encrypted', { place })
  if ((flags & ~FLAG.known) !== 0) {
    throw new Fault('ARCHIVE_METHOD', `sets flags 0x${(flags & ~FLAG.known).toString(16)}`, { place })
  }
  if (method !== 0 && method !== 8) {
    throw new Fault('ARCHIVE_METHOD', `is packed by method ${method}; store and deflate are accepted`, { place })
  }
  const moment = fields.u32()
  const crc32 = fields.u32()
  const packedSize = fields.u32()
  const size = fields.u32()
  if (packedSize === WIDE_32 || size === WIDE_32 || (version & 0xff) >= 45) throw zip64(place)
  if ((version & 0xff) > NEWEST)
    throw new Fault('ARCHIVE_METHOD', `needs version ${version & 0xff} of the format`, { place })
  const nameLength = fields.u16()
  const extraLength = fields.u16()
  return {
    version,
    flags,
    method: method === 0 ? 'store' : 'deflate',
    moment,
    crc32,
    packedSize,
    size,
    nameLength,
    extraLength,
  }
}

/** Extra fields that only hold times and owners, which nobody here reads. */
const HARMLESS: ReadonlySet<number> = new Set([0x000a, 0x5455, 0x5855, 0x7855, 0x7875])
const WIDE_FIELD = 0x0001

function checkExtra(extra: Uint8Array, place: string): void {
  const fields = fieldsOf(extra, place)
  while (fields.left > 0) {
    const id = fields.u16()
    fields.bytes(fields.u16())
    if (id === WIDE_FIELD) throw zip64(place)
    // A second name, a key or a link target would be one more thing that readers may disagree on.
    if (!HARMLESS.has(id))
      throw new Fault('ARCHIVE_EXTRA_FIELD', `holds the extra field 0x${id.toString(16).padStart(4, '0')}`, { place })
  }
}

const TYPE_MASK = 0o170000
const REGULAR = 0o100000
const FOLDER = 0o040000
const DOS_FOLDER = 0x10
/** Volume label, device and reparse point. */
const DOS_SPECIAL = 0x448

/** Permissions are ignored; what the entry is, is not. The upper half is read for every maker: some unpackers do. */
function isDirectory(attributes: number, name: string, place: string): boolean {
  const folder = name.endsWith('/')
  const type = (attributes >>> 16) & TYPE_MASK
  const special = (attributes & DOS_SPECIAL) !== 0 || (type !== 0 && type !== REGULAR && type !== FOLDER)
  if (special) throw new Fault('ARCHIVE_SPECIAL_FILE', 'is a link, a device or a pipe', { place })
  const said = [type === FOLDER, (attributes & DOS_FOLDER) !== 0]
  if (type === REGULAR && folder)
    throw new Fault('ARCHIVE_HEADER', 'is a file by its mode and a folder by its name', { place })
  if (said.includes(true) && !folder)
    throw new Fault('ARCHIVE_HEADER', 'is a folder by its mode and a file by its name', { place })
  return folder
}

/** The next record of the central directory. Faults: `ARCHIVE_…` */
export function centralRecord(fields: Fields, place: string): CentralRecord {
  if (fields.u32() !== CENTRAL) throw new Fault('ARCHIVE_HEADER', 'is no record of the directory', { place })
  fields.u16()
  const { nameLength, extraLength, ...facts } = factsOf(fields, place)
  const commentLength = fields.u16()
  const disk = fields.u16()
  fields.u16()
  const attributes = fields.u32()
  const offset = fields.u32()
  if (offset === WIDE_32 || disk === WIDE_16) throw zip64(place)
  if (disk !== 0) throw new Fault('ARCHIVE_HEADER', 'lies in another part of a split archive', { place })
  const name = entryName(fields.bytes(nameLength), facts.flags)
  checkExtra(fields.bytes(extraLength), name)
  if (commentLength !== 0) throw new Fault('ARCHIVE_EXTRA_DATA', 'has a comment', { place: name })
  // Even nothing takes two bytes when it is deflated.
  if (facts.method === 'deflate' && facts.packedSize === 0) {
    throw new Fault('ARCHIVE_HEADER', 'is deflated into nothing', { place: name })
  }
  const directory = isDirectory(attributes, name, name)
  if (directory && facts.size + facts.packedSize + facts.crc32 !== 0) {
    throw new Fault('ARCHIVE_HEADER', 'is a folder with content', { place: name })
  }
  if (facts.method === 'store' && hasDescriptor(facts)) {
    throw new Fault(
      'ARCHIVE_METHOD',
      'is stored as it is with its size behind it: who reads from the front finds no end',
      {
        place: name,
      },
    )
  }
  if (facts.method === 'store' && facts.size !== facts.packedSize) {
    throw new Fault('ARCHIVE_HEADER', 'is stored as it is and has two sizes', { place: name })
  }
  return { ...facts, name, directory, offset }
}

/** @param bytes from the signature on, at least as long as the header */
export function localRecord(bytes: Uint8Array, place: string): LocalRecord {
  const fields = fieldsOf(bytes, place)
  if (fields.u32() !== LOCAL) throw new Fault('ARCHIVE_HEADER', 'has no header before its content', { place })
  const { nameLength, extraLength, ...facts } = factsOf(fields, place)
  const name = entryName(fields.bytes(nameLength), facts.flags)
  checkExtra(fields.bytes(extraLength), place)
  return { ...facts, name, length: fields.at }
}

/** How many bytes of a local header follow its fixed part. */
export function localTail(bytes: Uint8Array, place: string): number {
  const fields = fieldsOf(bytes, place, 26)
  return fields.u16() + fields.u16()
}

export type Descriptor = Pick<ZipFacts, 'crc32' | 'packedSize' | 'size'>

/** The record after the content, with its signature or without, as its length says. */
export function descriptorOf(bytes: Uint8Array, place: string): Descriptor {
  const fields = fieldsOf(bytes, place)
  const signature = bytes.length === 16 ? fields.u32() : DESCRIPTOR
  const crc32 = fields.u32()
  // A checksum that looks like the signature would be taken for one by whoever reads from the front.
  if (signature !== DESCRIPTOR || (bytes.length === 12 && crc32 === DESCRIPTOR)) {
    throw new Fault('ARCHIVE_HEADER', 'has no clear record after its content', { place })
  }
  return { crc32, packedSize: fields.u32(), size: fields.u32() }
}

/** @param bytes the 22 bytes of the record, which ends the file */
export function endRecord(bytes: Uint8Array): EndRecord {
  const place = 'end record'
  const fields = fieldsOf(bytes, place, 4)
  const [disk, directoryDisk, here, entries] = [fields.u16(), fields.u16(), fields.u16(), fields.u16()]
  const [directorySize, directoryOffset] = [fields.u32(), fields.u32()]
  if ([disk, entries].includes(WIDE_16) || [directorySize, directoryOffset].includes(WIDE_32)) throw zip64(place)
  if (disk !== 0 || directoryDisk !== 0 || here !== entries) {
    throw new Fault('ARCHIVE_HEADER', 'is part of a split archive', { place })
  }
  return { entries, directorySize, directoryOffset }
}
