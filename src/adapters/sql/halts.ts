// What events tell of risk and of stops, as records that are never pruned (DB-05).

import type { Transaction } from 'kysely'
import type { JournalBatch } from '../../trading/journal.ts'
import type { Tables } from './schema.ts'

type Told = { readonly state?: string; readonly cause?: string; readonly action?: string; readonly detail?: string }

/** What people do, by what the event of it is called. */
const ACTS: Readonly<Record<string, 'paused' | 'resumed'>> = { pauseEntries: 'paused', resume: 'resumed' }

export async function recordHalts(
  tx: Transaction<Tables>,
  runId: string,
  events: JournalBatch['events'],
): Promise<void> {
  for (const { topic, at, body } of events) {
    if (topic !== 'risk' && topic !== 'control') continue
    const { state = '', cause = '', action = '', detail = '' } = JSON.parse(body) as Told
    const own = { run_id: runId, at }
    const act = topic === 'control' ? ACTS[action] : undefined
    if (topic === 'risk')
      await tx
        .insertInto('risk_state')
        .values({ ...own, state, cause })
        .execute()
    if (state === 'HALTED') {
      const halt = { ...own, action: 'halted', actor: 'risk', reason: cause } as const
      await tx.insertInto('kill_events').values(halt).execute()
    }
    if (act !== undefined) {
      await tx
        .insertInto('kill_events')
        .values({ ...own, action: act, actor: 'operator', reason: detail })
        .execute()
    }
  }
}
