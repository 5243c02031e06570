// `ratchet models history`: every change of who is in charge, and who was at a given time (SRV-75).

import { type InCharge, inChargeThen, modelHistory, type NamedEvent } from '../loop/model-history.ts'
import { HANDOVERS } from '../serving/history.ts'
import { utcTime } from './arguments.ts'
import type { Verb } from './command.ts'
import { count, example, short, table, utcMoment } from './lines.ts'

type HistoryOptions = { readonly at?: number; readonly verify?: boolean }

const nameOf = (digest: string | null, label: string | null): string =>
  digest === null ? 'baseline' : (label ?? short(digest))

/** Who handed over to whom; where nothing changed hands only the release concerned. */
function change({ event, from, fromLabel, to, toLabel }: NamedEvent): string {
  if (!HANDOVERS.includes(event)) return nameOf(to, toLabel)
  return `${nameOf(from, fromLabel)} -> ${nameOf(to, toLabel)}`
}

export const eventLines = (events: readonly NamedEvent[]): string[] =>
  table(
    events.map(event => [
      String(event.seq).padStart(4),
      utcMoment(event.at),
      event.slot,
      event.event,
      change(event),
      event.actor,
      event.cause,
    ]),
  )

export function inChargeLine({ slot, since, digest, label, cause }: InCharge): string {
  const name = digest === null ? 'the rule-based baseline' : `${nameOf(digest, label)} (${short(digest)})`
  return `${slot}: ${name}, ${since === null ? 'nothing had been installed' : `since ${utcMoment(since)}: ${cause}`}`
}

export const modelsHistory: Verb = (group, act) => {
  group
    .command('history')
    .description('what was in charge when')
    .option('--at <time>', 'only what was in charge at this time in UTC', utcTime)
    .option('--verify', 'check first that nothing in the history was changed')
    .addHelpText('after', example('models history --at 2026-01-15T14:03:07Z'))
    .action(
      act(async (session, { at, verify = false }: HistoryOptions) => {
        const { registry } = await session.reading()
        const verified = verify ? { verified: true } : {}
        if (at !== undefined) {
          const slots = await inChargeThen(registry, at, verify)
          session.out.result({ at, slots, ...verified }, slots.map(inChargeLine))
          return
        }
        const events = await modelHistory(registry, verify)
        const lines = events.length === 0 ? ['nothing has happened yet'] : eventLines(events)
        if (verify) lines.push(`verified: ${count(events.length, 'event')}, none was changed`)
        session.out.result({ events, ...verified }, lines)
      }),
    )
}
