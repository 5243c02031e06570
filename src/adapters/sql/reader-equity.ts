// Equity of a run, bar by bar, on SQL.

import { sql } from 'kysely'
import type { EquityReader, StoredPoint } from '../../trading/read-model.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

const pointOf = (row: Omit<Tables['equity_points'], 'run_id'>): StoredPoint => ({
  at: row.at,
  equityMicros: row.equity_micros,
  holdMicros: row.hold_micros,
  previousMicros: row.previous_micros,
})

export function equityReader(db: Database): EquityReader {
  const ofRun = (runId: string) => db.selectFrom('equity_points').where('run_id', '=', runId)
  return {
    async lastPoint(runId) {
      const row = await ofRun(runId).selectAll().orderBy('at', 'desc').limit(1).executeTakeFirst()
      return row === undefined ? undefined : pointOf(row)
    },
    async peakMicros(runId) {
      const { peak } = await ofRun(runId)
        .select(select => select.fn.max('equity_micros').as('peak'))
        .executeTakeFirstOrThrow()
      return peak ?? undefined
    },
    async pointsUntil(runId, at) {
      const { count } = await ofRun(runId)
        .select(select => select.fn.countAll<number>().as('count'))
        .where('at', '<=', at)
        .executeTakeFirstOrThrow()
      return count
    },
    async points(runId, stride) {
      const rows = await db
        .with('numbered', with_ =>
          with_
            .selectFrom('equity_points')
            .select(['at', 'equity_micros', 'hold_micros', 'previous_micros'])
            .select([sql<number>`row_number() over (order by at)`.as('place'), sql<number>`count(*) over ()`.as('all')])
            .where('run_id', '=', runId),
        )
        .selectFrom('numbered')
        .select(['at', 'equity_micros', 'hold_micros', 'previous_micros'])
        .where(sql<boolean>`(place - 1) % ${stride} = 0 or place = "all"`)
        .orderBy('at')
        .execute()
      return rows.map(pointOf)
    },
  }
}
