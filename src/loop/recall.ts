// A release of this run's own channel, found again: verified like any other, by its label and the digest that is remembered.

import type { Clock } from '../base/clock.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { readObject } from '../release/fetch.ts'
import { publishedPath } from '../release/layout.ts'
import type { ReleaseReader } from '../release/reader.ts'
import type { ReleaseSource } from '../release/source.ts'
import { verifyRelease } from '../release/verify.ts'
import { loadModelSet, type ModelSet } from '../serving/model-set.ts'
import type { CycleRelease } from './cycle-record.ts'
import type { Channel } from './replay-channel.ts'

/** The files of one release of a published tree, whatever the channel has come to since. */
export const labelledReader = (source: ReleaseSource, label: string, signal: AbortSignal): ReleaseReader => ({
  list: () => Promise.resolve(undefined),
  async read(name, limit) {
    // The pointer of the tree has moved on to later releases.
    if (name === 'pointer.json') throw new Fault('FILE_MISSING', 'is not asked for')
    return readObject(source, publishedPath(name, label), limit, signal)
  },
})

/** Faults: those of `verifyRelease` and `loadModelSet`; `RELEASE_CHANGED` where another release lies under the label. */
export async function recallSet(
  { label, manifestSha256 }: Pick<CycleRelease, 'label' | 'manifestSha256'>,
  { channel, symbol, clock, signal }: { channel: Channel; symbol: string; clock: Clock; signal: AbortSignal },
): Promise<ModelSet> {
  const reader = labelledReader(channel.source, label, signal)
  const policy = { ...channel.policy(symbol), requirePointer: false }
  const release = unwrap(await verifyRelease(reader, policy, undefined, clock))
  if (release.manifestSha256 !== manifestSha256) {
    throw new Fault('RELEASE_CHANGED', `another release lies under ${label} than the one that was in charge`, {
      fix: 'restore the channel folder, or begin again with --restart',
    })
  }
  return unwrap(loadModelSet(release))
}
