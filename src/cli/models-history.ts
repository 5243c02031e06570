// `ratchet models history`: every change of who is in charge, and who was at a given time (SRV-75).

import { z } from 'zod'
import type { Server } from '../base/server.ts'
import { type InCharge, inChargeThen, modelHistory, type NamedEvent } from '../loop/model-history.ts'
import { HANDOVERS, SLOT_EVENTS } from '../serving/history.ts'
import { utcTime } from './arguments.ts'
import { askAll, askOne } from './ask-server.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { count, example, short, table, utcMoment } from './lines.ts'

type HistoryOptions = { readonly at?: number; readonly verify?: boolean }

/** What is shown of an event. */
type ToldEvent = Pick<
  NamedEvent,
  'seq' | 'at' | 'slot' | 'event' | 'from' | 'fromLabel' | 'to' | 'toLabel' | 'actor' | 'cause'
>

const nameOf = (digest: string | null, label: string | null): string =>
  digest === null ? 'baseline' : (label ?? short(digest))

/** Who handed over to whom; where nothing changed hands only the release concerned. */
function change({ event, from, fromLabel, to, toLabel }: ToldEvent): string {
  if (!HANDOVERS.includes(event)) return nameOf(to, toLabel)
  return `${nameOf(from, fromLabel)} -> ${nameOf(to, toLabel)}`
}

export const eventLines = (events: readonly ToldEvent[]): string[] =>
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

const eventSchema = z.object({
  seq: z.number(),
  at: z.number(),
  slot: z.string(),
  event: z.enum(SLOT_EVENTS),
  from: z.string().nullable(),
  fromLabel: z.string().nullable(),
  to: z.string().nullable(),
  toLabel: z.string().nullable(),
  actor: z.string(),
  cause: z.string(),
})
const thenSchema = z.object({
  verified: z.boolean(),
  slots: z.array(
    z.object({
      slot: z.string(),
      since: z.number().nullable(),
      digest: z.string().nullable(),
      label: z.string().nullable(),
      cause: z.string().nullable(),
    }),
  ),
})
const BROKEN = 'HISTORY BROKEN: a line of it was changed'

/** The server checks its chain with every answer. */
async function historyThere(server: Server, { at }: HistoryOptions, { out, signal, ports }: Session): Promise<number> {
  const when = at ?? ports.clock.now()
  const { verified, slots } = await askOne(server, `/api/models/history?at=${when}`, thenSchema, signal)
  const warning = verified ? [] : [BROKEN]
  if (at !== undefined) out.result({ url: server.url, at, slots, verified }, [...slots.map(inChargeLine), ...warning])
  else {
    const events = await askAll(server, '/api/models/timeline?all=true', eventSchema, signal)
    const lines = events.length === 0 ? ['nothing has happened yet'] : eventLines(events)
    out.result({ url: server.url, events, verified }, [...lines, ...warning])
  }
  return verified ? EXIT.done : EXIT.refused
}

export const modelsHistory: Verb = (group, act) => {
  group
    .command('history')
    .description('what was in charge when')
    .option('--at <time>', 'only what was in charge at this time in UTC', utcTime)
    .option('--verify', 'check first that nothing in the history was changed')
    .addHelpText('after', example('models history --at 2026-01-15T14:03:07Z'))
    .action(
      act(async (session, options: HistoryOptions) => {
        const { at, verify = false } = options
        if (session.server !== undefined) return historyThere(session.server, options, session)
        const { registry } = await session.reading()
        const verified = verify ? { verified: true } : {}
        if (at !== undefined) {
          const slots = await inChargeThen(registry, at, verify)
          session.out.result({ at, slots, ...verified }, slots.map(inChargeLine))
          return EXIT.done
        }
        const events = await modelHistory(registry, verify)
        const lines = events.length === 0 ? ['nothing has happened yet'] : eventLines(events)
        if (verify) lines.push(`verified: ${count(events.length, 'event')}, none was changed`)
        session.out.result({ events, ...verified }, lines)
        return EXIT.done
      }),
    )
}
