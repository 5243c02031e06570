// For programs of other people (LIB-02): verified models that are swapped while they decide. Prints nothing, installs no signal handlers,
// never ends the process.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { nodeDisk } from '../adapters/files/disk.ts'
import { withFileLock } from '../adapters/files/lock.ts'
import { onnxRuntimeHosts } from '../adapters/onnxruntime/hosts.ts'
import { onnxRuntimeProbe } from '../adapters/onnxruntime/probe.ts'
import { monotonicClock, systemClock } from '../adapters/system/clock.ts'
import { systemHost } from '../adapters/system/host.ts'
import { systemMachine } from '../adapters/system/machine.ts'
import { systemTimer } from '../adapters/system/timer.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { diskRoom } from '../loop/disk-room.ts'
import { gatesWithoutBars } from '../loop/gates-without-bars.ts'
import { installationOf } from '../loop/installation-of.ts'
import { gateLimits } from '../loop/limits-of.ts'
import { polledRuntime } from '../loop/polled-runtime.ts'
import { runLockOf } from '../loop/run-lock.ts'
import type { Runtime } from '../loop/runtime.ts'
import { settingsSchema } from '../loop/settings.ts'
import { wantedBy } from '../loop/stored-trust.ts'
import { highWaterFile } from '../release/high-water.ts'
import { verifyPolicy } from '../release/policy.ts'
import { bootSlot } from '../serving/boot.ts'
import { modelSlot } from '../serving/slot.ts'
import { isUnrecordable } from '../serving/unrecorded.ts'
import { lockForLife } from './lock-for-life.ts'
import { logTo } from './runtime-log.ts'
import { checkedOptions, type RuntimeOptions } from './runtime-options.ts'
import { runtimeSource } from './runtime-source.ts'
import { trustedBy } from './runtime-trust.ts'
import { openStateRegistry } from './state-registry.ts'

export type { Fault, Outcome } from '../base/fault.ts'
export type { InCharge, RoleInCharge } from '../loop/in-charge.ts'
export type { Runtime } from '../loop/runtime.ts'
export type { OpenGate, Refused, RuntimeEvents, Swapped, Unreachable } from '../loop/runtime-event.ts'
export type { Answer, Decision } from '../serving/answer.ts'
export type { SyncResult } from '../serving/updater.ts'
export type { LogLine, RuntimeOptions, SourceOptions } from './runtime-options.ts'
export type { RuntimeTrust, TrustedByRuntime } from './runtime-trust.ts'

const { version: VERSION } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/**
 * Starts on what the state directory holds, so that it decides also while its source is down, and polls from now on; the first pass is under
 * way when this returns. Paper profile only. A pass verifies and gates on this thread: for that moment the event loop waits.
 *
 * Faults: `OPTIONS_INVALID`, `KEY_TOO_SHORT`, `KEY_EXAMPLE`, `KEY_FORMAT`, `URL_…`, `LOCK_BUSY` where another runtime or loop has this directory,
 * `INSTALL_BUSY`, and those of a state directory that cannot be read.
 *
 * @example
 * const bot = await openRuntime({ stateDir: 'models', source: { kind: 'files', place: '/mnt/models' }, trust: { hmacKey }, symbol: 'SPX' })
 * const answer = bot.decide('meta', row)
 * await bot.close()
 */
export async function openRuntime(given: RuntimeOptions): Promise<Runtime> {
  const options = checkedOptions(given)
  const { stateDir, symbol, isFlat, flatPollSeconds = 5, maxWaitMinutes = 240 } = options
  const settings = settingsSchema.parse({})
  const { channel = settings.release.channel, pollMinutes = settings.cloudSync.intervalMinutes } = options
  const { keepWarmMinutes = 5 } = options
  const minGapMinutes = Math.min(pollMinutes, settings.cloudSync.minGapMinutes)
  const log = logTo(options.onLog)
  const rng = seededRng(randomBytes(8).toString('hex'))
  const source = runtimeSource(options.source, { settings, log, rng: rng.fork('source'), stateDir })
  const { keys, required } = trustedBy(options.trust)
  const disk = nodeDisk()
  const host = systemHost()
  await disk.makeDirectory(stateDir, 0o700)
  const unlock = await lockForLife(runLockOf(stateDir), withFileLock).catch((cause: unknown) => {
    // Where nothing can be written nobody else writes either.
    if (cause instanceof Fault && isUnrecordable(cause)) return () => Promise.resolve()
    throw cause
  })
  const opened = await openStateRegistry(stateDir).catch(async (cause: unknown) => {
    await unlock()
    throw cause
  })
  const hosts = onnxRuntimeHosts({
    deadlineMs: settings.serving.inference.deadlineMs,
    onFall: (reason, up) =>
      log.write(up ? 'warn' : 'error', 'model.host', `A process with models ended: ${reason}`, { startedAgain: up }),
  })
  const dispose = async (): Promise<void> => {
    try {
      await hosts.close()
      await opened.close()
    } finally {
      await unlock()
    }
  }
  const warmTime = { clock: monotonicClock, timer: systemTimer }
  const slot = modelSlot('main', undefined, { forMs: keepWarmMinutes * 60_000, time: warmTime })
  const parts = installationOf({
    state: { directory: stateDir, registry: opened.registry },
    ports: { disk, log, settings, facts: { codeVersion: VERSION }, host, timer: systemTimer },
    slot,
    clock: systemClock,
    actor: 'runtime',
    stillWanted: wantedBy(() => Promise.resolve(keys), stateDir, disk),
    probe: onnxRuntimeProbe(),
    reserve: diskRoom(stateDir, { machine: systemMachine }),
    hosts,
  })
  const installation = { ...parts, ...opened.instead }
  try {
    return polledRuntime({
      installation,
      booted: unwrap(await bootSlot(installation)),
      update: {
        source,
        policy: verifyPolicy({ profile: 'paper', channel, symbols: [symbol], keys, required }),
        memory: highWaterFile(disk, installation.paths.highWater),
        gateContext: gatesWithoutBars(symbol, gateLimits(settings)),
      },
      time: { clock: systemClock, timer: systemTimer },
      rng: rng.fork('passes'),
      cadence: { intervalMinutes: pollMinutes, minGapMinutes },
      flat: isFlat && {
        isFlat,
        time: { clock: monotonicClock, timer: systemTimer },
        everyMs: flatPollSeconds * 1000,
        maxWaitMs: maxWaitMinutes * 60_000,
      },
      dispose,
    })
  } catch (cause) {
    await dispose()
    throw cause
  }
}
