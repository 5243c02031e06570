// What is fuzzed: a reader, inputs made for it, and what it must never do with one.

import type { Rng } from '../../src/base/rng.ts'

export type FuzzInput = {
  readonly bytes: Uint8Array
  /**
   * Whether the reader takes it. Throws `Misread` where it takes it for something that it is not, and lets through whatever the
   * reader throws: a reader answers, always.
   */
  readonly read: () => boolean | Promise<boolean>
}

/** One input from nothing but the rng: the same seed and number give the same bytes. */
export type FuzzTarget = (rng: Rng) => FuzzInput

/** An input was accepted that an independent reader sees otherwise. */
export class Misread extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'Misread'
  }
}

/** Two views of one input that must be the same text. */
export function agree(what: string, ours: string, theirs: string): void {
  if (ours === theirs) return
  throw new Misread(`${what}: ours ${ours.slice(0, 200)}, theirs ${theirs.slice(0, 200)}`)
}
