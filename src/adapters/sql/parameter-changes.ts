// Parameter changes on SQL: lines are added; only the outcome of one is written later, once.

import type { ParameterChangeStore, ParameterValue, StoredChange } from '../../serving/parameter-changes.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

type Row = {
  readonly [Column in keyof Tables['parameter_changes']]: Column extends 'seq'
    ? number
    : Tables['parameter_changes'][Column]
}

const toChange = (row: Row): StoredChange => ({
  seq: row.seq,
  at: row.at,
  strategyName: row.strategy_name,
  parameterName: row.parameter_name,
  oldValue: JSON.parse(row.old_value) as ParameterValue,
  newValue: JSON.parse(row.new_value) as ParameterValue,
  reason: row.reason,
  ...(row.outcome_pnl === null ? {} : { outcomePnl: row.outcome_pnl }),
  ...(row.was_correct === null ? {} : { wasCorrect: row.was_correct === 1 }),
  ...(row.market_snapshot_id === null ? {} : { marketSnapshotId: row.market_snapshot_id }),
})

const flag = (value: boolean | undefined): 0 | 1 | null => (value === undefined ? null : value ? 1 : 0)

export function sqlParameterChanges(db: Database): ParameterChangeStore {
  const changes = () => db.selectFrom('parameter_changes').selectAll()
  return {
    add: added =>
      db.transaction().execute(async tx => {
        const stored: StoredChange[] = []
        for (const change of added) {
          const { seq } = await tx
            .insertInto('parameter_changes')
            .values({
              at: change.at,
              strategy_name: change.strategyName,
              strategy_key: change.strategyName.toLowerCase(),
              parameter_name: change.parameterName,
              old_value: JSON.stringify(change.oldValue),
              new_value: JSON.stringify(change.newValue),
              reason: change.reason,
              outcome_pnl: change.outcomePnl ?? null,
              was_correct: flag(change.wasCorrect),
              market_snapshot_id: change.marketSnapshotId ?? null,
            })
            .returning('seq')
            .executeTakeFirstOrThrow()
          stored.push({ ...change, seq })
        }
        return stored
      }),
    newest: async limit => (await changes().orderBy('seq', 'desc').limit(limit).execute()).map(toChange),
    async ofStrategy(name, limit) {
      const own = changes().where('strategy_key', '=', name.toLowerCase())
      return (await own.orderBy('seq', 'desc').limit(limit).execute()).map(toChange)
    },
    async within(from, to) {
      const inside = changes().where('at', '>=', from).where('at', '<', to)
      return (await inside.orderBy('at').orderBy('seq').execute()).map(toChange)
    },
    async settle(seq, { outcomePnl, wasCorrect }) {
      const { numUpdatedRows } = await db
        .updateTable('parameter_changes')
        .set({ outcome_pnl: outcomePnl, was_correct: flag(wasCorrect) })
        .where('seq', '=', seq)
        .where('was_correct', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
  }
}
