// When each release was in charge, from the history alone. Every replay begins a chapter with a clock of its own.

import { isHandover, type SlotEvent } from '../../serving/history.ts'
import { REPLAY_SLOT, SLOT } from '../model-catalogue.ts'

export type Tenure = { from: number; to: number | null }

/** The history cut at every restart of the slot, oldest chapter first. */
export function chaptersOf(events: readonly SlotEvent[], slot: string): (readonly SlotEvent[])[] {
  const chapters: SlotEvent[][] = [[]]
  for (const event of events) {
    if (event.slot !== slot) continue
    if (event.event === 'restarted') chapters.push([])
    chapters.at(-1)!.push(event)
  }
  return chapters.filter(({ length }) => length > 0)
}

/** Digest -> when it was in charge. The end of a chapter ends what it left in charge; in the last one that is open. */
export function tenuresOf(events: readonly SlotEvent[]): ReadonlyMap<string, readonly Tenure[]> {
  const tenures = new Map<string, Tenure[]>()
  for (const slot of [SLOT, REPLAY_SLOT]) addTenures(tenures, chaptersOf(events, slot))
  return tenures
}

function addTenures(tenures: Map<string, Tenure[]>, chapters: readonly (readonly SlotEvent[])[]): void {
  for (const [index, chapter] of chapters.entries()) {
    const handovers = chapter.filter(isHandover)
    const end = index === chapters.length - 1 ? null : (chapter.at(-1)?.at ?? null)
    for (const [place, { to, at }] of handovers.entries()) {
      if (to === null) continue
      const own = tenures.get(to) ?? []
      own.push({ from: at, to: handovers[place + 1]?.at ?? end })
      tenures.set(to, own)
    }
  }
}
