// Runs with their decisions, fills and closed trades on SQL. Pages are found by their last row, so inserts do not shift them.

import { sql } from 'kysely'
import type { Order } from '../../market/trade.ts'
import type { DecisionRecord } from '../../trading/decision.ts'
import { ulidTime } from '../../trading/decision-id.ts'
import type { RunFacts } from '../../trading/journal.ts'
import type { PageQuery, RunReader, StoredFill, StoredRun, StoredTrade } from '../../trading/read-model.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

const runOf = (row: Tables['runs']): StoredRun => ({
  runId: row.run_id,
  channel: row.channel,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  state: row.state,
  seed: row.seed,
  symbol: row.symbol,
  dataHash: row.data_hash,
  configSnapshot: row.config_snapshot,
  summary: row.summary,
  facts: row.facts === null ? null : (JSON.parse(row.facts) as RunFacts),
  barsDone: row.bars_done,
})

const fillOf = (row: Tables['fills']): StoredFill => ({
  tradeId: row.trade_id,
  orderId: row.order_id,
  decisionId: row.decision_id,
  side: row.side,
  quantity: row.quantity,
  role: row.role,
  price: row.price,
  slippage: row.slippage,
  commissionMicros: row.commission_micros,
  at: row.at,
})

const tradeOf = (row: Tables['outcomes'], decisionSeq: number): StoredTrade => ({
  decisionId: row.decision_id,
  decisionSeq,
  releaseId: row.release_id,
  strategy: row.strategy,
  side: row.side,
  quantity: row.quantity,
  entry: row.entry,
  exit: row.exit,
  entryTime: row.entry_time,
  exitTime: row.exit_time,
  exitReason: row.exit_reason,
  grossMicros: row.gross_micros,
  costsMicros: row.costs_micros,
  netMicros: row.net_micros,
  r: row.r,
})

/** All instants lie within (ECMA-262, time values). */
const END_OF_TIME = 8.64e15

/** The rows of a page: by time, then by name among equal times, after the last row of the page before. */
function onPage({ from, to, after, newestFirst }: PageQuery, time: string, name: string) {
  const [at, id] = [sql.ref(time), sql.ref(name)]
  const during = sql<boolean>`${at} between ${from ?? -END_OF_TIME} and ${to ?? END_OF_TIME}`
  if (after === undefined) return during
  const beyond = sql.raw(newestFirst ? '<' : '>')
  return sql<boolean>`${during} and (${at}, ${id}) ${beyond} (${after.at}, ${after.id})`
}

/** All rows where no kind is asked for. */
const ofKind = (column: string, kind: string | undefined) =>
  kind === undefined ? sql<boolean>`true` : sql<boolean>`${sql.ref(column)} = ${kind}`

const direction = ({ newestFirst }: Pick<PageQuery, 'newestFirst'>) => (newestFirst ? 'desc' : 'asc')

const recordOf = (row: { readonly explanation: string }): DecisionRecord =>
  JSON.parse(row.explanation) as DecisionRecord

