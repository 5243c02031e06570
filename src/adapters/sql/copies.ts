// Copies of a live SQLite file by its own backup, and what stands in one (DB-08).

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, stat } from 'node:fs/promises'
import { backup, DatabaseSync } from 'node:sqlite'
import type { DatabaseCopies, DatabaseFacts } from '../../base/database-copies.ts'
import { Fault } from '../../base/fault.ts'
import { onSqlite } from './sqlite-fault.ts'

const open = (file: string): DatabaseSync =>
  onSqlite(file, () => new DatabaseSync(file, { readOnly: true, timeout: 5000 }))

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

function standing(database: DatabaseSync): Pick<DatabaseFacts, 'damage' | 'rows'> {
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
  try {
    const found = database
      .prepare('pragma integrity_check')
      .all()
      .map(row => String(row['integrity_check']))
    if (found.join() !== 'ok') return { damage: found.slice(0, 3).join('; '), rows: {} }
    const tables = database.prepare(`select name from sqlite_schema where type = 'table' order by name`).all()
    const rows = tables.map(({ name }) => {
      const table = String(name)
      return [table, Number(database.prepare(`select count(*) as n from ${quoted(table)}`).get()?.['n'])] as const
    })
    return { damage: undefined, rows: Object.fromEntries(rows) }
  } catch (cause) {
    // A file that is no database says so at the first question.
    return { damage: String(cause), rows: {} }
  }
}

export const sqliteCopies: DatabaseCopies = {
  async copy(file, target) {
    const source = open(file)
    try {
      await backup(source, target)
      // One file, without a log beside it; whoever opens it as a state directory's database makes one again.
      const copied = new DatabaseSync(target)
      copied.exec('PRAGMA journal_mode=DELETE')
      copied.close()
      await chmod(target, 0o600)
    } catch (cause) {
      const fix = 'check free disk, and that the database is whole: ratchet doctor'
      throw new Fault('BACKUP_FAILED', `the database could not be copied: ${String(cause)}`, {
        place: target,
        fix,
        cause,
      })
    } finally {
      source.close()
    }
  },
  async inspect(file) {
    const { size } = await stat(file)
    const sha256 = await digestOf(file)
    const database = open(file)
    try {
      return { sha256, size, ...standing(database) }
    } finally {
      database.close()
    }
  },
}
