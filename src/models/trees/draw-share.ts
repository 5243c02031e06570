// Draws a share of numbered things without replacement: what a round of boosting may see.

import type { Rng } from '../../base/rng.ts'

const TWO_32 = 4294967296

/**
 * 1 at a share of the numbers below `end`, at least one of them; every choice of so many is equally likely (selection sampling: Knuth,
 * The Art of Computer Programming 3.4.2, algorithm S). Its own numbers come from mulberry32 (Ettinger 2017), seeded by one of the rng:
 * a draw for each row of each tree is a good part of the time that a tree takes.
 *
 * @returns undefined where the share is all
 * @example
 * drawShare(4, 0.5, seededRng(1)) // Uint8Array with two ones
 */
export function drawShare(end: number, share: number, rng: Rng): Uint8Array | undefined {
  let wanted = Math.max(1, Math.round(share * end))
  if (wanted >= end) return undefined
  const chosen = new Uint8Array(end)
  let state = rng.int(TWO_32) | 0
  for (let at = 0; at < end; at++) {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    const uniform = ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_32
    // Without a branch: which way it would go is by chance.
    const taken = Number(uniform * (end - at) < wanted)
    chosen[at] = taken
    wanted -= taken
  }
  return chosen
}
