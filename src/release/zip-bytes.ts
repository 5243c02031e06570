// Where the bytes of an archive are read from: any stretch of them, as often as wanted.

import { Fault } from '../base/fault.ts'

export interface ZipBytes {
  readonly size: number
  /** Exactly `length` bytes. Faults: those of the place they come from. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** An archive that is in memory. */
export function bytesInMemory(bytes: Uint8Array): ZipBytes {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  }
}

/** Little-endian fields of a record, read one after the other. */
export type Fields = {
  u16(): number
  u32(): number
  bytes(length: number): Uint8Array
  readonly at: number
  readonly left: number
}

/** Reading past the end is `ARCHIVE_HEADER`: the record says more of itself than there is. */
export function fieldsOf(bytes: Uint8Array, place: string, start = 0): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = start
  const take = (length: number): number => {
    if (at + length > bytes.length) throw new Fault('ARCHIVE_HEADER', 'a record is cut off', { place })
    const from = at
    at += length
    return from
  }
  return {
    u16: () => view.getUint16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    bytes: length => {
      const from = take(length)
      return bytes.subarray(from, from + length)
    },
    get at() {
      return at
    },
    get left() {
      return bytes.length - at
    },
  }
}
