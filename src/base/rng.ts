// Seeded randomness: sfc32 (Doty-Humphrey, PractRand), split by label so that parts do not disturb each other.

import { createHash } from 'node:crypto'

export interface Rng {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number
  /** Uniform integer in [0, bound), bound <= 2^32, without modulo bias. */
  int(bound: number): number
  /** Standard normal (Box-Muller). */
  normal(): number
  /** An independent stream named by the label; does not advance this one. */
  fork(label: string): Rng
}

const TWO_32 = 4294967296

function stream(key: string): Rng {
  const digest = createHash('sha256').update(key).digest()
  let a = digest.readUInt32LE(0) | 0
  let b = digest.readUInt32LE(4) | 0
  let c = digest.readUInt32LE(8) | 0
  let counter = digest.readUInt32LE(12) | 0
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const next = (): number => bits() / TWO_32
  return {
    next,
    int(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > TWO_32) throw new RangeError(`rng.int(${bound})`)
      const limit = TWO_32 - (TWO_32 % bound)
      let value = bits()
      while (value >= limit) value = bits()
      return value % bound
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: label => stream(`${key}/${label}`),
  }
}

/**
 * @example
 * const rng = seededRng(7)
 * rng.fork('trees').next() === seededRng(7).fork('trees').next() // true
 */
export function seededRng(seed: number | string): Rng {
  return stream(`seed:${seed}`)
}
