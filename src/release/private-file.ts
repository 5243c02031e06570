// Files that hold secrets: believed only when nobody but their owner may touch them (REL-25).

import type { Disk } from '../base/disk.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'

const OWNER_ONLY = 0o600

/** The file, or undefined where there is none. Fault: `KEY_FILE_MODE` for any mode but 0600. */
export async function readPrivate(disk: Disk, path: string, limit: number): Promise<Outcome<Uint8Array | undefined>> {
  const stat = await disk.stat(path)
  if (stat === undefined) return accepted(undefined)
  const mode = stat.mode & 0o777
  if (mode === OWNER_ONLY) return accepted(await disk.read(path, limit))
  return refused('KEY_FILE_MODE', `has mode 0${mode.toString(8)}, only 0600 is safe`, {
    place: path,
    fix: `chmod 600 ${path}, and make new keys if others could read it`,
  })
}
