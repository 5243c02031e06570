// One of several schedulers on one state directory, as a process of its own: says which slots it ran. Nothing is trained. Arguments: state directory. Standard input: when the shared clock begins, then how many slots.

import { createInterface } from 'node:readline/promises'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { withFileLock } from '../../src/adapters/files/lock.ts'
import { filesPublisher } from '../../src/adapters/files/publisher.ts'
import { sqlDataSets } from '../../src/adapters/sql/data-sets.ts'
import { sqlJournal } from '../../src/adapters/sql/journal.ts'
import { openDatabase } from '../../src/adapters/sql/open.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { systemHost } from '../../src/adapters/system/host.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { silentLog } from '../../src/base/log.ts'
import { speedClock } from '../../src/base/speed-clock.ts'
import { runByClock } from '../../src/loop/by-clock.ts'
import type { Ports, State } from '../../src/loop/ports.ts'
import { settingsSchema } from '../../src/loop/settings.ts'

/** A slot of a minute takes a second. */
const SPEED = 60

const directory = process.argv[2]!
const database = await openDatabase(`${directory}/ratchet.db`)
process.stdout.write('ready\n')
const input = createInterface({ input: process.stdin })
const [begin, slots] = (await input.question('')).split(' ').map(Number) as [number, number]
input.close()

// All schedulers see the same time, whenever they were started.
const shared = { now: () => systemClock.now() - begin }
const elapsed = shared.now()
const clock = speedClock({
  clock: shared,
  timer: systemTimer,
  speed: SPEED,
  startMs: Date.UTC(2026, 0, 1) + elapsed * SPEED,
})
const disk = nodeDisk()
/** The first thing that a slot does; long enough for all others to come to the same slot meanwhile. */
const makeDirectory: typeof disk.makeDirectory = async (path, mode) => {
  await systemTimer.sleep(100)
  return disk.makeDirectory(path, mode)
}
const state = {
  directory,
  journal: sqlJournal(database),
  dataSets: sqlDataSets(database),
  close: () => database.destroy(),
} as unknown as State
const ports = {
  clock,
  timer: clock,
  disk: { ...disk, makeDirectory },
  log: silentLog,
  facts: { codeVersion: '0.1.0', lockfileSha256: '0'.repeat(64), platform: 'test' },
  settings: settingsSchema.parse({ training: { enabled: false, intervalMinutes: 1 }, cloudSync: { enabled: false } }),
  environment: { MANIFEST_HMAC_KEY: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611185' },
  workingDirectory: directory,
  publisher: (root: string) => filesPublisher({ disk, root, lock: withFileLock }),
  host: systemHost(),
  withLock: withFileLock,
  present: () => false,
} as unknown as Ports
// In the middle of the last slot.
const signal = AbortSignal.timeout(Math.max(0, slots * 1000 - 500 - elapsed))
await runByClock({ symbol: 'SPX' }, state, ports, {
  signal,
  onEvent: event => process.stdout.write(`${event.type} ${'slot' in event ? event.slot : ''}\n`),
}).catch((cause: unknown) => {
  if (!signal.aborted) throw cause
})
await state.close()
