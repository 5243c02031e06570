// The steps of the schema in their order. A step that was released is never changed: its checksum stands in databases (DB-04).

import type { Migration } from 'kysely/migration'
import { spine } from './0001-spine.ts'
import { window } from './0002-window.ts'
import { lists } from './0003-lists.ts'
import { dataMarks } from './0004-data-marks.ts'
import { ledger } from './0005-ledger.ts'
import { lookups } from './0006-lookups.ts'
import { operator } from './0007-operator.ts'
import { idempotency } from './0008-idempotency.ts'
import { seriesHeads } from './0009-series-heads.ts'
import { halts } from './0010-halts.ts'

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-spine': spine,
  '0002-window': window,
  '0003-lists': lists,
  '0004-data-marks': dataMarks,
  '0005-ledger': ledger,
  '0006-lookups': lookups,
  '0007-operator': operator,
  '0008-idempotency': idempotency,
  '0009-series-heads': seriesHeads,
  '0010-halts': halts,
}
