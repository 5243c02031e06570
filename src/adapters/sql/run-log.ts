// A run's own past on SQL.

import type { RunFacts } from '../../trading/journal.ts'
import type { RunLog } from '../../trading/run-log.ts'
import { eraseRuns } from './erase-runs.ts'
import type { Database } from './open.ts'
import { pruneEvents } from './prune-events.ts'

export function sqlRunLog(db: Database): RunLog {
  return {
    async latest() {
      const row = await db
        .selectFrom('runs')
        .selectAll()
        .orderBy('started_at', 'desc')
        .orderBy('run_id', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const facts = row.facts === null ? undefined : (JSON.parse(row.facts) as RunFacts)
      const { bars_done: barsDone, progress_hash: hash } = row
      return {
        runId: row.run_id,
        state: row.state,
        seed: row.seed,
        symbol: row.symbol,
        dataHash: row.data_hash,
        configSnapshot: row.config_snapshot,
        codeVersion: facts?.codeVersion ?? null,
        asked: facts?.asked,
        progress: barsDone === null || hash === null ? undefined : { barsDone, hash },
      }
    },
    cycles: runId =>
      db
        .selectFrom('cycles')
        .select(['cycle as slot', 'bar', 'body'])
        .where('run_id', '=', runId)
        .orderBy('cycle')
        .execute(),
    inputs: runId =>
      db.selectFrom('run_inputs').select(['seq', 'bar', 'body']).where('run_id', '=', runId).orderBy('seq').execute(),
    async recordCycle(runId, { slot, bar, body }) {
      await db.replaceInto('cycles').values({ run_id: runId, cycle: slot, bar, body }).execute()
    },
    prune: (nowMs, live) => pruneEvents(db, { nowMs, live }),
    erase: what => eraseRuns(db, what),
    async reopen(runId) {
      await db.updateTable('runs').set({ state: 'running', ended_at: null }).where('run_id', '=', runId).execute()
    },
  }
}
