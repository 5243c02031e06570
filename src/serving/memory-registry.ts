// The registry in memory: for tests, for a bot that embeds the slot without a database, and as the model the others are held against.

import { Fault } from '../base/fault.ts'
import { handoversOf, isHandover, nextEvent, type SlotEvent, type SlotEventKind } from './history.ts'
import type { Block, GateReportRow, MemberRow, Registry, ReleaseRow, ReleaseTexts } from './registry.ts'

/** Plain data: everything the registry knows. */
export type RegistryState = {
  readonly releases: readonly (ReleaseRow & ReleaseTexts)[]
  readonly members: readonly (readonly [digest: string, members: readonly MemberRow[]])[]
  readonly gateReports: readonly GateReportRow[]
  readonly blocks: readonly Block[]
  readonly events: readonly SlotEvent[]
}

export interface MemoryRegistry extends Registry {
  save(): RegistryState
}

const EMPTY: RegistryState = { releases: [], members: [], gateReports: [], blocks: [], events: [] }

/** @example await memoryRegistry().releases() // [] */
export function memoryRegistry(saved: RegistryState = EMPTY): MemoryRegistry {
  const releases = new Map<string, ReleaseRow>()
  const texts = new Map<string, ReleaseTexts>()
  const keep = ({ manifest, evaluation, ...row }: ReleaseRow & ReleaseTexts): void => {
    releases.set(row.digest, row)
    texts.set(row.digest, { manifest, evaluation })
  }
  for (const release of saved.releases) keep(release)
  const members = new Map(saved.members)
  const gateReports = [...saved.gateReports]
  const blocks = new Map(saved.blocks.map(block => [block.digest, block]))
  const events = [...saved.events]
  const inOrder = () =>
    [...releases.values()].sort((a, b) => a.firstSeen - b.firstSeen || (a.digest < b.digest ? -1 : 1))

  return {
    async saveRelease(release, rows, gates) {
      const firstSeen = releases.get(release.digest)?.firstSeen ?? release.firstSeen
      keep({ ...release, firstSeen })
      members.set(release.digest, rows)
      gateReports.push(gates)
    },
    async setState(digest, state) {
      const row = releases.get(digest)
      if (row === undefined) throw new Fault('RELEASE_UNKNOWN', `no release ${digest} was ever saved`)
      releases.set(digest, { ...row, state })
    },
    releases: async channel => inOrder().filter(row => channel === undefined || row.channel === channel),
    documents: async digest => texts.get(digest),
    gateReports: async digest => gateReports.filter(report => report.digest === digest),
    async block(block) {
      if (!blocks.has(block.digest)) blocks.set(block.digest, block)
    },
    async unblock(digest) {
      blocks.delete(digest)
    },
    blockOf: async digest => blocks.get(digest),
    blocks: async () => [...blocks.values()].sort((a, b) => a.at - b.at || (a.digest < b.digest ? -1 : 1)),
    async append(draft, states = new Map()) {
      const event = nextEvent(events.at(-1), draft)
      events.push(event)
      for (const [digest, state] of states) {
        const row = releases.get(digest)
        if (row !== undefined) releases.set(digest, { ...row, state })
      }
      return event
    },
    events: async () => [...events],
    lastEvent: async (slot, kinds) => events.findLast(event => event.slot === slot && kinds.includes(event.event)),
    eventsOf: async (slot, kinds) => events.filter(event => event.slot === slot && kinds.includes(event.event)),
    lastHandover: async slot => events.findLast(event => event.slot === slot && isHandover(event)),
    handoverAt: async (slot, timeMs) => handoversOf(events, slot).findLast(({ at }) => at <= timeMs),
    slots: async () => [...new Set(events.map(({ slot }) => slot))].sort(),
    async eventCounts(channel) {
      const counts = new Map<SlotEventKind, number>()
      for (const { event, to } of events) {
        const own = to !== null && releases.get(to)?.channel === channel
        if (own) counts.set(event, (counts.get(event) ?? 0) + 1)
      }
      return counts
    },
    save: () => ({
      releases: inOrder().map(row => ({ ...row, ...texts.get(row.digest)! })),
      members: [...members],
      gateReports: [...gateReports],
      blocks: [...blocks.values()],
      events: [...events],
    }),
  }
}
