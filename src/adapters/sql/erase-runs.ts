// Takes runs out of the database with all that they wrote. The history of slots and the ledger stay: they are chains that nobody may cut.

import type { RunsToErase } from '../../trading/run-log.ts'
import type { Database } from './open.ts'

const OF_RUNS = [
  'decisions',
  'orders',
  'fills',
  'outcomes',
  'equity_points',
  'events_outbox',
  'risk_state',
  'kill_events',
  'run_inputs',
  'cycles',
  'training_runs',
  'runs',
] as const

/** One transaction. */
export async function eraseRuns(db: Database, { channels, dataHashes, symbol }: RunsToErase): Promise<void> {
  await db.transaction().execute(async tx => {
    const runs = (await tx.selectFrom('runs').select('run_id').where('channel', 'in', channels).execute()).map(
      row => row.run_id,
    )
    for (const table of OF_RUNS) await tx.deleteFrom(table).where('run_id', 'in', runs).execute()
    const digests = (await tx.selectFrom('releases').select('digest').where('channel', 'in', channels).execute()).map(
      row => row.digest,
    )
    for (const table of ['release_members', 'gate_results', 'blocklist', 'releases'] as const) {
      await tx.deleteFrom(table).where('digest', 'in', digests).execute()
    }
    const kept = tx.selectFrom('release_members').select('sha256')
    await tx.deleteFrom('artifacts').where('sha256', 'not in', kept).execute()
    await tx.deleteFrom('data_partitions').where('hash', 'in', dataHashes).where('symbol', '=', symbol).execute()
    await tx.deleteFrom('data_sets').where('hash', 'in', dataHashes).where('symbol', '=', symbol).execute()
  })
}
