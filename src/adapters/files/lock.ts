// An advisory lock on a file that dies with its holder: SQLite's exclusive lock, which the kernel gives back (REL-32).

import { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../base/fault.ts'

/**
 * Runs `work` while holding the lock; `LOCK_BUSY` at once when another process or call holds it. The lock file stays.
 *
 * @example await withFileLock('tree/.publish.lock', () => publishRelease(options))
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const database = openLock(path)
  try {
    return await work()
  } finally {
    database.close()
  }
}

function openLock(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (cause) {
    database.close()
    throw new Fault('LOCK_BUSY', 'another process holds the lock', {
      place: path,
      fix: 'wait until it is done and try again',
      cause,
    })
  }
}