export function runReader(db: Database): RunReader {
  const decisionsOf = (runId: string) => db.selectFrom('decisions').where('run_id', '=', runId)
  const one = async (query: Promise<{ explanation: string } | undefined>) => {
    const row = await query
    return row === undefined ? undefined : recordOf(row)
  }

  /** Seq of each decision, found by the time in its name: names have no index of their own. */
  const seqs = async (runId: string, decisionIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    if (decisionIds.length === 0) return new Map()
    const rows = await decisionsOf(runId)
      .select(['decision_id', 'seq'])
      .where('at', 'in', [...new Set(decisionIds.map(ulidTime))])
      .execute()
    return new Map(rows.map(row => [row.decision_id, row.seq]))
  }
  /** Lots by order. */
  const filledOf = async (runId: string, orderIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    if (orderIds.length === 0) return new Map()
    const rows = await db
      .selectFrom('fills')
      .select(select => ['order_id', select.fn.sum<number>('quantity').as('lots')])
      .where('run_id', '=', runId)
      .where('order_id', 'in', orderIds)
      .groupBy('order_id')
      .execute()
    return new Map(rows.map(row => [row.order_id, row.lots]))
  }
  const trades = async (runId: string, rows: readonly Tables['outcomes'][]): Promise<StoredTrade[]> => {
    const known = await seqs(
      runId,
      rows.map(row => row.decision_id),
    )
    return rows.map(row => tradeOf(row, known.get(row.decision_id) ?? -1))
  }

  return {
    async runs() {
      const rows = await db
        .selectFrom('runs')
        .selectAll()
        .orderBy('started_at', 'desc')
        .orderBy('run_id', 'desc')
        .execute()
      return rows.map(runOf)
    },
    async configuration(snapshotId) {
      const row = await db
        .selectFrom('config_snapshots')
        .select('body')
        .where('snapshot_id', '=', snapshotId)
        .executeTakeFirst()
      return row?.body
    },
    async decisions({ runId, outcome, from, to, afterSeq, limit, newestFirst }) {
      let query = decisionsOf(runId).select('explanation').orderBy('seq', direction({ newestFirst })).limit(limit)
      if (outcome !== undefined) query = query.where('action', '=', outcome)
      if (from !== undefined) query = query.where('at', '>=', from)
      if (to !== undefined) query = query.where('at', '<=', to)
      if (afterSeq !== undefined) query = query.where('seq', newestFirst ? '<' : '>', afterSeq)
      return (await query.execute()).map(recordOf)
    },
    decision: (runId, seq) => one(decisionsOf(runId).select('explanation').where('seq', '=', seq).executeTakeFirst()),
    decisionNamed: (runId, decisionId) =>
      one(
        decisionsOf(runId)
          .select('explanation')
          .where('at', '=', ulidTime(decisionId))
          .where('decision_id', '=', decisionId)
          .executeTakeFirst(),
      ),
    lastDecision: runId =>
      one(decisionsOf(runId).select('explanation').orderBy('seq', 'desc').limit(1).executeTakeFirst()),
    async decisionCounts(runId, afterSeq) {
      return decisionsOf(runId)
        .select(['action as outcome', 'refusal as reason'])
        .select(select => [select.fn.countAll<number>().as('count'), select.fn.max('seq').as('last')])
        .where('seq', '>', afterSeq)
        .groupBy(['action', 'refusal'])
        .execute()
    },
    async decisionCount(runId) {
      const { count } = await decisionsOf(runId)
        .select(select => select.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return count
    },
    async order(runId, orderId) {
      const row = await db
        .selectFrom('orders')
        .select('body')
        .where('run_id', '=', runId)
        .where('order_id', '=', orderId)
        .executeTakeFirst()
      return row === undefined ? undefined : (JSON.parse(row.body) as Order)
    },
    async entryFill(runId, decisionId) {
      const row = await db
        .selectFrom('fills')
        .selectAll()
        .where('run_id', '=', runId)
        .where('decision_id', '=', decisionId)
        .where('role', '=', 'entry')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? undefined : fillOf(row)
    },
    async orders(query) {
      const rows = await db
        .selectFrom('orders')
        .select(['decision_id', 'body'])
        .where('run_id', '=', query.runId)
        .where(ofKind('role', query.role))
        .where(onPage(query, 'created_at', 'order_id'))
        .orderBy('created_at', direction(query))
        .orderBy('order_id', direction(query))
        .limit(query.limit)
        .execute()
      const orders = rows.map(({ body }) => JSON.parse(body) as Order)
      const filled = await filledOf(
        query.runId,
        orders.map(({ id }) => id),
      )
      const known = await seqs(
        query.runId,
        rows.map(row => row.decision_id),
      )
      return orders.map(order => ({
        order,
        decisionSeq: known.get(order.decisionId) ?? -1,
        filled: filled.get(order.id) ?? 0,
      }))
    },
    async fills(query) {
      const rows = await db
        .selectFrom('fills')
        .selectAll()
        .where('run_id', '=', query.runId)
        .where(ofKind('role', query.role))
        .where(onPage(query, 'at', 'trade_id'))
        .orderBy('at', direction(query))
        .orderBy('trade_id', direction(query))
        .limit(query.limit)
        .execute()
      return rows.map(fillOf)
    },
    async position(runId) {
      const { lots } = await db
        .selectFrom('fills')
        .select(select => select.fn.sum<number | null>(select('side', '*', select.ref('quantity'))).as('lots'))
        .where('run_id', '=', runId)
        .executeTakeFirstOrThrow()
      return lots ?? 0
    },
    async trades(query) {
      const rows = await db
        .selectFrom('outcomes')
        .selectAll()
        .where('run_id', '=', query.runId)
        .where(ofKind('exit_reason', query.exitReason))
        .where(onPage(query, 'exit_time', 'decision_id'))
        .orderBy('exit_time', direction(query))
        .orderBy('decision_id', direction(query))
        .limit(query.limit)
        .execute()
      return trades(query.runId, rows)
    },
    async tradeOf(runId, decisionId) {
      const rows = await db
        .selectFrom('outcomes')
        .selectAll()
        .where('run_id', '=', runId)
        .where('decision_id', '=', decisionId)
        .limit(1)
        .execute()
      return (await trades(runId, rows))[0]
    },
    async tradeCount(runId) {
      const { count } = await db
        .selectFrom('outcomes')
        .select(select => select.fn.countAll<number>().as('count'))
        .where('run_id', '=', runId)
        .executeTakeFirstOrThrow()
      return count
    },
  }
}
