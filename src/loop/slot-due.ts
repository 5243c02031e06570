// Whether a training slot has something to do: what people say, what is stored, and what is published already (SCHED-02).

import { Fault, unwrap } from '../base/fault.ts'
import { utcMs } from '../release/utc.ts'
import { mayTrain, type RunKey } from '../training/skip.ts'
import { type ChannelTree, type Current, currentRelease } from './channel-tree.ts'
import { expiredReason, refuseBlocked } from './data-status.ts'
import type { Market } from './import-series.ts'
import { killFile } from './kill-file.ts'
import { stoppedTraining } from './kill-guard.ts'
import type { Ports } from './ports.ts'
import { withNews } from './read-news.ts'
import type { SlotWork } from './slot-work.ts'
import { marketInUse } from './stored-market.ts'
import { auditLoaded, refuseUnsound } from './stored-series.ts'
import { runKeyOf, trainedMarks } from './trained-mark.ts'

export type Due = { readonly market: Market; readonly key: RunKey }

/** What to train on, or why not. Faults: `DATA_NONE_STORED`, `DATA_BLOCKED`, `DATA_UNSOUND`, those of the stored series and of the tree. */
export async function dueWork(tree: ChannelTree, work: SlotWork): Promise<Due | string> {
  const { symbol, seed, state, ports } = work
  const { enabled, skipFile } = ports.settings.training
  const directories = [state.directory, `${state.directory}/data`, ports.workingDirectory]
  const asked = { enabled, skipFile, environment: ports.environment, directories }
  const there = async (path: string) => ports.present(path)
  const pulled = await killFile(state.directory, ports.settings.killSwitch.file, ports.disk).pulled()
  const stopped = stoppedTraining(pulled?.scopes)
  if (stopped !== undefined) return stopped
  const unknown: RunKey = { snapshotId: '', configHash: '', codeVersion: '' }
  // People are asked before anything is read.
  const word = await mayTrain({ ...asked, now: unknown }, there)
  if (!word.train) return word.reason
  const stored = await marketInUse(state, symbol, ports)
  if (stored === undefined) {
    throw new Fault('DATA_NONE_STORED', `no bars of ${symbol} are stored`, {
      fix: 'import some: ratchet data import FILE --symbol S',
    })
  }
  const { market } = await withNews(stored, state.directory, ports)
  await refuseBlocked(market.series.source, state)
  const key = runKeyOf(market, seed, ports)
  const found = await currentRelease(tree, ports.clock.now())
  // A tree that has lost what it says is current is mended by the next release.
  const current = !found.ok && found.fault.code === 'POINTER_MISMATCH' ? undefined : unwrap(found)
  const mark = await trainedMarks(ports.disk, state.directory).of(work.pipeline)
  // A release that was made but is not what is published has still to be published; one that runs out before its next pointer does has to
  // be made anew, or nobody could install it.
  const stands = current !== undefined && mark?.releaseId === current.pointer.releaseId && !runsOut(current, ports)
  const last = stands ? mark : undefined
  const answer = await mayTrain({ ...asked, now: key, last }, there)
  if (!answer.train) return answer.reason
  const expired = expiredReason(market, ports)
  if (expired !== undefined) return expired
  refuseUnsound(await auditLoaded(market, state, ports))
  return { market, key }
}

function runsOut({ manifest, pointer }: Current, { clock }: Pick<Ports, 'clock'>): boolean {
  const pointerMs = utcMs(pointer.expiresAt)! - utcMs(pointer.issuedAt)!
  return utcMs(manifest.expiresAt)! <= clock.now() + pointerMs
}
