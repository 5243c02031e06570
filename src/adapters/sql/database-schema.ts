// The schema of a SQLite file for people: what it has taken, what it would take, forward and back (DB-04).

import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { DatabaseSchema } from '../../base/database-schema.ts'
import { Fault } from '../../base/fault.ts'
import { systemClock } from '../system/clock.ts'
import { openSqlite } from './dialect.ts'
import { stepsTaken, takeBackSteps, takeSteps } from './migrate.ts'
import { stepsOf } from './steps.ts'

async function withSqlite<T>(file: string, work: (database: DatabaseSync) => T): Promise<T> {
  const { database } = openSqlite(file)
  try {
    return work(database)
  } finally {
    database.close()
  }
}

function takenBy(file: string, steps: Awaited<ReturnType<typeof stepsOf>>): ReadonlyMap<string, number> {
  if (!existsSync(file)) return new Map()
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    return stepsTaken(database, steps, file)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const fix = 'check the path and its permissions, or restore a backup'
    throw new Fault('DATABASE_UNREADABLE', `the database cannot be read: ${String(cause)}`, { place: file, fix, cause })
  } finally {
    database.close()
  }
}

export const sqliteSchema: DatabaseSchema = {
  async status(file) {
    const steps = await stepsOf()
    const taken = takenBy(file, steps)
    return steps.map(({ name, up }) => ({ name, takenAt: taken.get(name), statements: up }))
  },
  async migrate(file) {
    const steps = await stepsOf()
    return withSqlite(file, database => takeSteps(database, steps, file, systemClock.now()))
  },
  async rollback(file, to) {
    const steps = await stepsOf()
    return withSqlite(file, database => takeBackSteps(database, steps, file, to))
  },
}
