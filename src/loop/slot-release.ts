// The release of a training slot: trained within the deadline, built on what the channel has, published with a fresh pointer.

import { canonicalJson } from '../base/canonical-json.ts'
import { withDeadline } from '../base/deadline.ts'
import { Fault, type Outcome, unwrap } from '../base/fault.ts'
import type { Worth } from '../feedback/worth.ts'
import type { BuiltRelease } from '../release/build.ts'
import { sealPointer } from '../release/pointer.ts'
import { loadModelSet } from '../serving/model-set.ts'
import type { TrainingRow } from '../trading/journal.ts'
import { channelHead } from './channel-head.ts'
import { type ChannelTree, currentPointer } from './channel-tree.ts'
import { epochBegun } from './epoch-begun.ts'
import { untilNobodyIsFaster } from './raced.ts'
import { rowsOf } from './series-rows.ts'
import type { Due } from './slot-due.ts'
import { publishIntervalMs, type RowFacts, type SlotWork } from './slot-work.ts'
import { slotWorth } from './slot-worth.ts'
import { trainedMarks } from './trained-mark.ts'
import { buildCycle, publishCycle, trainCycle, trainingRow } from './training-cycle.ts'

const MINUTE_MS = 60_000

export type MadeRelease = {
  readonly row: TrainingRow
  /** Against the set in charge; null where they were not compared. */
  readonly worth: Worth | null
}

/**
 * Gives the row of the slot, which is `released` only when the release is published. Faults: `TRAIN_DEADLINE`, `EPOCH`, those of the tree and of
 * publishing; an abort throws its reason and leaves the tree as it was.
 */
export async function makeRelease(
  slot: string,
  { market, key }: Due,
  facts: () => RowFacts,
  tree: ChannelTree,
  work: SlotWork,
): Promise<MadeRelease> {
  const { symbol, seed, deadlineMs, state, ports, signal, onProgress, onEvent } = work
  const { clock, timer, disk } = ports
  const { publisher, channel } = tree
  const head = async () => channelHead(channel, state.journal, unwrap(await currentPointer(tree, clock.now())))
  // Whoever begins an epoch signs with a key that is offline, so not this slot; said before the training, not after it.
  const { epoch } = tree.ring
  const there = unwrap(await currentPointer(tree, clock.now()))
  unwrap(epochBegun({ epoch, byRoot: false, ours: epoch, published: there?.epoch }))
  const oracle = ports.oracle()
  try {
    const number = ((await head())?.version ?? 0) + 1
    const { guard } = work
    const context = {
      market,
      book: rowsOf(market, ports),
      ports,
      clock,
      oracle,
      ledger: state.ledger,
      guard,
      onProgress,
    }
    const act = { name: slot, actor: work.runId ?? work.pipeline, scope: null }
    const late = () =>
      new Fault('TRAIN_DEADLINE', `training took longer than ${deadlineMs / MINUTE_MS} minutes and was cancelled`, {
        fix: 'train on fewer bars, or on a faster machine',
      })
    const trained = await withDeadline(
      own =>
        trainCycle({ seed, asOf: facts().asOf, number, champion: work.champion(), act }, { ...context, signal: own }),
      { ms: deadlineMs, timer, signal, late },
    )
    if (!trained.ok) return { row: trainingRow(facts(), trained), worth: null }
    // Looked at again each time: someone else may have published meanwhile (REL-35).
    const buildOnHead = async () => {
      const last = await head()
      return buildCycle(
        {
          trained,
          channel,
          symbol,
          version: (last?.version ?? 0) + 1,
          prevManifestSha256: last?.manifestSha256 ?? null,
          keys: tree.ring.release,
          epoch,
          baseUrl: publisher.capabilities().originUrl,
        },
        { ports, clock },
      )
    }
    const built = await buildOnHead()
    if (!built.ok) return { row: trainingRow(facts(), trained, built), worth: null }
    const asOf = facts().asOf
    const candidate = unwrap(loadModelSet({ ...built.value, members: trained.members }))
    const judged = { table: context.book.table, asOf, minExpectedR: ports.settings.brain.minExpectedR }
    const { worth, proposed } = slotWorth(candidate, work.champion(), judged, ports)
    if (!proposed.ok) {
      const { releaseId: kept } = unwrap(await currentPointer(tree, clock.now())) ?? { releaseId: '' }
      // The same data would come to the same: it counts as trained on.
      await trainedMarks(disk, state.directory).set(work.pipeline, { ...key, releaseId: kept })
      const row = trainingRow(facts(), trained, proposed)
      const report = { ...(JSON.parse(row.report) as object), sentence: proposed.fault.message }
      return { row: { ...row, report: canonicalJson(report) }, worth }
    }
    let ready: Outcome<BuiltRelease> | undefined = built
    const attempt = async (): Promise<Outcome<BuiltRelease>> => {
      const next = ready ?? (await buildOnHead())
      ready = undefined
      if (!next.ok) return next
      const pointer = sealPointer(next.value.manifestBytes, {
        keys: tree.ring.pointer,
        nowMs: clock.now(),
        publishIntervalMs: publishIntervalMs(ports),
      })
      if (!pointer.ok) return pointer
      const sealed = { ...next.value, pointerBytes: pointer.value }
      const put = await publishCycle(sealed, publisher, signal, tree.ring.pointer)
      return put.ok ? next : put
    }
    const published = await untilNobodyIsFaster(attempt, { timer, signal })
    if (!published.ok) return { row: trainingRow(facts(), trained, published), worth }
    const { releaseId, manifest, manifestSha256: digest } = published.value
    const { label, version } = manifest
    const { place } = publisher.capabilities()
    onEvent({ type: 'published', slot, at: clock.now(), releaseId, label, version, digest, place })
    await trainedMarks(disk, state.directory).set(work.pipeline, { ...key, releaseId })
    return { row: trainingRow(facts(), trained, published), worth }
  } finally {
    await oracle.close()
  }
}
