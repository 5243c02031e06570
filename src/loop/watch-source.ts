// Keeps a bot up to date: one source, polled by the clock until it is stopped.

import { modelSlot } from '../serving/slot.ts'
import type { SyncPass } from './clock-event.ts'
import { installationOf } from './installation-of.ts'
import type { Ports, State } from './ports.ts'
import { processRng } from './process-rng.ts'
import { syncByClock } from './sync-by-clock.ts'
import { type SyncRequest, syncOnce } from './sync-once.ts'
import { timedPass } from './timed-pass.ts'
import { weeklyScrub } from './weekly-scrub.ts'

export type WatchRequest = SyncRequest & {
  /** `cloudSync.intervalMinutes` where absent. */
  readonly intervalMinutes?: number | undefined
  readonly onPass: (at: number, pass: SyncPass) => void
  /** A pass was wanted too early and is put off. */
  readonly onLimited: (at: number, nextAt: number) => void
}

/**
 * One pass at once and then one each interval; a failed one is a result, never the end.
 *
 * @returns never; rejects with the signal's reason
 */
export async function watchSource(request: WatchRequest, state: State, ports: Ports): Promise<never> {
  const { source, symbol, signal, onPass, onLimited } = request
  const { cloudSync } = ports.settings
  const time = { source, ms: cloudSync.passMinutes * 60_000, timer: ports.timer }
  const installation = installationOf({ state, ports, slot: modelSlot(), clock: ports.clock, actor: 'sync' })
  const polling = syncByClock({
    time: ports,
    rng: processRng(ports).fork(source),
    cadence: { ...cloudSync, intervalMinutes: request.intervalMinutes ?? cloudSync.intervalMinutes },
    log: ports.log,
    signal,
    pass: own => timedPass(late => syncOnce({ source, symbol, signal: late }, state, ports), { ...time, signal: own }),
    onPass,
    onLimited,
  })
  return Promise.race([polling, weeklyScrub({ time: ports, installation, signal })])
}
