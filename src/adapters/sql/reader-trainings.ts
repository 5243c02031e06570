// Training cycles on SQL.

import type { StoredTraining, TrainingReader } from '../../trading/read-model.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

const trainingOf = (row: Tables['training_runs']): StoredTraining => ({
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
  report: row.report,
  durationMs: row.duration_ms,
  curves: row.curves,
})

export function trainingReader(db: Database): TrainingReader {
  return {
    async trainings(runId) {
      let query = db.selectFrom('training_runs').selectAll().orderBy('as_of').orderBy('training_id')
      if (runId !== undefined) query = query.where('run_id', '=', runId)
      return (await query.execute()).map(trainingOf)
    },
    async training(trainingId) {
      const row = await db
        .selectFrom('training_runs')
        .selectAll()
        .where('training_id', '=', trainingId)
        .executeTakeFirst()
      return row === undefined ? undefined : trainingOf(row)
    },
  }
}
