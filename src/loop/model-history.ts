// Who was in charge when: the chained history with releases by their names (SRV-75).

import { type SlotEvent, verifyHistory } from '../serving/history.ts'
import type { Registry } from '../serving/registry.ts'
import { SLOT } from './model-catalogue.ts'

export type NamedEvent = SlotEvent & { readonly fromLabel: string | null; readonly toLabel: string | null }

/** @param verify checks the chain first. Fault: `HISTORY_BROKEN` */
export async function modelHistory(registry: Registry, verify: boolean): Promise<readonly NamedEvent[]> {
  const events = await registry.events()
  if (verify) verifyHistory(events)
  const labelOf = await labels(registry)
  return events.map(event => ({ ...event, fromLabel: labelOf(event.from), toLabel: labelOf(event.to) }))
}

export type InCharge = {
  readonly slot: string
  /** ms UTC; null: nothing had happened yet. */
  readonly since: number | null
  /** Null is the rule-based baseline. */
  readonly digest: string | null
  readonly label: string | null
  readonly cause: string | null
}

/** What was in charge of each slot at a time. @param verify as for `modelHistory` */
export async function inChargeThen(registry: Registry, at: number, verify: boolean): Promise<readonly InCharge[]> {
  if (verify) verifyHistory(await registry.events())
  const labelOf = await labels(registry)
  const found: InCharge[] = []
  for (const slot of new Set([SLOT, ...(await registry.slots())])) {
    const event = await registry.handoverAt(slot, at)
    const digest = event?.to ?? null
    found.push({ slot, since: event?.at ?? null, digest, label: labelOf(digest), cause: event?.cause ?? null })
  }
  return found
}

async function labels(registry: Registry): Promise<(digest: string | null) => string | null> {
  const known = new Map((await registry.releases()).map(({ digest, label }) => [digest, label]))
  return digest => (digest === null ? null : (known.get(digest) ?? null))
}
