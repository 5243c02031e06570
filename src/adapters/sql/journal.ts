// The journal on SQL: a batch is one transaction.

import { canonicalJson } from '../../base/canonical-json.ts'
import type { Journal } from '../../trading/journal.ts'
import type { Database } from './open.ts'

/** SQLite binds at most 32,766 parameters in one statement; the widest table has 19 columns. */
const ROWS_PER_STATEMENT = 1000

function* slices<T>(rows: readonly T[]): Iterable<readonly T[]> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) yield rows.slice(from, from + ROWS_PER_STATEMENT)
}

export function sqlJournal(db: Database): Journal {
  return {
    async nextRunNumber() {
      const { count } = await db
        .selectFrom('runs')
        .select(select => select.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return count + 1
    },
    async startRun(run) {
      await db.transaction().execute(async tx => {
        await tx
          .insertInto('config_snapshots')
          .values({ snapshot_id: run.configSnapshot.id, body: run.configSnapshot.body })
          .onConflict(conflict => conflict.doNothing())
          .execute()
        await tx
          .insertInto('runs')
          .values({
            run_id: run.runId,
            channel: run.channel,
            started_at: run.startedAt,
            ended_at: null,
            state: 'running',
            seed: String(run.seed),
            symbol: run.symbol,
            data_hash: run.dataHash,
            config_snapshot: run.configSnapshot.id,
            summary: null,
          })
          .execute()
      })
    },
    async record(runId, { decisions, orders, fills, trades, equity, provenance }) {
      await db.transaction().execute(async tx => {
        for (const slice of slices(
          decisions.map(decision => ({
            run_id: runId,
            seq: decision.seq,
            decision_id: decision.decisionId,
            at: decision.time,
            symbol: decision.symbol,
            release_id: decision.releaseId,
            feature_hash: decision.featuresHash,
            action: decision.outcome,
            confidence: decision.confidence,
            refusal: decision.reasons[0]?.code ?? null,
            explanation: canonicalJson(decision),
          })),
        ))
          await tx.insertInto('decisions').values(slice).execute()
        for (const slice of slices(
          orders.map(order => ({
            run_id: runId,
            order_id: order.id,
            decision_id: order.decisionId,
            symbol: order.symbol,
            side: order.side,
            quantity: order.quantity,
            role: order.role,
            type: order.type,
            price: order.price ?? null,
            created_at: order.createdAt,
            body: canonicalJson(order),
          })),
        ))
          await tx.insertInto('orders').values(slice).execute()
        for (const slice of slices(
          fills.map(fill => ({
            run_id: runId,
            trade_id: fill.tradeId,
            order_id: fill.orderId,
            decision_id: fill.decisionId,
            symbol: fill.symbol,
            side: fill.side,
            quantity: fill.quantity,
            role: fill.role,
            price: fill.price,
            slippage: fill.slippage,
            commission_micros: fill.commissionMicros,
            at: fill.time,
          })),
        ))
          await tx.insertInto('fills').values(slice).execute()
        for (const slice of slices(
          trades.map(trade => ({
            run_id: runId,
            decision_id: trade.decisionId,
            release_id: trade.releaseId,
            symbol: trade.symbol,
            strategy: trade.strategy,
            side: trade.side,
            quantity: trade.quantity,
            entry: trade.entry,
            exit: trade.exit,
            entry_time: trade.entryTime,
            exit_time: trade.exitTime,
            exit_reason: trade.exitReason,
            gross_micros: trade.grossMicros,
            costs_micros: trade.costsMicros,
            net_micros: trade.netMicros,
            planned_loss_micros: trade.plannedLossMicros,
            r: trade.r,
            origin: 'paper' as const,
            provenance,
          })),
        ))
          await tx.insertInto('outcomes').values(slice).execute()
        for (const slice of slices(
          equity.map(point => ({ run_id: runId, at: point.at, equity_micros: point.equityMicros })),
        ))
          await tx.insertInto('equity_points').values(slice).execute()
      })
    },
    async recordTraining(training) {
      await db
        .insertInto('training_runs')
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
        })
        .execute()
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
        release:
          row.release_id === null
            ? null
            : {
                releaseId: row.release_id,
                channel: row.channel!,
                version: row.version!,
                manifestSha256: row.manifest_sha256!,
              },
        fault: row.fault,
        report: row.report,
      }))
    },
    async endRun(runId, { state, endedAt, summary }) {
      await db.updateTable('runs').set({ state, ended_at: endedAt, summary }).where('run_id', '=', runId).execute()
    },
  }
}
