// What a batch of the journal tells beside its records, in the same transaction: events for the world, inputs, how far the run is.

import type { Transaction } from 'kysely'
import type { JournalBatch } from '../../trading/journal.ts'
import { recordHalts } from './halts.ts'
import type { Tables } from './schema.ts'

const EVENTS_PER_STATEMENT = 5000

/** @returns the seq of the last event; undefined where there was none */
export async function recordTold(
  tx: Transaction<Tables>,
  runId: string,
  { events, inputs, progress }: Pick<JournalBatch, 'events' | 'inputs' | 'progress'>,
): Promise<number | undefined> {
  let last: number | undefined
  for (let from = 0; from < events.length; from += EVENTS_PER_STATEMENT) {
    const rows = events.slice(from, from + EVENTS_PER_STATEMENT).map(event => ({ run_id: runId, ...event }))
    const { insertId } = await tx.insertInto('events_outbox').values(rows).executeTakeFirstOrThrow()
    last = Number(insertId)
  }
  await recordHalts(tx, runId, events)
  if (inputs.length > 0) {
    const rows = inputs.map(input => ({ run_id: runId, ...input }))
    await tx.insertInto('run_inputs').values(rows).execute()
  }
  if (progress !== undefined) {
    const { barsDone, hash } = progress
    await tx.updateTable('runs').set({ bars_done: barsDone, progress_hash: hash }).where('run_id', '=', runId).execute()
  }
  return last
}
