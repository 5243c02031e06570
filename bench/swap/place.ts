// A state directory of its own on a real disk, with the database of the program: everything that a swap, a rollback or a start writes.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { sqlRegistry } from '../../src/adapters/sql/registry.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { systemHost } from '../../src/adapters/system/host.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { unwrap } from '../../src/base/fault.ts'
import { silentLog } from '../../src/base/log.ts'
import { openStateDatabase } from '../../src/entry/state-database.ts'
import { installationOf } from '../../src/loop/installation-of.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import type { BuiltRelease } from '../../src/release/build.ts'
import { currentAfter, currentFile } from '../../src/serving/current.ts'
import { eventOf, type Installation, prepareDirectories } from '../../src/serving/installation.ts'
import { releaseRow } from '../../src/serving/registry-rows.ts'
import { modelSlot } from '../../src/serving/slot.ts'
import { openStaging, sweepStaging } from '../../src/serving/staging.ts'

export type Place = {
  readonly directory: string
  readonly installation: Installation
  close(): Promise<void>
}

/** @param directory one that is there stays after `close` */
export async function openPlace(directory?: string): Promise<Place> {
  const root = directory ?? mkdtempSync(join(tmpdir(), 'ratchet-swap-'))
  const database = await openStateDatabase(root)
  const installation = installationOf({
    state: { directory: root, registry: sqlRegistry(database) },
    ports: {
      disk: nodeDisk(),
      log: silentLog,
      settings: settingsSchema.parse({}),
      facts: { codeVersion: 'bench' },
      host: systemHost(),
      timer: systemTimer,
    },
    slot: modelSlot(),
    clock: systemClock,
    actor: 'bench',
  })
  await prepareDirectories(installation)
  return {
    directory: root,
    installation,
    async close() {
      await database.destroy()
      if (directory === undefined) rmSync(root, { recursive: true })
    },
  }
}

/** Puts a release into the store and makes it the active one, without asking gates: what they would say is not measured here. */
export async function putInCharge(release: BuiltRelease, installation: Installation): Promise<void> {
  const { disk, paths, slot, registry } = installation
  const { files, manifest, manifestSha256, manifestBytes, envelopeBytes } = release
  const staging = await openStaging(installation, {
    list: () => Promise.resolve(undefined),
    read: name => Promise.resolve(files.get(name)!),
  })
  for (const { name, size } of manifest.members) await staging.reader.read(name, size)
  await staging.reader.read('manifest.json', manifestBytes.length)
  const verified = { manifest, manifestSha256, manifestBytes, envelopeBytes, members: files }
  await staging.promote(verified)
  await sweepStaging(installation)
  const gates = { digest: manifestSha256, at: 0, reportSha256: '0', report: '{}', verdict: 'pass', decidedBy: null }
  await registry.saveRelease(releaseRow(verified, 'installed', 0), [], { ...gates, verdict: 'pass' })
  const file = currentFile(disk, paths, slot.name)
  const before = unwrap(await file.read())
  await file.write(currentAfter(before, slot.name, manifestSha256))
  const from = before?.digest ?? null
  const change = { event: 'activated', from, to: manifestSha256, cause: 'bench' } as const
  await registry.append(eventOf(installation, change), new Map([[manifestSha256, 'active']]))
}
