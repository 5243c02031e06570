// Damage to bytes that knows nothing of their meaning: what disks, networks and careless attackers do.

import type { Rng } from '../../src/base/rng.ts'

export const pick = <T>(rng: Rng, items: readonly T[]): T => items[rng.int(items.length)]!
export const chance = (rng: Rng, share: number): boolean => rng.next() < share

const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x22, 0x5c, 0x7b, 0x30]
const EDGES_32 = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0xffff, 0x10000]

type Damage = (bytes: Uint8Array, rng: Rng) => Uint8Array

const at = (bytes: Uint8Array, rng: Rng): number => rng.int(Math.max(1, bytes.length))
const stretch = (bytes: Uint8Array, rng: Rng): readonly [number, number] => {
  const from = at(bytes, rng)
  return [from, Math.min(bytes.length, from + 1 + rng.int(chance(rng, 0.2) ? 200 : 12))]
}
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

const DAMAGES: readonly Damage[] = [
  (bytes, rng) => {
    bytes[at(bytes, rng)]! ^= 1 << rng.int(8)
    return bytes
  },
  (bytes, rng) => {
    bytes[at(bytes, rng)] = chance(rng, 0.5) ? pick(rng, EDGES) : rng.int(256)
    return bytes
  },
  (bytes, rng) => {
    bytes[at(bytes, rng)]! += chance(rng, 0.5) ? 1 : 255
    return bytes
  },
  (bytes, rng) => {
    if (bytes.length < 4) return bytes
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(rng.int(bytes.length - 3), pick(rng, EDGES_32), true)
    return bytes
  },
  (bytes, rng) => {
    const [from, to] = stretch(bytes, rng)
    return join(bytes.subarray(0, from), bytes.subarray(to))
  },
  (bytes, rng) => {
    const [from, to] = stretch(bytes, rng)
    return join(bytes.subarray(0, to), bytes.subarray(from))
  },
  (bytes, rng) => {
    const [from, to] = stretch(bytes, rng)
    const there = at(bytes, rng)
    return join(bytes.subarray(0, there), bytes.subarray(from, to), bytes.subarray(there))
  },
  (bytes, rng) => {
    const there = at(bytes, rng)
    const noise = Uint8Array.from({ length: 1 + rng.int(8) }, () => rng.int(256))
    return join(bytes.subarray(0, there), noise, bytes.subarray(there))
  },
  (bytes, rng) => bytes.slice(0, at(bytes, rng)),
]

/** A damaged copy: one to four wounds. */
export function damaged(bytes: Uint8Array, rng: Rng): Uint8Array {
  let changed = Uint8Array.from(bytes)
  for (let wounds = 1 + rng.int(4); wounds > 0; wounds--) changed = Uint8Array.from(pick(rng, DAMAGES)(changed, rng))
  return changed
}
