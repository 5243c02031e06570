// The multiplicity ledger on SQL. Rows are added and read; nothing here changes or removes one.

import type { LedgerEntry, LedgerKind } from '../../trading/ledger/entry.ts'
import { nextEntry } from '../../trading/ledger/entry.ts'
import type { Ledger } from '../../trading/ledger/ledger.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

const toEntry = (row: Tables['ledger']): LedgerEntry => ({
  seq: row.seq,
  key: row.key,
  at: row.at,
  kind: row.kind as LedgerKind,
  hypothesis: row.hypothesis,
  subject: row.subject,
  actor: row.actor,
  configSha256: row.config_sha256,
  snapshotId: row.snapshot_id,
  until: row.until,
  body: row.body,
  prevHash: row.prev_hash,
  hash: row.hash,
})

const toRow = (entry: LedgerEntry): Tables['ledger'] => ({
  seq: entry.seq,
  key: entry.key,
  at: entry.at,
  kind: entry.kind,
  hypothesis: entry.hypothesis,
  subject: entry.subject,
  actor: entry.actor,
  config_sha256: entry.configSha256,
  snapshot_id: entry.snapshotId,
  until: entry.until,
  body: entry.body,
  prev_hash: entry.prevHash,
  hash: entry.hash,
})

export function sqlLedger(db: Database): Ledger {
  return {
    async append(drafts) {
      if (drafts.length === 0) return
      await db.transaction().execute(async tx => {
        const head = tx.selectFrom('ledger').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1)
        let last: Pick<LedgerEntry, 'seq' | 'hash'> | undefined = await head.executeTakeFirst()
        for (const draft of drafts) {
          const known = tx.selectFrom('ledger').select('seq').where('key', '=', draft.key)
          if ((await known.executeTakeFirst()) !== undefined) continue
          const entry = nextEntry(last, draft)
          await tx.insertInto('ledger').values(toRow(entry)).execute()
          last = entry
        }
      })
    },
    async entries(hypothesis) {
      let query = db.selectFrom('ledger').selectAll().orderBy('seq')
      if (hypothesis !== undefined) query = query.where('hypothesis', '=', hypothesis)
      return (await query.execute()).map(toEntry)
    },
  }
}
