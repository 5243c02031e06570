// The weekly look at everything that is kept (REL-49, SRV-65): each blob of the store, each backup and each release that may be needed is
// read and hashed again. A running bot decides from memory, so what rots on disk shows at the next start, or here before it.

import { z } from 'zod'
import { Fault, type Outcome } from '../base/fault.ts'
import { MODEL_CAP } from '../release/limits.ts'
import { backupNames } from './backups.ts'
import { faultOf, type Installation } from './installation.ts'
import { reopenRelease } from './reopen.ts'
import { readBackup } from './restore-backup.ts'
import { stampedFile } from './stamped-file.ts'
import { wayBack } from './way-back.ts'

const WEEK_MS = 7 * 24 * 60 * 60_000
/** Sets whose loss an operator must hear of: active, previous, second previous. */
const NEEDED = 3

export type Damage = {
  /** `release`: one that is in charge or the way back; such damage comes with the blob that is at fault. */
  readonly kind: 'blob' | 'backup' | 'release'
  readonly name: string
  readonly code: string
  readonly place: string | undefined
}

export type Scrubbed = {
  readonly at: number
  readonly blobs: number
  readonly backups: number
  readonly releases: number
  readonly damages: readonly Damage[]
}

const shape = z.strictObject({ at: z.int(), damages: z.int().min(0) })

/** When it was done last, and how much was found. */
export const scrubMark = ({ disk, paths }: Pick<Installation, 'disk' | 'paths'>) =>
  stampedFile(disk, `${paths.state}/scrub.json`, shape)

/**
 * Whether a week is over since the last one; true where none was, or its mark cannot be read.
 *
 * @example if (await isScrubDue(installation)) await scrub(installation)
 */
export async function isScrubDue(installation: Pick<Installation, 'disk' | 'paths' | 'clock'>): Promise<boolean> {
  const mark = await scrubMark(installation).read()
  if (!mark.ok || mark.value === undefined) return true
  const age = installation.clock.now() - mark.value.at
  // A clock that was set back must not put it off for ever.
  return age >= WEEK_MS || age < 0
}

/**
 * Reads and hashes everything; changes nothing but its mark. What is damaged is in the result and in the log: `warn` for what nobody needs
 * just now, `error` for a set in charge or the way back. Faults: those of a disk or registry that cannot be read at all.
 *
 * @example (await scrub(installation)).damages.length // 0
 */
export async function scrub(installation: Installation): Promise<Scrubbed> {
  const { store, registry, slot, clock, log } = installation
  const damages: Damage[] = []
  const look = async (kind: Damage['kind'], name: string, read: () => Promise<Outcome<unknown>>): Promise<void> => {
    const found = await read().catch((cause: unknown) => {
      if (!(cause instanceof Fault)) throw cause
      return { ok: false as const, fault: cause }
    })
    if (found.ok) return
    const { code, place, message } = found.fault
    damages.push({ kind, name, code, place })
    const needed = kind === 'release' ? 'error' : 'warn'
    log.write(needed, 'store.damaged', `${kind} ${name}: ${code} ${message}`, { place })
  }
  const blobs = await store.list()
  for (const digest of blobs) {
    await look('blob', digest, async () => ({ ok: true, value: await store.get(digest, MODEL_CAP) }))
  }
  const backups = await backupNames(installation)
  for (const name of backups) await look('backup', name, () => readBackup(name, installation))
  const inMemory = [slot.current()?.digest ?? null, slot.previous()?.digest ?? null]
  const releases = (await wayBack({ registry, slot }, inMemory)).slice(0, NEEDED)
  for (const digest of releases) await look('release', digest, () => reopenRelease(installation, digest))
  const done = { at: clock.now(), blobs: blobs.length, backups: backups.length, releases: releases.length, damages }
  await scrubMark(installation)
    .write({ at: done.at, damages: damages.length })
    // A disk that takes nothing is told by those who must write; the next start looks again.
    .catch((cause: unknown) => log.write('warn', 'store.scrub', `its mark was not written: ${faultOf(cause).message}`))
  const found = damages.length === 0 ? 'nothing is damaged' : `${damages.length} damaged`
  const seen = `${done.blobs} blobs, ${done.backups} backups, ${done.releases} releases`
  log.write('info', 'store.scrub', `Scrub: ${seen}: ${found}`)
  return done
}
