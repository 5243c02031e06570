// What SQLite refuses, as faults with a stable code: https://sqlite.org/rescode.html, primary result codes.

import { Fault } from '../../base/fault.ts'

type Words = readonly [code: string, sentence: string, fix: string]

const RESTORE = 'restore the newest backup: ratchet backup list, ratchet backup restore ID'
const BUSY: Words = ['DATABASE_BUSY', 'somebody else has been writing for too long', 'try again in a moment']
const WORDS: ReadonlyMap<number, Words> = new Map([
  [5, BUSY],
  [6, BUSY],
  [8, ['DATABASE_FORBIDDEN', 'the database may only be read', 'give the owner of this process the right to write it']],
  [10, ['DATABASE_IO', 'the disk under the database fails', 'check the disk, then start again']],
  [11, ['DATABASE_CORRUPT', 'the database is damaged', RESTORE]],
  [13, ['DISK_FULL', 'the disk under the database is full', 'make room: what was acknowledged is kept']],
  [14, ['DATABASE_UNREADABLE', 'the database cannot be opened', 'check the path and its permissions']],
  [26, ['DATABASE_CORRUPT', 'the file is not a database', RESTORE]],
])

/** The fault in words, or the cause as it is where it is not about the file (a constraint, a bug). */
export function sqliteFault(cause: unknown, place: string): unknown {
  if (!(cause instanceof Error && 'errcode' in cause && typeof cause.errcode === 'number')) return cause
  const words = WORDS.get(cause.errcode & 0xff)
  if (words === undefined) return cause
  const [code, sentence, fix] = words
  return new Fault(code, `${sentence}: ${cause.message}`, { place, fix, cause })
}

/** Runs one operation on the file. */
export function onSqlite<T>(place: string, operation: () => T): T {
  try {
    return operation()
  } catch (cause) {
    throw sqliteFault(cause, place)
  }
}
