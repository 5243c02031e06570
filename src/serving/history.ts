// The append-only, hash-chained record of what was in charge of each slot, and the question "what was live then" (SRV-75).

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'

/**
 * `restarted`: a replay begins with an empty slot and a clock of its own; what came before is no way back (decision 0006).
 * `waiting`: passed its gates and waits for a person, because promotion is not automatic.
 * `resumed`: a person ended the rest of automatic promotion after rollbacks.
 */
export const SLOT_EVENTS = [
  'activated',
  'rolledBack',
  'recovered',
  'restarted',
  'refused',
  'healthy',
  'blocked',
  'unblocked',
  'pinned',
  'unpinned',
  'waiting',
  'resumed',
] as const
export type SlotEventKind = (typeof SLOT_EVENTS)[number]

export type SlotEventDraft = {
  /** ms UTC; never before the event it follows, which the history clamps, but after a restart. */
  readonly at: number
  readonly slot: string
  readonly event: SlotEventKind
  /** Manifest digest in charge before; null is the baseline without a release. */
  readonly from: string | null
  /** Manifest digest in charge after; where nothing changed hands (`refused`, `blocked`, `pinned`, ...) the digest concerned. */
  readonly to: string | null
  readonly actor: string
  readonly cause: string
  readonly gateReportSha256: string | null
  readonly configSha256: string
  readonly codeVersion: string
}

export type SlotEvent = SlotEventDraft & {
  /** 1, 2, 3, … over all slots. */
  readonly seq: number
  readonly prevHash: string
  /** SHA-256 of the canonical JSON of all other fields. */
  readonly hash: string
}

export const HISTORY_ROOT = '0'.repeat(64)

/** Events after which `to` is what decides. */
export const HANDOVERS: readonly SlotEventKind[] = ['activated', 'rolledBack', 'recovered', 'restarted']

/** Whether the event changed what is in charge. */
export const isHandover = (event: SlotEvent): boolean => HANDOVERS.includes(event.event)

/** A hash covers every field but itself; the order of fields does not matter. */
function hashOf(event: Omit<SlotEvent, 'hash'> & { readonly hash?: string }): string {
  return sha256(canonicalJson({ ...event, hash: undefined }))
}

/**
 * The draft as the event that follows `last`. Time that went backwards is clamped, so that the history stays searchable.
 *
 * @example
 * const first = nextEvent(undefined, { at: 0, slot: 'main', event: 'activated', from: null, to: 'ab…', actor: 'updater',
 *   cause: 'gates passed', gateReportSha256: null, configSha256: '…', codeVersion: '0.1.0' })
 * first.seq // 1
 */
export function nextEvent(last: SlotEvent | undefined, draft: SlotEventDraft): SlotEvent {
  const event = {
    at: draft.event === 'restarted' ? draft.at : Math.max(draft.at, last?.at ?? draft.at),
    slot: draft.slot,
    event: draft.event,
    from: draft.from,
    to: draft.to,
    actor: draft.actor,
    cause: draft.cause,
    gateReportSha256: draft.gateReportSha256,
    configSha256: draft.configSha256,
    codeVersion: draft.codeVersion,
    seq: (last?.seq ?? 0) + 1,
    prevHash: last?.hash ?? HISTORY_ROOT,
  }
  return { ...event, hash: hashOf(event) }
}

/**
 * @param after the event that these follow, where the history up to it was verified before; absent: they begin the history
 * @throws Fault `HISTORY_BROKEN` naming the first event that is not the one that was appended
 */
export function verifyHistory(events: readonly SlotEvent[], after?: SlotEvent): void {
  let previous = after
  for (const event of events) {
    const place = (previous?.seq ?? 0) + 1
    const wrong =
      event.seq !== place
        ? `has seq ${event.seq} in place ${place}`
        : event.prevHash !== (previous?.hash ?? HISTORY_ROOT)
          ? 'does not follow the one before'
          : event.hash !== hashOf(event)
            ? 'was changed'
            : event.event !== 'restarted' && event.at < (previous?.at ?? event.at)
              ? 'is older than the one before'
              : undefined
    if (wrong !== undefined) {
      throw new Fault('HISTORY_BROKEN', `slot event ${place} ${wrong}`, {
        place: `slot_events:${place}`,
        fix: 'restore the database from a verified backup',
      })
    }
    previous = event
  }
}

/**
 * The event that put the slot's set in charge at a time: binary search, so a million events answer in microseconds.
 *
 * @param events handovers of one slot, oldest first (`handoversOf`)
 * @returns undefined before the first
 */
export function inChargeAt(events: readonly SlotEvent[], timeMs: number): SlotEvent | undefined {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events[middle]!.at <= timeMs) low = middle + 1
    else high = middle
  }
  return events[low - 1]
}

/** The events of one slot that changed what is in charge, since the last restart: their times rise. */
export function handoversOf(events: readonly SlotEvent[], slot: string): SlotEvent[] {
  const since = events.findLastIndex(event => event.slot === slot && event.event === 'restarted')
  return events.slice(Math.max(0, since)).filter(event => event.slot === slot && isHandover(event))
}
