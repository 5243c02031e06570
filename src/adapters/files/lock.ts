// An advisory lock on a file that dies with its holder: SQLite's exclusive lock, which the kernel gives back (REL-32).

import { readFileSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../base/fault.ts'

/**
 * Runs `work` while holding the lock; `LOCK_BUSY` at once when another process or call holds it, `DISK_…` where
 * none can be written. The lock file stays.
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

/** SQLite's words for what is not another holder: https://sqlite.org/rescode.html, primary result codes. */
const DISK_CODES: ReadonlyMap<number, string> = new Map([
  [8, 'DISK_FORBIDDEN'],
  [10, 'DISK_IO'],
  [13, 'DISK_FULL'],
  [14, 'DISK_FORBIDDEN'],
])

/** By its process id where Linux tells (proc_locks(5)): locks of SQLite are those of POSIX. */
function holderOf(path: string): string {
  try {
    const { ino } = statSync(path)
    const rows = readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .map(row => row.trim().split(/\s+/))
    const own = rows.find(([, kind, , , , at]) => kind === 'POSIX' && at?.endsWith(`:${ino}`) === true)
    const pid = Number(own?.[4])
    if (pid === process.pid) return 'this process'
    return pid > 0 ? `process ${pid}` : 'another process'
  } catch (cause) {
    if (cause instanceof Error) return 'another process'
    throw cause
  }
}

const lockFault = (cause: unknown, place: string): Fault => {
  const errcode = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0
  const code = DISK_CODES.get(errcode)
  if (code !== undefined) return new Fault(code, 'the lock cannot be written here', { place, cause })
  const fix = 'wait until it is done and try again'
  return new Fault('LOCK_BUSY', `${holderOf(place)} holds the lock`, { place, fix, cause })
}

function openLock(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (cause) {
    database?.close()
    throw lockFault(cause, path)
  }
}
