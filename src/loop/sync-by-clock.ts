// The passes over one release source by the clock, until they are stopped (REL-43, REL-50).

import { Fault, type Outcome } from '../base/fault.ts'
import type { Log } from '../base/log.ts'
import type { Rng } from '../base/rng.ts'
import { sleepUntil, type Time } from '../base/sleep-until.ts'
import { passFailed, type SyncResult } from '../serving/updater.ts'
import type { SyncPass } from './clock-event.ts'
import { afterPass, firstPass, type SyncCadence, syncStep } from './schedule.ts'

export type SyncByClock = {
  readonly time: Time
  /** Of the jitter and the waits after failures. */
  readonly rng: Rng
  readonly cadence: SyncCadence
  readonly log: Log
  readonly signal: AbortSignal
  readonly pass: (signal: AbortSignal) => Promise<SyncResult>
  readonly onPass: (at: number, pass: SyncPass) => void
  readonly onLimited: (at: number, nextAt: number) => void
}

/**
 * The first pass is now; one bad pass never ends it.
 *
 * @returns never; rejects with the signal's reason
 */
export async function syncByClock(options: SyncByClock): Promise<never> {
  const { time, rng, cadence, log, signal, onPass, onLimited } = options
  const { clock } = time
  for (let mark = firstPass(clock.now()); ; ) {
    await sleepUntil(mark.dueAt, time, signal)
    const now = clock.now()
    const step = syncStep(mark, now, cadence)
    if (step.do === 'limited') {
      mark = step.next
      log.write('info', 'sync.limited', 'Rate limiting - skipping sync', { nextAt: new Date(mark.dueAt).toISOString() })
      onLimited(now, mark.dueAt)
    }
    if (step.do !== 'pass') continue
    const outcome = await outcomeOf(options)
    const failed = !outcome.ok || passFailed(outcome.value)
    mark = afterPass(mark, { startedAt: now, endedAt: clock.now(), failed }, cadence, rng)
    if (failed) log.write('warn', 'sync.failed', `sync failed ${mark.failures} times in a row`, { nextAt: mark.dueAt })
    onPass(now, { outcome, failures: mark.failures, nextAt: mark.dueAt })
  }
}

async function outcomeOf({ pass, signal }: SyncByClock): Promise<Outcome<SyncResult>> {
  try {
    return { ok: true, value: await pass(signal) }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof Fault) return { ok: false, fault: cause }
    const text = cause instanceof Error ? cause.message : String(cause)
    return { ok: false, fault: new Fault('SYNC_FAILED', `the pass stopped: ${text}`, { cause }) }
  }
}
