// Zip archives read a second and a third time, each in the way of a family of unpackers: by the directory at the end, and from the
// first byte on as a stream. Neither shares a line with the product's reader.

import { inflateRawSync } from 'node:zlib'

export type Contents = ReadonlyMap<string, Buffer>

/** CRC-32 bit by bit, as in ISO 3309. */
function checksum(bytes: Uint8Array): number {
  let register = 0xffffffff
  for (const byte of bytes) {
    register ^= byte
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ 0xedb88320 : register >>> 1
  }
  return (register ^ 0xffffffff) >>> 0
}

function unpacked(packed: Buffer, method: number, size: number, crc: number): Buffer {
  const content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, size) })
  if (content.length !== size) throw new Error(`has ${content.length} bytes and declares ${size}`)
  if (checksum(content) !== crc) throw new Error('has another checksum')
  return content
}

/** As most unpackers do: from the last end record to the directory, and from there to each content. */
export function readByDirectory(bytes: Uint8Array): Contents {
  const file = Buffer.from(bytes)
  let end = file.length - 22
  while (end >= 0 && file.readUInt32LE(end) !== 0x06054b50) end--
  const contents = new Map<string, Buffer>()
  let at = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    if (file.readUInt32LE(at) !== 0x02014b50) throw new Error('no record of a directory')
    const [method, crc] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 16)]
    const [packedSize, size] = [file.readUInt32LE(at + 20), file.readUInt32LE(at + 24)]
    const nameEnd = at + 46 + file.readUInt16LE(at + 28)
    const name = file.toString('utf8', at + 46, nameEnd)
    const local = file.readUInt32LE(at + 42)
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    contents.set(name, unpacked(file.subarray(start, start + packedSize), method, size, crc))
    at = nameEnd + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return contents
}

/** As a pipe is unpacked: header by header, without ever seeing the directory. */
export function readAsStream(bytes: Uint8Array): Contents {
  const file = Buffer.from(bytes)
  const contents = new Map<string, Buffer>()
  let at = 0
  while (file.readUInt32LE(at) === 0x04034b50) {
    const [flags, method] = [file.readUInt16LE(at + 6), file.readUInt16LE(at + 8)]
    const nameEnd = at + 30 + file.readUInt16LE(at + 26)
    const name = file.toString('utf8', at + 30, nameEnd)
    const start = nameEnd + file.readUInt16LE(at + 28)
    let [crc, packedSize, size] = [file.readUInt32LE(at + 14), file.readUInt32LE(at + 18), file.readUInt32LE(at + 22)]
    let next = start + packedSize
    if ((flags & 8) !== 0) {
      if (method === 8) {
        // The stream itself says where it ends; of what is stored, only the record behind it tells.
        packedSize = (
          inflateRawSync(file.subarray(start), { info: true }) as unknown as { engine: { bytesWritten: number } }
        ).engine.bytesWritten
      } else packedSize = storedLength(file, start)
      next = start + packedSize
      if (file.readUInt32LE(next) === 0x08074b50) next += 4
      ;[crc, size] = [file.readUInt32LE(next), file.readUInt32LE(next + 8)]
      next += 12
    }
    contents.set(name, unpacked(file.subarray(start, start + packedSize), method, size, crc))
    at = next
  }
  return contents
}

/** Up to where a record follows that holds the length and the checksum of just these bytes. */
function storedLength(file: Buffer, start: number): number {
  for (let end = start; end + 12 <= file.length; end++) {
    const record = file.readUInt32LE(end) === 0x08074b50 ? end + 4 : end
    if (record + 12 > file.length || file.readUInt32LE(record + 4) !== end - start) continue
    if (file.readUInt32LE(record) === checksum(file.subarray(start, end))) return end - start
  }
  throw new Error('a stored content that never ends')
}
