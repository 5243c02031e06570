// The outbox of events on SQL: read in order of seq, and what is older than its time removed by the writer.

import type { EventReader, StoredEvent } from '../../trading/read-model.ts'
import type { Database } from './open.ts'

const eventOf = (row: { seq: number; run_id: string; topic: string; at: number; body: string }): StoredEvent => ({
  seq: row.seq,
  runId: row.run_id,
  topic: row.topic,
  at: row.at,
  body: row.body,
})

export function eventReader(db: Database): EventReader {
  return {
    async events({ after, limit, topics }) {
      let query = db.selectFrom('events_outbox').selectAll().where('seq', '>', after).orderBy('seq').limit(limit)
      if (topics !== undefined) query = query.where('topic', 'in', topics)
      return (await query.execute()).map(eventOf)
    },
    async newestEvents(runId, topics, limit, before) {
      let query = db
        .selectFrom('events_outbox')
        .selectAll()
        .where('run_id', '=', runId)
        .where('topic', 'in', topics)
        .orderBy('seq', 'desc')
        .limit(limit)
      if (before !== undefined) query = query.where('seq', '<', before)
      return (await query.execute()).map(eventOf)
    },
    async eventSpan() {
      const ends = (direction: 'asc' | 'desc') =>
        db.selectFrom('events_outbox').select('seq').orderBy('seq', direction).limit(1).executeTakeFirst()
      const [oldest, newest] = [await ends('asc'), await ends('desc')]
      return { oldest: oldest?.seq ?? 0, newest: newest?.seq ?? 0 }
    },
  }
}
