// What a release went through, in order: trained, gated, installed, kept, taken back, blocked.

import type { ReleaseDetail, SlotEventView } from '../../../src/api/schemas/releases.ts'

export type LifeEvent = { readonly at: number; readonly what: SlotEventView['event'] | 'trained' | 'gated' | 'kept' }

type Life = Pick<ReleaseDetail, 'digest' | 'issuedAt' | 'gatesAt' | 'tenures'>

/** @param history of the slot. A release was kept where another one followed it without a rollback. */
export function lifeOf({ digest, issuedAt, gatesAt, tenures }: Life, history: readonly SlotEventView[]): LifeEvent[] {
  const taken = new Set(
    history.filter(({ event, from }) => event === 'rolledBack' && from === digest).map(({ at }) => at),
  )
  const events: LifeEvent[] = [
    { at: issuedAt, what: 'trained' },
    ...(gatesAt === null ? [] : [{ at: gatesAt, what: 'gated' as const }]),
    // A rollback is told of the release that it takes back.
    ...history
      .filter(({ to, event }) => to === digest && event !== 'rolledBack')
      .map(({ at, event }) => ({ at, what: event })),
    ...[...taken].map(at => ({ at, what: 'rolledBack' as const })),
    ...tenures.flatMap(({ to }) => (to === null || taken.has(to) ? [] : [{ at: to, what: 'kept' as const }])),
  ]
  return events.sort((a, b) => a.at - b.at)
}
