// A pin keeps the slot with what is in charge: new releases are ignored until a person takes it away (SRV-72). The chained history is
// where it is kept: whoever forges a pin breaks the chain, and a replay that empties the slot begins without one.

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { SlotEventKind } from './history.ts'
import { eventOf, type Installation } from './installation.ts'
import type { SlotHistory } from './registry.ts'
import { writing } from './writing.ts'

export type Pin = {
  /** Manifest digest that was in charge when it was pinned. */
  readonly digest: string
  /** ms UTC. */
  readonly at: number
  readonly actor: string
  readonly reason: string
}

/** After so long somebody should look whether the pin is still meant (SRV-72). */
export const PIN_ALARM_MS = 7 * 86_400_000

const KINDS: readonly SlotEventKind[] = ['pinned', 'unpinned', 'restarted']

/** @example (await pinOf(registry, 'main'))?.reason // 'until the new session calendar is tested' */
export async function pinOf(registry: Pick<SlotHistory, 'lastEvent'>, slot: string): Promise<Pin | undefined> {
  const last = await registry.lastEvent(slot, KINDS)
  if (last?.event !== 'pinned' || last.to === null) return undefined
  return { digest: last.to, at: last.at, actor: last.actor, reason: last.cause }
}

export const pinIsOld = ({ at }: Pin, nowMs: number): boolean => nowMs - at >= PIN_ALARM_MS

export type PinRequest = {
  /** Must be in charge. */
  readonly digest: string
  readonly reason: string
}

/** Refusals: `PIN_TARGET` where another set, or none, is in charge; `SLOT_PINNED` where it is pinned already; those of the lock. */
export function pinSlot({ digest, reason }: PinRequest, installation: Installation): Promise<Outcome<void>> {
  return writing('pin', installation, async () => {
    const { slot, registry, log } = installation
    const current = slot.current()
    if (current?.digest !== digest) {
      return refused('PIN_TARGET', 'only the release in charge can be pinned', {
        fix: 'promote the other one first, or go back to it, then pin it',
      })
    }
    const pin = await pinOf(registry, slot.name)
    if (pin !== undefined) return pinned(pin)
    await registry.append(eventOf(installation, { event: 'pinned', from: digest, to: digest, cause: reason }))
    log.write('warn', 'model.pinned', `Slot ${slot.name} is pinned to ${current.releaseId}: ${reason}`)
    return accepted(undefined)
  })
}

/** Refusals: `NOT_PINNED`, those of the lock. */
export function unpinSlot({ reason }: Pick<PinRequest, 'reason'>, installation: Installation): Promise<Outcome<Pin>> {
  return writing('unpin', installation, async () => {
    const { slot, registry, log } = installation
    const pin = await pinOf(registry, slot.name)
    if (pin === undefined) return refused('NOT_PINNED', `slot ${slot.name} is not pinned`)
    await registry.append(eventOf(installation, { event: 'unpinned', from: pin.digest, to: pin.digest, cause: reason }))
    log.write('info', 'model.unpinned', `Slot ${slot.name} follows new releases again: ${reason}`)
    return accepted(pin)
  })
}

/** The refusal of whatever would put another set in charge of a pinned slot. */
export const pinned = ({ at, reason }: Pin): Outcome<never> =>
  refused('SLOT_PINNED', `the slot is pinned since ${new Date(at).toISOString()}: ${reason}`, {
    fix: 'unpin it first: ratchet models unpin --reason TEXT',
  })
