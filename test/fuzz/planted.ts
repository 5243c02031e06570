// Readers with a bug each, to prove that the harness sees what it is there for.

import { inflateRawSync } from 'node:zlib'
import { parseStrictJson } from '../../src/release/strict-json.ts'
import { zipEntries } from '../../src/release/zip.ts'
import { bytesInMemory } from '../../src/release/zip-bytes.ts'
import { archiveInput } from './archive-target.ts'
import { json } from './json-target.ts'
import { secondReading } from './second-json.ts'
import { agree, type FuzzTarget } from './target.ts'

const has = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text)

/** Dies as native code dies: without a word and past every catch. */
const crash: FuzzTarget = rng => {
  const { bytes } = json(rng)
  return {
    bytes,
    read() {
      if (has(bytes, '\\ud83d"')) process.kill(process.pid, 'SIGSEGV')
      return false
    },
  }
}

/** Does not move on at a character that it does not know. */
const hang: FuzzTarget = rng => {
  const { bytes } = json(rng)
  return {
    bytes,
    read() {
      for (let at = 0; at < bytes.length; ) if (bytes[at] !== 0x0b) at++
      return false
    },
  }
}

/** Makes room for what an archive says of itself. */
const memory: FuzzTarget = rng => {
  const { bytes } = archiveInput(rng, () => Promise.resolve(undefined))
  const held: Buffer[] = []
  return {
    bytes,
    read() {
      const view = new DataView(bytes.buffer, bytes.byteOffset)
      const declared = bytes.length > 26 ? view.getUint32(22, true) : 0
      const room = Math.min(declared, 0x7fffffff)
      for (let left = room; left > 0; left -= 2 ** 26) held.push(Buffer.alloc(Math.min(left, 2 ** 26), 1))
      // Long enough to be seen: what is freed at once harms nobody.
      if (room > 2 ** 29) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000)
      return false
    },
  }
}

/** Everything right but the checksum, which it does not look at. */
const checksum: FuzzTarget = rng =>
  archiveInput(rng, async bytes => {
    const entries = await zipEntries(bytesInMemory(bytes), { totalCap: 1_000_000 })
    if (!entries.ok) return undefined
    try {
      return new Map(
        entries.value.map(({ name, method, contentOffset, packedSize }) => {
          const packed = Buffer.from(bytes.subarray(contentOffset, contentOffset + packedSize))
          return [name, method === 'store' ? packed : inflateRawSync(packed)]
        }),
      )
    } catch {
      // Undefined is its refusal.
      return undefined
    }
  })

/** Reads numbers as most parsers do, and loses digits. */
const rounding: FuzzTarget = rng => {
  const { bytes } = json(rng)
  return {
    bytes,
    read() {
      const text = Buffer.from(bytes).toString()
      const outcome = parseStrictJson(bytes)
      if (outcome.ok) agree('document', secondReading(JSON.stringify(JSON.parse(text))), secondReading(text))
      return outcome.ok
    },
  }
}

export const targets: Readonly<Record<string, FuzzTarget>> = { crash, hang, memory, checksum, rounding }
