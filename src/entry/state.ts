// A state directory as the stores of the program: SQLite for records, DuckDB for bars.

import { barStore } from '../adapters/duckdb/bar-store.ts'
import { nodeDisk } from '../adapters/files/disk.ts'
import { macroStore } from '../adapters/files/macro-store.ts'
import { sqlDataMarks } from '../adapters/sql/data-marks.ts'
import { sqlDataSets } from '../adapters/sql/data-sets.ts'
import { sqliteSchema } from '../adapters/sql/database-schema.ts'
import { sqlJournal } from '../adapters/sql/journal.ts'
import { sqlLedger } from '../adapters/sql/ledger.ts'
import { type Database, openDatabase } from '../adapters/sql/open.ts'
import { openReader } from '../adapters/sql/open-reader.ts'
import { sqlParameterChanges } from '../adapters/sql/parameter-changes.ts'
import { sqlReader } from '../adapters/sql/reader.ts'
import { sqlRegistry } from '../adapters/sql/registry.ts'
import { sqlRunLog } from '../adapters/sql/run-log.ts'
import { Fault } from '../base/fault.ts'
import type { State } from '../loop/ports.ts'
import { type DatabaseCare, openStateDatabase } from './state-database.ts'

/** The stores of a directory on its open database, which they close. */
export function stateOf(directory: string, database: Database): State {
  return {
    directory,
    registry: sqlRegistry(database),
    journal: sqlJournal(database),
    runLog: sqlRunLog(database),
    records: sqlReader(database),
    ledger: sqlLedger(database),
    parameterChanges: sqlParameterChanges(database),
    bars: barStore(nodeDisk(), `${directory}/data`),
    dataSets: sqlDataSets(database),
    dataMarks: sqlDataMarks(database),
    macro: macroStore(nodeDisk(), `${directory}/data`),
    close: () => database.destroy(),
  }
}

export const openState = async (directory: string, care?: DatabaseCare): Promise<State> =>
  stateOf(directory, await openStateDatabase(directory, care))

/**
 * For whoever only reads, also beside a loop that writes (CLI-01): nothing is made, changed or brought to a newer schema. A directory without
 * records reads as an empty one. Fault: `SCHEMA_BEHIND`, and those of a database that cannot be read.
 */
export async function readState(directory: string): Promise<State> {
  const file = `${directory}/ratchet.db`
  if ((await nodeDisk().stat(file)) === undefined) return stateOf(directory, await openDatabase(':memory:'))
  const missing = (await sqliteSchema.status(file)).filter(({ takenAt }) => takenAt === undefined)
  if (missing.length === 0) return stateOf(directory, openReader(file))
  throw new Fault('SCHEMA_BEHIND', `the records have not taken ${missing.map(({ name }) => name).join(', ')}`, {
    place: file,
    fix: 'reading changes nothing; take the steps: ratchet db migrate',
  })
}
