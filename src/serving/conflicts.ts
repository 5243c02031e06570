// Two releases where there can be one: the envelope that came is kept beside the one that was seen, for the publisher to look at
// (fault catalogue, cases 22 and 30).

import { replaceFile } from '../base/disk.ts'
import type { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { ENVELOPE_CAP } from '../release/limits.ts'
import type { ReleaseReader } from '../release/reader.ts'
import { faultOf, type Installation } from './installation.ts'

/** Evidence of so many conflicts; whoever floods a bot with them fills no disk. */
const KEPT = 64
const CONFLICTS: readonly string[] = ['EQUIVOCATION', 'FORK']

/** Under the state directory: `state/conflicts/<code>-<digest>.json`. */
export const conflictsPath = ({ paths }: Pick<Installation, 'paths'>): string => `${paths.state}/conflicts`

/** Keeps what speaks against the publisher or the way to it; never throws, because the refusal stands without it. */
export async function keepConflict(
  { code, message }: Fault,
  reader: Pick<ReleaseReader, 'read'>,
  installation: Pick<Installation, 'disk' | 'paths' | 'log'>,
): Promise<void> {
  if (!CONFLICTS.includes(code)) return
  const { disk, log } = installation
  const folder = conflictsPath(installation)
  try {
    const bytes = await reader.read('envelope.json', ENVELOPE_CAP)
    const name = `${code}-${sha256(bytes)}.json`
    const there = await disk.list(folder)
    const kept = there.some(entry => entry.name === name) || there.length >= KEPT
    if (!kept) await replaceFile(disk, `${folder}/${name}`, bytes, 0o600)
    log.write('error', 'security.conflict', `${code}: ${message}`, { evidence: `${folder}/${name}` })
  } catch (cause) {
    log.write(
      'error',
      'security.conflict',
      `${code}: ${message}; its evidence could not be kept: ${faultOf(cause).message}`,
    )
  }
}
