// One pass from a source to the slot: poll, verify, gate, install. A refusal keeps the set in charge and says why.

import type { Fault } from '../base/fault.ts'
import { candidateReader } from '../release/fetch.ts'
import type { ReleaseSource } from '../release/source.ts'
import type { GateReport, GateRun } from './gates/run.ts'
import { faultOf, type Installation, prepareDirectories } from './installation.ts'
import { asRefusal, type Judgement, type JudgeOptions, judge } from './judge.ts'
import { type Pin, pinIsOld, pinOf } from './pins.ts'
import { pauseSentence, promotionPause } from './promotion-pause.ts'

export type Refusal = {
  readonly code: string
  /** File of the release, or the gate that decided. */
  readonly file: string | null
  readonly detail: string
  /** Manifest digest, where the release came far enough to have one. */
  readonly digest: string | null
}

export type SyncResult = {
  readonly installed: 0 | 1
  /** Of the installed release, or of the candidate that was judged. */
  readonly releaseId: string | null
  /** Release id of the set that was in charge before the pass. */
  readonly previous: string | null
  readonly refused: readonly Refusal[]
  /** Release id of the set in charge after the pass; null is the rule-based baseline. */
  readonly inCharge: string | null
  /** The source has nothing that is not in charge already or refused before. */
  readonly upToDate: boolean
  /** Why nothing was installed although nothing was refused: a person has pinned the slot, or has to promote what passed, or a rollback is fresh. */
  readonly held?: 'pinned' | 'waiting' | 'paused' | undefined
  readonly gateReport?: GateReport | undefined
  /** Hand it to the next pass. */
  readonly cursor?: string | undefined
}

export type UpdateOptions = JudgeOptions & {
  readonly source: ReleaseSource
  readonly cursor?: string | undefined
  /** A trusted key signed the channel's pointer at this time, ms UTC; told also where it names what is in charge already. */
  readonly onSigned?: ((at: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Never throws for what a source, a release, the disk or the registry does: that is a refusal in the result. An aborted signal throws.
 *
 * @example
 * const result = await updateOnce(options)
 * result.installed || result.refused.map(({ code }) => code) // 1, or ['MEMBER_HASH']
 */
export async function updateOnce(options: UpdateOptions): Promise<SyncResult> {
  const { installation, source, cursor, signal = new AbortController().signal } = options
  const { slot, log, lock, registry } = installation
  const before = slot.current()?.releaseId ?? null
  const result = (judgements: readonly Judgement[], next: string | undefined, failed?: Fault): SyncResult => {
    const refusals = judgements.flatMap(({ outcome, digest, gates }) =>
      outcome.ok ? [] : [refusalOf(outcome.fault, digest, gates)],
    )
    if (failed !== undefined) refusals.push(refusalOf(failed, null))
    const came = (to: 'installed' | 'waiting') => judgements.some(({ outcome }) => outcome.ok && outcome.value === to)
    const installed = came('installed')
    const last = judgements.findLast(({ gates }) => gates !== undefined) ?? judgements.at(-1)
    return {
      installed: installed ? 1 : 0,
      releaseId: last?.releaseId ?? null,
      previous: before,
      refused: refusals,
      inCharge: slot.current()?.releaseId ?? null,
      upToDate: !installed && !came('waiting') && refusals.length === 0,
      ...(came('waiting') ? { held: 'waiting' as const } : {}),
      gateReport: last?.gates?.report,
      // A pass that failed on the way is made again from where it began.
      cursor: passFailed({ refused: refusals }) ? cursor : next,
    }
  }
  const held = await lock.acquire('sync').catch((cause: unknown) => ({ ok: false as const, fault: faultOf(cause) }))
  if (!held.ok) return result([], cursor, held.fault)
  try {
    const pin = await pinOf(registry, slot.name)
    if (pin !== undefined) {
      tellPinned(pin, installation)
      // The cursor stays: what came meanwhile is judged when the pin is gone.
      return { ...result([], cursor), upToDate: false, held: 'pinned' }
    }
    const pause =
      installation.autoPromote === false
        ? undefined
        : await promotionPause(registry, slot.name, installation.clock.now())
    if (pause !== undefined) {
      log.write('warn', 'model.paused', pauseSentence(pause))
      return { ...result([], cursor), upToDate: false, held: 'paused' }
    }
    log.write('info', 'sync.started', '[CLOUD-SYNC] Starting model synchronization...', source.describe())
    const discovery = await source.discover(cursor, signal)
    if (discovery.kind === 'notModified') return result([], discovery.cursor)
    await prepareDirectories(installation)
    const judgements: Judgement[] = []
    for (const candidate of discovery.candidates) {
      signal.throwIfAborted()
      const { policy } = options
      const reader = await candidateReader(source, candidate, policy, installation.clock, signal).catch(asRefusal)
      if (reader.ok && reader.value.signedAt !== undefined) options.onSigned?.(reader.value.signedAt)
      const judgement: Judgement = reader.ok
        ? await judge(reader.value, options)
        : { outcome: reader, digest: null, releaseId: null }
      judgements.push(judgement)
      const { outcome } = judgement
      source.judged?.(candidate, outcome.ok ? undefined : outcome.fault)
      // Those behind it are older, or the same from elsewhere.
      if (outcome.ok) break
    }
    const done = result(judgements, discovery.cursor)
    if (done.installed === 0) signal.throwIfAborted()
    return done
  } catch (cause) {
    signal.throwIfAborted()
    return result([], cursor, faultOf(cause))
  } finally {
    await held.value.release().catch((cause: unknown) => {
      log.write('error', 'sync.lock', `the lock could not be given back: ${faultOf(cause).message}`)
    })
  }
}

function tellPinned(pin: Pin, { clock, slot, log }: Installation): void {
  const since = `Slot ${slot.name} is pinned since ${new Date(pin.at).toISOString()}: ${pin.reason}`
  if (pinIsOld(pin, clock.now()))
    log.write('warn', 'model.pin.old', `${since}; new releases have been ignored for a week`)
  else log.write('info', 'model.pin', since)
}

/** Refusals that the registry remembers. Any other may be over at the next poll (a half-written mirror, a full disk, a clock). */
const REMEMBERED: ReadonlySet<string> = new Set([
  'GATE_REFUSED',
  'MODEL_PROBE_FAILED',
  'WARM_UP_PARITY',
  'RELEASE_BLOCKED',
])

/** Whether a pass did not come to its end: it may at the next poll, while a judged release stays judged. */
export const passFailed = ({ refused }: Pick<SyncResult, 'refused'>): boolean =>
  refused.some(({ code }) => !REMEMBERED.has(code))

function refusalOf(fault: Fault, digest: string | null, gates?: GateRun): Refusal {
  return { code: fault.code, file: gates?.report.decidedBy ?? fault.place ?? null, detail: fault.message, digest }
}
