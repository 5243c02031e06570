// The release that the next one of a channel follows: the newest that was built here or is published, or bots that have it would call a fork.

import type { ReleasePointer } from '../release/release.ts'
import type { Journal, TrainedRelease } from '../trading/journal.ts'

export type ChannelHead = Pick<TrainedRelease, 'version' | 'manifestSha256'>

/**
 * Undefined before the first.
 *
 * @param published what the tree of the channel says is current
 * @example (await channelHead('stable', journal))?.version // 7: build number 8 on it
 */
export async function channelHead(
  channel: string,
  journal: Pick<Journal, 'newestRelease'>,
  published?: ReleasePointer,
): Promise<ChannelHead | undefined> {
  const built = await journal.newestRelease(channel)
  return published !== undefined && published.version > (built?.version ?? 0) ? published : built
}
