// Events are kept for a week: who comes back later starts from a snapshot (API-04).

import type { SelectQueryBuilder } from 'kysely'
import { DAY_MS } from '../../market/bar.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

export const EVENTS_KEPT_MS = 7 * DAY_MS

export type PruneOptions = {
  /** Now, on the clock that `writtenAt` was taken from. */
  readonly nowMs: number
  readonly keptMs?: number
  /** A run that goes on for ever, on the machine's clock: its events go by their own age. */
  readonly live?: string | undefined
  /** Rows of one transaction, so that a writer waits for none of them long. */
  readonly batch?: number
}

/**
 * Forgets events of runs that ended before the week began. A run's own clock says nothing of how old its events are on ours, so they go
 * by the end of their run; those of the newest run stay, and with them the newest seq.
 *
 * @returns how many went
 */
export async function pruneEvents(
  db: Database,
  { nowMs, keptMs = EVENTS_KEPT_MS, live, batch = 1000 }: PruneOptions,
): Promise<number> {
  const runs = await db
    .selectFrom('runs')
    .select(['run_id', 'started_at', 'ended_at'])
    .orderBy('started_at', 'desc')
    .orderBy('run_id', 'desc')
    .execute()
  // A run that was killed and never taken up again has no end.
  const old = runs.slice(1).filter(run => (run.ended_at ?? run.started_at) < nowMs - keptMs)
  const ended = old.map(run => run.run_id).filter(id => id !== live)
  const events = db.selectFrom('events_outbox').select('seq').orderBy('seq').limit(batch)
  const gone = ended.length === 0 ? 0 : await deleteAll(db, events.where('run_id', 'in', ended))
  if (live === undefined) return gone
  // What is true now is read from the newest event of its kind, however old that is.
  const newest = db
    .selectFrom('events_outbox')
    .select(select => select.fn.max('seq').as('seq'))
    .where('run_id', '=', live)
    .groupBy('topic')
  const aged = events
    .where('run_id', '=', live)
    .where('at', '<', nowMs - keptMs)
    .where('seq', 'not in', newest)
  return gone + (await deleteAll(db, aged))
}

async function deleteAll(
  db: Database,
  next: SelectQueryBuilder<Tables, 'events_outbox', { seq: number }>,
): Promise<number> {
  for (let gone = 0; ; ) {
    const { numDeletedRows } = await db.deleteFrom('events_outbox').where('seq', 'in', next).executeTakeFirst()
    if (numDeletedRows === 0n) return gone
    gone += Number(numDeletedRows)
  }
}
