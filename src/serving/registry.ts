// What is known about releases, blocked digests and who was in charge when: the port. CURRENT is the truth about the active set;
// a registry that disagrees is repaired from it (SRV-02).

import type { SlotEvent, SlotEventDraft, SlotEventKind } from './history.ts'

/**
 * `waiting`: passed its gates, and a person has to promote it. `refused`: a gate said no. `quarantined`: proven harmful after it was in charge (SRV-61); neither is installed again.
 * `previous` is the way back of its slot; `retired` was in charge before that.
 */
export const RELEASE_STATES = [
  'installed',
  'waiting',
  'active',
  'previous',
  'retired',
  'refused',
  'quarantined',
] as const
export type ReleaseState = (typeof RELEASE_STATES)[number]

export type ReleaseRow = {
  /** SHA-256 of the manifest bytes: the identity of a release. */
  readonly digest: string
  readonly releaseId: string
  readonly channel: string
  readonly version: number
  readonly label: string
  readonly state: ReleaseState
  readonly firstSeen: number
}

/** What a release says of itself: long texts, read one release at a time and never with a list. */
export type ReleaseTexts = {
  /** The manifest as it was signed, as text. */
  readonly manifest: string
  /** `evaluation.json` as text. */
  readonly evaluation: string
}

export type MemberRow = {
  readonly name: string
  readonly sha256: string
  readonly size: number
  readonly role?: string | undefined
  readonly mediaType: string
}

export type GateReportRow = {
  readonly digest: string
  readonly at: number
  readonly reportSha256: string
  /** Canonical JSON of the `GateReport`. */
  readonly report: string
  readonly verdict: 'pass' | 'fail'
  readonly decidedBy: string | null
}

export type Block = { readonly digest: string; readonly at: number; readonly code: string; readonly reason: string }

export interface ReleaseShelf {
  /** Release, members and gate report in one transaction (s8). Saving a digest again replaces its state and adds the report. */
  saveRelease(release: ReleaseRow & ReleaseTexts, members: readonly MemberRow[], gates: GateReportRow): Promise<void>
  /** Fault `RELEASE_UNKNOWN` where the digest was never saved. */
  setState(digest: string, state: ReleaseState): Promise<void>
  /** In order of first seen, then digest. @param channel absent: of all channels */
  releases(channel?: string): Promise<readonly ReleaseRow[]>
  /** Undefined where the digest was never saved. */
  documents(digest: string): Promise<ReleaseTexts | undefined>
  /** Reports of one release, oldest first. */
  gateReports(digest: string): Promise<readonly GateReportRow[]>
}

/** What no poll installs again: manifest digests, and digests over the models of a release (`modelsDigest`). */
export interface Blocklist {
  /** Blocking a blocked digest keeps the first reason. */
  block(block: Block): Promise<void>
  /** Absent is fine. */
  unblock(digest: string): Promise<void>
  blockOf(digest: string): Promise<Block | undefined>
  blocks(): Promise<readonly Block[]>
}

export interface SlotHistory {
  /**
   * Chains the event to the last one and sets the states named, in one transaction (s15). A state of an unknown digest is left out:
   * the history must never be lost over a row that is missing.
   */
  append(draft: SlotEventDraft, states?: ReadonlyMap<string, ReleaseState>): Promise<SlotEvent>
  /** All slots, oldest first. */
  events(): Promise<readonly SlotEvent[]>
  /** The newest event of a slot that is of one of these kinds. */
  lastEvent(slot: string, kinds: readonly SlotEventKind[]): Promise<SlotEvent | undefined>
  /** All events of a slot that are of one of these kinds, oldest first: for kinds that are rare. */
  eventsOf(slot: string, kinds: readonly SlotEventKind[]): Promise<readonly SlotEvent[]>
  /** What put the set in charge that a slot has now, without reading the whole history. */
  lastHandover(slot: string): Promise<SlotEvent | undefined>
  /** What put the set in charge that a slot had at a time, since its last restart; found by binary search, however long the history (SRV-75). */
  handoverAt(slot: string, timeMs: number): Promise<SlotEvent | undefined>
  /** Those that anything ever happened in, in order of their names. */
  slots(): Promise<readonly string[]>
  /** How often what happened to releases of a channel (`to`), over all slots; kinds that never did are left out. */
  eventCounts(channel: string): Promise<ReadonlyMap<SlotEventKind, number>>
}

export interface Registry extends ReleaseShelf, Blocklist, SlotHistory {}
