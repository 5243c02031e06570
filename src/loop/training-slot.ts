// One training slot of the clock: skipped, or trained and published; recorded once with its cause, and signed on for either way (SCHED-01,
// REL-17).

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { type Cause, SCHEDULED } from '../feedback/worth.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { Progress } from '../training/run.ts'
import { type ChannelTree, signOn } from './channel-tree.ts'
import type { CurvePoint } from './run-control.ts'
import { slotId } from './schedule.ts'
import { signingRing } from './signing-key.ts'
import { counted, entered, overBudget, watchAge } from './slot-budget.ts'
import { dueWork } from './slot-due.ts'
import { makeRelease } from './slot-release.ts'
import { publishIntervalMs, type RowFacts, type SlotWork } from './slot-work.ts'
import { trainingLockOf, trainsElsewhere } from './training-lock.ts'

/**
 * Runs a slot unless it was run already or another process is at it. What fails is recorded and told; only an abort rejects, and leaves
 * the slot unrecorded, so that it is run again.
 */
export async function trainingSlot(slotMs: number, work: SlotWork, cause: Cause = SCHEDULED): Promise<void> {
  const { state, ports, signal, onEvent } = work
  const slot = slotId(work.pipeline, slotMs)
  const recorded = () => state.journal.hasTraining(slot)
  try {
    if (await recorded()) return
    await ports.withLock(trainingLockOf(state.directory), async () => {
      // Whoever held the lock a moment ago may have run it.
      if (!(await recorded())) await runSlot(slot, work, cause)
    })
  } catch (error) {
    signal.throwIfAborted()
    const fault = faultOf(error)
    if (trainsElsewhere(fault, state.directory)) {
      ports.log.write('info', 'training.busy', `another process trains: ${slot} is left to it`)
      return
    }
    ports.log.write('warn', 'training.slot', `${slot}: ${fault.code} ${fault.message}`)
    onEvent({ type: 'slotFailed', slot, at: ports.clock.now(), fault })
  }
}

async function runSlot(slot: string, work: SlotWork, cause: Cause): Promise<void> {
  const { state, ports, signal, onEvent } = work
  const { clock, disk, settings } = ports
  await disk.makeDirectory(work.publishTo)
  const ring = await signingRing(state.directory, ports)
  const tree = { publisher: ports.publisher(work.publishTo), channel: settings.release.channel, ring, signal }
  const row = await rowOf(slot, tree, work, cause)
  await state.journal.recordTraining(row)
  onEvent({ type: 'trainingEnded', slot, at: clock.now(), row })
  // A release was published with a fresh pointer; in any other slot what is current is signed on for.
  if (row.status === 'released') return
  await watchAge(work)
  const signed = unwrap(await signOn(tree, clock.now(), publishIntervalMs(ports)))
  if (signed === undefined) return
  onEvent({ type: 'signedOn', at: clock.now(), releaseId: signed.releaseId, expiresAt: signed.expiresAt })
}

/** The row of the slot, whatever comes of it. An abort rejects. */
async function rowOf(slot: string, tree: ChannelTree, work: SlotWork, cause: Cause): Promise<TrainingRow> {
  const { symbol, ports, signal } = work
  const begun = ports.clock.now()
  const points: CurvePoint[] = []
  const onProgress = (progress: Progress): void => {
    points.push(...(progress.points ?? []))
    work.onProgress(progress)
  }
  const facts = (): RowFacts => ({
    trainingId: slot,
    runId: work.runId,
    symbol,
    asOf: begun,
    number: null,
    durationMs: ports.clock.now() - begun,
    curves: points.length === 0 ? null : JSON.stringify(points),
  })
  const without = { effectiveRows: null, rows: null, release: null }
  // The schedule needs no word; drift says why a slot is there at all.
  const why = cause.kind === 'schedule' ? {} : { retraining: { cause } }
  const skipped = (reason: string): TrainingRow => {
    return { ...facts(), ...without, status: 'skipped', fault: null, report: canonicalJson({ reason, ...why }) }
  }
  let own: AbortSignal | undefined
  try {
    const due = await dueWork(tree, work)
    if (typeof due === 'string') return skipped(due)
    const dear = await overBudget(cause, work)
    if (dear !== undefined) return skipped(dear)
    // Before it is told: who sees it begin may stop it.
    own = work.fits?.begin()
    work.onEvent({ type: 'trainingStarted', slot, at: begun })
    const cut = own === undefined ? signal : AbortSignal.any([signal, own])
    const { row, worth } = await counted(work, () =>
      makeRelease(slot, due, facts, tree, { ...work, signal: cut, onProgress }),
    )
    return await entered(row, { cause, worth }, work)
  } catch (error) {
    signal.throwIfAborted()
    const { code, message } = faultOf(own?.aborted === true ? own.reason : error)
    ports.log.write('warn', 'training.failed', `${code}: ${message}`, { slot })
    const report = canonicalJson({ code, sentence: message, symbol, ...why })
    return { ...facts(), ...without, status: 'failed', fault: code, report }
  } finally {
    work.fits?.end()
  }
}

function faultOf(cause: unknown): Fault {
  if (cause instanceof Fault) return cause
  return new Fault('SLOT_FAILED', `the slot stopped: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  })
}
