// The chained history and the question "what was in charge then", each with the answer whether the chain holds.

import { Fault } from '../../base/fault.ts'
import { handoversOf, inChargeAt, type SlotEvent, type SlotEventKind, verifyHistory } from '../../serving/history.ts'
import { SLOT, slotOf } from '../model-catalogue.ts'
import { type Page, type SortRequest, sortedPage } from './paging.ts'
import { chaptersOf } from './tenures.ts'
import type { ViewPorts } from './view-ports.ts'

export type SlotEventView = {
  seq: number
  at: number
  slot: string
  event: SlotEventKind
  from: string | null
  fromLabel: string | null
  to: string | null
  toLabel: string | null
  actor: string
  cause: string
  hash: string
}

export type InChargeView = {
  at: number
  verified: boolean
  slots: {
    slot: string
    since: number | null
    digest: string | null
    releaseId: string | null
    label: string | null
    cause: string | null
  }[]
}

type Ports = Pick<ViewPorts, 'registry' | 'records'>

function holds(events: readonly SlotEvent[]): boolean {
  try {
    verifyHistory(events)
    return true
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'HISTORY_BROKEN') return false
    throw cause
  }
}

export const TIMELINE_SORTS = ['seq'] as const

export type TimelineRequest = SortRequest<(typeof TIMELINE_SORTS)[number]> & { readonly all: boolean }

/** Since the slot of the newest run was emptied last, or everything. The chain is checked whole either way. */
export async function timelineView(
  { all, ...request }: TimelineRequest,
  { registry, records }: Ports,
): Promise<Page<SlotEventView> & { verified: boolean }> {
  const slot = slotOf((await records.runs())[0]?.channel)
  const events = await registry.events()
  const labels = new Map((await registry.releases()).map(({ digest, label }) => [digest, label]))
  const labelOf = (digest: string | null) => (digest === null ? null : (labels.get(digest) ?? null))
  const shown = all ? events : (chaptersOf(events, slot).at(-1) ?? [])
  const page = sortedPage(shown, request, ({ seq }) => `${seq}`, { seq: ({ seq }) => seq })
  const items = page.items.map(({ seq, at, slot, event, from, to, actor, cause, hash }) => ({
    seq,
    at,
    slot,
    event,
    from,
    fromLabel: labelOf(from),
    to,
    toLabel: labelOf(to),
    actor,
    cause,
    hash,
  }))
  return { verified: holds(events), items, next: page.next }
}

/** The slot of the newest run comes first. */
export async function inChargeView(at: number, { registry, records }: Ports): Promise<InChargeView> {
  const first = slotOf((await records.runs())[0]?.channel)
  const events = await registry.events()
  const known = new Map((await registry.releases()).map(row => [row.digest, row]))
  const slots = [...new Set([first, SLOT, ...events.map(({ slot }) => slot)])].map(slot => {
    const event = inChargeAt(handoversOf(events, slot), at)
    const digest = event?.to ?? null
    const row = digest === null ? undefined : known.get(digest)
    return {
      slot,
      since: event?.at ?? null,
      digest,
      releaseId: row?.releaseId ?? null,
      label: row?.label ?? null,
      cause: event?.cause ?? null,
    }
  })
  return { at, verified: holds(events), slots }
}
