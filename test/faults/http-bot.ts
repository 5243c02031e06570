// A bot with one release in charge, a newer one on a server that misbehaves, and what became of both.

import assert from 'node:assert/strict'
import type { ReleaseSource } from '../../src/release/source.ts'
import { bot } from '../../src/serving/fixtures/bot.ts'
import { memoryDisk } from '../../src/serving/fixtures/memory-disk.ts'
import { memorySource, tinyRelease } from '../../src/serving/fixtures/release.ts'
import type { SyncResult } from '../../src/serving/updater.ts'

export const old = tinyRelease({ seed: 1 })
export const fresh = tinyRelease({ seed: 2, after: old })

export type KeepingBot = {
  /** One pass: the code it was refused with, `installed`, or `up to date`. */
  pass(source: ReleaseSource, signal?: AbortSignal): Promise<string>
  readonly last: () => SyncResult | undefined
  /** Fails unless the old release decides on and nothing is on disk but what was there before. */
  assertKept(why: string): void
}

/** A bot that decides by `old`. */
export async function keepingBot(): Promise<KeepingBot> {
  const disk = memoryDisk()
  const { installation, sync } = await bot({ disk })
  await sync(memorySource(old.files))
  const content = () =>
    [...disk.image()]
      .filter(([path]) => !path.includes('/lock'))
      .map(([path, bytes]) => [path, bytes && Buffer.from(bytes).toString('hex')])
  const before = content()
  let last: SyncResult | undefined
  return {
    last: () => last,
    async pass(source, signal) {
      last = await sync(source, { signal })
      if (last.installed === 1) return 'installed'
      return last.refused.map(({ code }) => code).join(' ') || 'up to date'
    },
    assertKept(why) {
      assert.equal(installation.slot.current()?.digest, old.manifestSha256, why)
      assert.deepEqual(content(), before, `${why}: the disk is not as it was`)
    },
  }
}
