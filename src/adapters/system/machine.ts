// This machine's versions, disk, memory and the age of the program on it.

import { stat, statfs } from 'node:fs/promises'
import type { Machine } from '../../base/machine.ts'
import { onDisk } from '../files/errno.ts'
import { isSupportedSqlite } from '../sql/dialect.ts'

/** @example (await systemMachine('.')).node // '26.10.0' */
export const systemMachine: Machine = async place => {
  const { bavail, bsize } = await onDisk(place, () => statfs(place))
  const { mtimeMs } = await stat(import.meta.filename)
  const sqlite = process.versions.sqlite ?? 'none'
  const { user, system } = process.cpuUsage()
  return {
    node: process.versions.node,
    sqlite: { version: sqlite, supported: isSupportedSqlite(sqlite) },
    freeDiskBytes: bavail * bsize,
    freeMemoryBytes: process.availableMemory(),
    cpuMs: (user + system) / 1000,
    installedAt: mtimeMs,
  }
}
