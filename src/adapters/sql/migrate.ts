// Brings a database to a step of the schema and back, all or nothing: killed anywhere it is as it was before or as it should be (DB-04).

import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../base/fault.ts'
import type { Step } from './steps.ts'

/** What this needs of a database. */
export type Executes = Pick<DatabaseSync, 'exec' | 'prepare'>

/** Name and moment of each step that the database has taken. */
export type Taken = ReadonlyMap<string, number>

/** Older programs look there too, and refuse a step that they do not know. */
const BOOK = 'kysely_migration'

const hasBook = (database: Executes): boolean =>
  database.prepare(`select 1 from sqlite_schema where type = 'table' and name = '${BOOK}'`).get() !== undefined

const hasChecksums = (database: Executes): boolean =>
  database.prepare(`select 1 from pragma_table_info('${BOOK}') where name = 'sha256'`).get() !== undefined

/** Faults: `SCHEMA_TOO_NEW`, `MIGRATION_CHANGED`. */
export function stepsTaken(database: Executes, steps: readonly Step[], place: string): Taken {
  if (!hasBook(database)) return new Map()
  const sha = hasChecksums(database) ? 'sha256' : 'null as sha256'
  const rows = database.prepare(`select name, timestamp, ${sha} from ${BOOK} order by name`).all()
  const known = new Map(steps.map(step => [step.name, step]))
  for (const row of rows) {
    const { sha256 } = row
    const name = String(row['name'])
    const step = known.get(name)
    if (step === undefined) {
      throw new Fault('SCHEMA_TOO_NEW', `the database was written by a newer Ratchet: it has taken step ${name}`, {
        place,
        fix: 'run that version or newer; it can go back with: ratchet db rollback',
      })
    }
    if (sha256 !== null && sha256 !== step.sha256) {
      throw new Fault('MIGRATION_CHANGED', `step ${name} of the schema is not the one that this database has taken`, {
        place,
        fix: 'run the version that wrote the database, or restore a backup: ratchet backup list',
      })
    }
  }
  return new Map(rows.map(({ name, timestamp }) => [String(name), Date.parse(String(timestamp))]))
}

function whole<T>(database: Executes, place: string, work: () => T): T {
  try {
    // Two that start at once: the second waits here and finds nothing left to do.
    database.exec('BEGIN IMMEDIATE')
    const done = work()
    database.exec('COMMIT')
    return done
  } catch (cause) {
    if ('isTransaction' in database && database.isTransaction === true) database.exec('ROLLBACK')
    if (cause instanceof Fault) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('MIGRATION_FAILED', `the schema of the database could not be changed: ${why}`, {
      place,
      fix: 'nothing was changed; check free disk space and permissions, then start again',
      cause,
    })
  }
}

/** Takes what is missing. @returns its names. Faults: those of `stepsTaken`, `MIGRATION_FAILED` */
export function takeSteps(database: Executes, steps: readonly Step[], place: string, nowMs: number): string[] {
  const before = stepsTaken(database, steps, place)
  if (steps.every(({ name }) => before.has(name)) && hasChecksums(database)) return []
  return whole(database, place, () => {
    database.exec(
      `create table if not exists ${BOOK} (name varchar(255) primary key not null, timestamp varchar(255) not null)`,
    )
    if (!hasChecksums(database)) database.exec(`alter table ${BOOK} add column sha256 text`)
    const taken = stepsTaken(database, steps, place)
    const missing = steps.filter(({ name }) => !taken.has(name))
    const entry = database.prepare(
      `insert into ${BOOK} (name, timestamp, sha256) values (?, ?, ?) on conflict (name) do update set sha256 = excluded.sha256`,
    )
    for (const { name, up, sha256 } of steps) {
      if (!taken.has(name)) for (const statement of up) database.exec(statement)
      entry.run(name, new Date(nowMs).toISOString(), sha256)
    }
    return missing.map(({ name }) => name)
  })
}

/** Takes back every step after number `to`. @returns their names, newest first. Faults: likewise */
export function takeBackSteps(database: Executes, steps: readonly Step[], place: string, to: number): string[] {
  return whole(database, place, () => {
    const taken = stepsTaken(database, steps, place)
    const gone = steps.filter(({ name }) => taken.has(name) && Number.parseInt(name, 10) > to).reverse()
    for (const { name, down } of gone) {
      if (down.length === 0) throw new Fault('MIGRATION_FAILED', `step ${name} has no way back`, { place })
      for (const statement of down) database.exec(statement)
      database.prepare(`delete from ${BOOK} where name = ?`).run(name)
    }
    return gone.map(({ name }) => name)
  })
}
