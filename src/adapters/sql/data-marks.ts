// What was said about data, on SQL: lines are added, never changed.

import type { DataMark, DataMarks } from '../../data/data-marks.ts'
import type { Database } from './open.ts'

export function sqlDataMarks(db: Database): DataMarks {
  return {
    async add({ subject, mark, reason, at }) {
      await db.insertInto('data_marks').values({ subject, mark, reason, at }).execute()
    },
    async list() {
      const rows = await db.selectFrom('data_marks').selectAll().orderBy('seq').execute()
      return rows.map(({ subject, mark, reason, at }) => ({ subject, mark: mark as DataMark['mark'], reason, at }))
    },
  }
}
