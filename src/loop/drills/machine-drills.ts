// The machine fails: its disk is full, or the process is ended in the middle of an install.

import type { BuiltRelease } from '../../release/build.ts'
import { reopenRelease } from '../../serving/reopen.ts'
import type { SyncResult } from '../../serving/updater.ts'
import { type Drill, judged } from './drill.ts'
import { endingDisk, fillableDisk } from './failing-disk.ts'
import type { DrillWorld } from './world.ts'

const told = ({ installed, refused }: SyncResult): string =>
  installed === 1 ? 'it installs' : refused.map(({ code, detail }) => `${code}: ${detail}`).join(', ')

/** Moments of an install at which the process ends, as shares of its changes to the disk. */
const MOMENTS = [0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95]

type Ended = { readonly side: 'old' | 'new'; readonly recoveryMs: number } | { readonly broken: string }

/** Ends an install of the release at a moment, and looks what the next start has. */
async function endedAt(world: DrillWorld, next: BuiltRelease, moment: number, changes: number): Promise<Ended> {
  const disk = endingDisk(world.disk)
  const { bot, booted } = await world.start(disk)
  await booted.healthy()
  const before = bot.slot.current()?.digest
  const ended = disk.endAfter(Math.floor(changes * moment))
  // Whichever comes first: a process that is gone answers nobody.
  await Promise.race([ended, world.pass(bot, next.files)])
  await disk.bury()
  const started = world.elapsed()
  const later = await world.start()
  const recoveryMs = world.elapsed() - started
  await later.booted.healthy()
  const inCharge = later.bot.slot.current()?.digest
  const whole = inCharge !== undefined && (await reopenRelease(later.bot, inCharge)).ok
  const staging = await world.disk.stat(world.paths.staging)
  if (!whole || staging !== undefined) return { broken: `the next start has ${inCharge ?? 'nothing'}, not whole` }
  if (inCharge === next.manifestSha256) return { side: 'new', recoveryMs }
  return inCharge === before ? { side: 'old', recoveryMs } : { broken: `the next start has ${inCharge}` }
}

export const machineDrills: readonly Drill[] = [
  {
    name: 'full-disk',
    title: 'the disk is full while a release is fetched',
    expected: 'refused with DISK_FULL; the set in charge stays, nothing is left; with room again it installs',
    async run(world) {
      const disk = fillableDisk(world.disk)
      const { bot, booted } = await world.start(disk)
      await booted.healthy()
      const { files, manifestSha256 } = world.offer()
      disk.full = true
      const started = world.elapsed()
      const result = await world.pass(bot, files)
      const ms = world.elapsed() - started
      const stayed = bot.slot.current()?.digest === world.champion.manifestSha256
      disk.full = false
      const left = await world.disk.stat(world.paths.staging)
      const again = await world.pass(bot, files)
      const installed = bot.slot.current()?.digest === manifestSha256
      const refused = result.refused.map(({ code }) => code).join(', ')
      const passed = refused.startsWith('DISK_FULL') && stayed && left === undefined && installed
      return judged(passed, `refused with ${refused}; with room again: ${told(again)}`, ms)
    },
  },
  {
    name: 'killed-process',
    title: `the process is ended at ${MOMENTS.length} moments of an install`,
    expected: 'each next start has the old set or the new one, whole, and leaves nothing half done',
    async run(world) {
      // Versions leap by two: one that was verified and not installed is no parent of the next.
      let version = 1
      const disk = endingDisk(world.disk)
      const { bot, booted } = await world.start(disk)
      await booted.healthy()
      const before = disk.changes()
      const first = await world.pass(bot, world.offer({ version }).files)
      if (first.installed === 0) return { verdict: 'skipped', reason: `an install cannot be rehearsed: ${told(first)}` }
      const changes = disk.changes() - before
      const seen = { old: 0, new: 0 }
      let slowest = 0
      for (const moment of MOMENTS) {
        version += 2
        const ended = await endedAt(world, world.offer({ version }), moment, changes)
        const percent = Math.round(moment * 100)
        if ('broken' in ended) return judged(false, `ended at ${percent} % of an install, ${ended.broken}`, slowest)
        seen[ended.side]++
        slowest = Math.max(slowest, ended.recoveryMs)
      }
      const text = `${seen.old} starts with the old set, ${seen.new} with the new one, none with a broken one`
      return judged(true, text, slowest)
    },
  },
]
