// The journal on SQL: a batch is one transaction.

import type { InsertObject, Selectable, Transaction } from 'kysely'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Journal, TrainedRelease } from '../../trading/journal.ts'
import { decisionRow, equityRow, fillRow, orderRow, outcomeRow } from './journal-rows.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'
import { recordTold } from './told.ts'

/** SQLite binds at most 32,766 parameters in one statement; the widest table has 19 columns. */
const ROWS_PER_STATEMENT = 1000

async function insertAll<T extends keyof Tables>(
  tx: Transaction<Tables>,
  table: T,
  rows: readonly InsertObject<Tables, T>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    await tx
      .insertInto(table)
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .execute()
  }
}

type ReleaseColumns = Pick<
  Selectable<Tables['training_runs']>,
  'release_id' | 'channel' | 'version' | 'manifest_sha256'
>

const releaseOf = ({ release_id, channel, version, manifest_sha256 }: ReleaseColumns): TrainedRelease | null =>
  release_id === null
    ? null
    : { releaseId: release_id, channel: channel!, version: version!, manifestSha256: manifest_sha256! }

export function sqlJournal(db: Database): Journal {
  return {
    async nextRunNumber() {
      const { count } = await db
        .selectFrom('runs')
        .select(select => select.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      // Runs may be erased, and what they tried stays in the ledger under their number; the history knows how many began.
      const { begun } = await db
        .selectFrom('slot_events')
        .select(select => select.fn.countAll<number>().as('begun'))
        .where('event', '=', 'restarted')
        .executeTakeFirstOrThrow()
      return Math.max(count, begun) + 1
    },
    async startRun(run) {
      await db.transaction().execute(async tx => {
        await tx
          .insertInto('config_snapshots')
          .values({ snapshot_id: run.configSnapshot.id, body: run.configSnapshot.body })
          .onConflict(conflict => conflict.doNothing())
          .execute()
        const row = {
          channel: run.channel,
          started_at: run.startedAt,
          ended_at: null,
          state: 'running',
          seed: String(run.seed),
          symbol: run.symbol,
          data_hash: run.dataHash,
          config_snapshot: run.configSnapshot.id,
          summary: null,
          facts: canonicalJson(run.facts),
          bars_done: 0,
        } as const
        await tx
          .insertInto('runs')
          .values({ run_id: run.runId, ...row })
          .onConflict(conflict => conflict.column('run_id').doUpdateSet(row))
          .execute()
      })
    },
    async record(runId, { decisions, orders, fills, trades, equity, provenance, ...told }) {
      const own = <T extends object>(row: T) => ({ run_id: runId, ...row })
      return db.transaction().execute(async tx => {
        await insertAll(tx, 'decisions', decisions.map(decisionRow).map(own))
        await insertAll(tx, 'orders', orders.map(orderRow).map(own))
        await insertAll(tx, 'fills', fills.map(fillRow).map(own))
        await insertAll(tx, 'outcomes', trades.map(trade => outcomeRow(trade, provenance)).map(own))
        await insertAll(tx, 'equity_points', equity.map(equityRow).map(own))
        return recordTold(tx, runId, told)
      })
    },
    async recordTraining(training) {
      await db
        .replaceInto('training_runs')
        .values({
          training_id: training.trainingId,
          run_id: training.runId,
          symbol: training.symbol,
          as_of: training.asOf,
          status: training.status,
          effective_rows: training.effectiveRows,
          rows: training.rows,
          release_id: training.release?.releaseId ?? null,
          channel: training.release?.channel ?? null,
          version: training.release?.version ?? null,
          manifest_sha256: training.release?.manifestSha256 ?? null,
          fault: training.fault,
          report: training.report,
          number: training.number,
          duration_ms: training.durationMs,
          curves: training.curves,
        })
        .execute()
    },
    async hasTraining(trainingId) {
      const query = db.selectFrom('training_runs').select('training_id').where('training_id', '=', trainingId)
      return (await query.executeTakeFirst()) !== undefined
    },
    async trainings() {
      const rows = await db.selectFrom('training_runs').selectAll().orderBy('as_of').orderBy('training_id').execute()
      return rows.map(row => ({
        trainingId: row.training_id,
        runId: row.run_id,
        symbol: row.symbol,
        asOf: row.as_of,
        status: row.status,
        effectiveRows: row.effective_rows,
        rows: row.rows,
        release: releaseOf(row),
        fault: row.fault,
        report: row.report,
        number: row.number,
        durationMs: row.duration_ms,
        curves: row.curves,
      }))
    },
    async newestRelease(channel) {
      const row = await db
        .selectFrom('training_runs')
        .select(['release_id', 'channel', 'version', 'manifest_sha256'])
        .where('channel', '=', channel)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst()
      return (row && releaseOf(row)) ?? undefined
    },
    async endRun(runId, { state, endedAt, summary }) {
      await db.updateTable('runs').set({ state, ended_at: endedAt, summary }).where('run_id', '=', runId).execute()
    },
  }
}
