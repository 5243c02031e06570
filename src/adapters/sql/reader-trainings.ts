// Training cycles on SQL.

import type { StoredTraining, TrainingInFull, TrainingReader } from '../../trading/read-model.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

/** Without the texts. */
const SHORT = [
  'training_id',
  'run_id',
  'number',
  'symbol',
  'as_of',
  'status',
  'rows',
  'effective_rows',
  'release_id',
  'manifest_sha256',
  'fault',
  'duration_ms',
] as const

const trainingOf = (row: Pick<Tables['training_runs'], (typeof SHORT)[number]>): StoredTraining => ({
  trainingId: row.training_id,
  runId: row.run_id,
  number: row.number,
  symbol: row.symbol,
  asOf: row.as_of,
  status: row.status,
  rows: row.rows,
  effectiveRows: row.effective_rows,
  releaseId: row.release_id,
  digest: row.manifest_sha256,
  fault: row.fault,
  durationMs: row.duration_ms,
})

export function trainingReader(db: Database): TrainingReader {
  return {
    async trainings(runId) {
      let query = db.selectFrom('training_runs').select(SHORT).orderBy('as_of').orderBy('training_id')
      if (runId !== undefined) query = query.where('run_id', '=', runId)
      return (await query.execute()).map(trainingOf)
    },
    async training(trainingId) {
      const row = await db
        .selectFrom('training_runs')
        .selectAll()
        .where('training_id', '=', trainingId)
        .executeTakeFirst()
      return row === undefined
        ? undefined
        : ({ ...trainingOf(row), report: row.report, curves: row.curves } satisfies TrainingInFull)
    },
    async trainingCounts(runId) {
      const rows = await db
        .selectFrom('training_runs')
        .select('status')
        .select(select => select.fn.countAll<number>().as('count'))
        .where('run_id', '=', runId)
        .groupBy('status')
        .execute()
      return { released: 0, failed: 0, skipped: 0, ...Object.fromEntries(rows.map(row => [row.status, row.count])) }
    },
  }
}
