// The database of a state directory, without the stores that a bot does not need.

import { nodeDisk } from '../adapters/files/disk.ts'
import { type Database, openDatabase } from '../adapters/sql/open.ts'

/** Opens `ratchet.db` of a directory, which is made where it is missing; only its owner may enter. */
export async function openStateDatabase(directory: string): Promise<Database> {
  await nodeDisk().makeDirectory(directory, 0o700)
  return openDatabase(`${directory}/ratchet.db`)
}
