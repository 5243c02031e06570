// The read model on SQL, for a connection that only reads: every question one statement, none of them waits for the loop.

import type { ReadModel } from '../../trading/read-model.ts'
import type { Database } from './open.ts'
import { equityReader } from './reader-equity.ts'
import { eventReader } from './reader-events.ts'
import { runReader } from './reader-runs.ts'
import { trainingReader } from './reader-trainings.ts'

/** @example sqlReader(openReader('.ratchet/ratchet.db')) */
export function sqlReader(db: Database): ReadModel {
  return {
    ...runReader(db),
    ...equityReader(db),
    ...trainingReader(db),
    ...eventReader(db),
    async ping() {
      await db.selectFrom('runs').select('run_id').limit(1).execute()
    },
    close: () => db.destroy(),
  }
}
