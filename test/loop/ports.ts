// Real ports on a temporary state directory, for tests of the whole loop: the adapters of the program, a silent log, and the reference
// runtime as oracle.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { writeLabelFile } from '../../src/adapters/duckdb/label-file.ts'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { withFileLock } from '../../src/adapters/files/lock.ts'
import { filesPublisher } from '../../src/adapters/files/publisher.ts'
import { filesSource } from '../../src/adapters/files/source.ts'
import { openTable } from '../../src/adapters/files/table.ts'
import { onnxRuntimeOracle } from '../../src/adapters/onnxruntime/oracle.ts'
import type { Database } from '../../src/adapters/sql/open.ts'
import { monotonicClock, systemClock } from '../../src/adapters/system/clock.ts'
import { systemHost } from '../../src/adapters/system/host.ts'
import { systemMachine } from '../../src/adapters/system/machine.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { Fault } from '../../src/base/fault.ts'
import { silentLog } from '../../src/base/log.ts'
import { stateOf } from '../../src/entry/state.ts'
import { openStateDatabase } from '../../src/entry/state-database.ts'
import type { Ports, State } from '../../src/loop/ports.ts'
import { type Settings, settingsSchema } from '../../src/loop/settings.ts'

export type World = {
  readonly ports: Ports
  readonly state: State
  readonly database: Database
  /** Folder for files of the test; removed with the state directory. */
  readonly folder: string
  close(): Promise<void>
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const present = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

/** Made-up bars are of long ago, and the clock is not. */
const OLD = { maxAgeSeconds: { file: 1e10 } }

/** @param overrides of the default settings, room by room */
export async function openWorld(
  overrides: { readonly [Room in keyof Settings]?: Partial<Settings[Room]> } = {},
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-loop-'))
  const directory = join(folder, 'state')
  const disk = nodeDisk()
  const database = await openStateDatabase(directory)
  const state = stateOf(directory, database)
  const ports: Ports = {
    clock: systemClock,
    stopwatch: monotonicClock,
    timer: systemTimer,
    disk,
    log: silentLog,
    facts: { codeVersion: version, lockfileSha256: '0'.repeat(64), platform: 'test' },
    settings: settingsSchema.parse({ data: OLD, ...overrides }),
    environment: {},
    workingDirectory: folder,
    openTable,
    openState: async () => state,
    polygon: () => Promise.reject(new Fault('NO_VENDOR', 'there is no vendor here')),
    fred: () => Promise.reject(new Fault('NO_VENDOR', 'there is no vendor here')),
    publisher: place => filesPublisher({ disk, root: place, lock: withFileLock }),
    source: place => filesSource(place),
    oracle: () => onnxRuntimeOracle(),
    writeLabels: (path, set) => writeLabelFile(disk, path, set),
    entropy: count => randomBytes(count),
    machine: systemMachine,
    host: systemHost(),
    withLock: withFileLock,
    window: () => Promise.reject(new Fault('NO_WINDOW', 'there is no page here', { fix: 'use --headless' })),
    present,
  }
  return {
    ports,
    state,
    database,
    folder,
    async close() {
      await state.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Gives worlds that are closed when the tests of the file are done. */
export function worldsOfFile(): () => Promise<World> {
  const worlds: World[] = []
  after(async () => {
    for (const world of worlds) await world.close()
  })
  return async () => {
    const world = await openWorld()
    worlds.push(world)
    return world
  }
}
