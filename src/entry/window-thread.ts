// The serving thread as a program: opens the state read-only, builds the server, and leaves the loop alone.

import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { barStore } from '../adapters/duckdb/bar-store.ts'
import { nodeDisk } from '../adapters/files/disk.ts'
import { sqlDataSets } from '../adapters/sql/data-sets.ts'
import { sqlKeyStore } from '../adapters/sql/key-store.ts'
import { type AskedQuery, openReader } from '../adapters/sql/open-reader.ts'
import { sqlParameterChanges } from '../adapters/sql/parameter-changes.ts'
import { sqlReader } from '../adapters/sql/reader.ts'
import { sqlRegistry } from '../adapters/sql/registry.ts'
import { monotonicClock, systemClock } from '../adapters/system/clock.ts'
import { processLog } from '../adapters/system/process-log.ts'
import { ownerOfPort } from '../adapters/system/surroundings.ts'
import { systemTimer } from '../adapters/system/timer.ts'
import { systemVitals } from '../adapters/system/vitals.ts'
import type { FromWindow } from '../adapters/threads/message.ts'
import { remoteControl } from '../adapters/threads/remote-control.ts'
import { wireFault } from '../adapters/threads/wire.ts'
import { listen } from '../api/listen.ts'
import { buildServer } from '../api/server.ts'
import { Fault } from '../base/fault.ts'
import { listeners } from '../base/listeners.ts'
import { listenerWords } from '../base/surroundings.ts'
import { killFile } from '../loop/kill-file.ts'
import type { LiveState, RunCommand } from '../loop/run-control.ts'
import { newestVerified } from '../loop/state-backup.ts'
import { views } from '../loop/views/index.ts'
import type { WindowData } from '../loop/window.ts'

if (parentPort === null) throw new Error('window-thread.ts runs as a thread only')
const port = parentPort
const data = workerData as WindowData
const tell = (message: FromWindow<RunCommand>): void => port.postMessage(message)

const disk = nodeDisk()
const closing = Promise.withResolvers<void>()
const control = remoteControl<RunCommand, LiveState>({
  port,
  timer: systemTimer,
  clock: monotonicClock,
  onClose: closing.resolve,
})

try {
  const { level, format, terminal } = data.log
  const log = processLog({ directory: data.stateDirectory, level: () => level, format, terminal })
  const file = `${data.stateDirectory}/ratchet.db`
  const queries = listeners<{ query: AskedQuery }>(cause => log.write('error', 'window.queries', String(cause)))
  const database = openReader(file, query => queries.tell('query', query))
  const keys = sqlKeyStore({ file, clock: monotonicClock, timer: systemTimer })
  const records = sqlReader(database)
  const vitals = systemVitals(data.stateDirectory)
  const kill = killFile(data.stateDirectory, data.killFile, disk)
  const ports = {
    directory: data.stateDirectory,
    records,
    registry: sqlRegistry(database),
    bars: barStore(disk, `${data.stateDirectory}/data`),
    dataSets: sqlDataSets(database),
    parameterChanges: sqlParameterChanges(database),
    disk,
    clock: systemClock,
    environment: process.env,
    entropy: (count: number) => randomBytes(count),
    control,
    version: data.version,
    banner: data.banner,
    dataNote: data.dataNote,
  }
  const shown = views({ ports, kill, timer: systemTimer })
  let warmed = ''
  control.onLive(({ runId }) => {
    if (runId === warmed) return
    warmed = runId
    // The bars of a run take a moment to read: that moment is now, not when somebody looks.
    shown
      .bars({ limit: 1 })
      .catch(cause => log.write('warn', 'window.bars', 'the bars cannot be read', { cause: String(cause) }))
  })
  const api = await buildServer({
    views: shown,
    records,
    control,
    kill,
    keys,
    clock: systemClock,
    timer: systemTimer,
    vitals: {
      async signs() {
        const newest = await newestVerified(data.backups, { disk })
        return { ...(await vitals.signs()), backupVerifiedAt: newest?.at }
      },
    },
    health: data.health,
    loopSilenceMs: () => control.silenceMs(),
    onCall: listener => control.onCall(listener),
    onReadings: listener => control.onReadings(listener),
    onQuery: listener => queries.on('query', listener),
    log,
    version: data.version,
    dashboard: data.dashboard,
  })
  const listening = await listen(api, { ...data, ownerOf: at => listenerWords(ownerOfPort(at)) })
  tell({ type: 'listening', ...listening })
  await closing.promise
  await api.close()
  vitals.close()
  await keys.close()
  await records.close()
} catch (cause) {
  if (!(cause instanceof Fault)) throw cause
  tell({ type: 'failed', fault: wireFault(cause) })
}
// The port alone would keep the thread.
port.close()
