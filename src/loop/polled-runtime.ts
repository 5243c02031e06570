// A runtime over one source: a slot that answers, and beside it the passes that fill it, by the clock and on demand.

import { Fault } from '../base/fault.ts'
import { listeners } from '../base/listeners.ts'
import type { Rng } from '../base/rng.ts'
import type { Time } from '../base/sleep-until.ts'
import { answerOf } from '../serving/answer.ts'
import type { Booted } from '../serving/boot.ts'
import { type FlatWindowOptions, flatWindow } from '../serving/flat-window.ts'
import { goodStart } from '../serving/good-start.ts'
import { faultOf, type Installation } from '../serving/installation.ts'
import type { JudgeOptions } from '../serving/judge.ts'
import { recordedRows } from '../serving/recorded-rows.ts'
import { dropUnwanted } from '../serving/reopen.ts'
import { rollBack } from '../serving/rollback.ts'
import { type SyncResult, type UpdateOptions, updateOnce } from '../serving/updater.ts'
import { inChargeOf } from './in-charge.ts'
import type { Runtime } from './runtime.ts'
import { openGates, type RuntimeEvents, refusalOf, swappedTo, tellRefusal } from './runtime-event.ts'
import type { SyncCadence } from './schedule.ts'
import { syncByClock } from './sync-by-clock.ts'
import { weeklyScrub } from './weekly-scrub.ts'

export type RuntimeParts = {
  /** Its slot was filled by `bootSlot`. */
  readonly installation: Installation
  readonly booted: Pick<Booted, 'healthy'>
  readonly update: Pick<UpdateOptions, 'source' | 'policy' | 'memory'> & Pick<JudgeOptions, 'gateContext'>
  /** The wall clock, for what is due when. */
  readonly time: Time
  readonly rng: Rng
  readonly cadence: SyncCadence
  /** How a swap waits for a flat book; absent: it does not wait. */
  readonly flat?: Omit<FlatWindowOptions, 'signal' | 'log'> | undefined
  /** Gives back what was opened for this runtime; called once, last. */
  readonly dispose: () => Promise<void>
}

/** @example const bot = polledRuntime({ installation, booted, update, time, rng, cadence, dispose }) */
export function polledRuntime(parts: RuntimeParts): Runtime {
  const { installation, booted, update, time, rng, cadence, flat, dispose } = parts
  const { slot, log } = installation
  const stop = new AbortController()
  const { signal } = stop
  const failed = (what: string) => (cause: unknown) =>
    log.write('error', 'runtime.failed', `${what}: ${faultOf(cause).message}`)
  const ears = listeners<RuntimeEvents>(failed('a listener failed'))
  const awaitWindow = flat && flatWindow({ ...flat, signal, log })
  const start = goodStart({ booted, timer: time.timer, signal })
  const recorded = recordedRows()
  let cursor: string | undefined
  let passing: Promise<SyncResult> | undefined
  let rolling: Promise<unknown> | undefined
  let closing: Promise<void> | undefined

  async function updated(): Promise<SyncResult> {
    const result = await updateOnce({
      ...update,
      installation,
      cursor,
      awaitWindow,
      recorded: recorded.rows,
      signal,
    })
    // A new epoch has ended the one that the way back is of.
    await dropUnwanted(installation)
    return result
  }
  async function pass(): Promise<SyncResult> {
    const result = await updated().finally(() => {
      // Over before anybody is told: a listener that asks for a pass gets another one.
      passing = undefined
    })
    cursor = result.cursor
    if (result.installed === 1) {
      const { previous } = result
      const change = { cause: 'installed', previous, setSeq: slot.stats().swaps, open: openGates(result) } as const
      ears.tell('swapped', swappedTo(slot.current(), change))
    }
    for (const refusal of result.refused) tellRefusal(ears.tell, refusal)
    return result
  }
  /** Never two passes of one source at once (REL-43). */
  const sync = (): Promise<SyncResult> => (passing ??= pass())

  const polling = syncByClock({
    time,
    rng,
    cadence,
    log,
    signal,
    pass: sync,
    onPass: (_, { outcome }) => outcome.ok || tellRefusal(ears.tell, refusalOf(outcome.fault)),
    onLimited: () => {},
  })
  const background = Promise.all([
    polling.catch((cause: unknown) => signal.aborted || failed('polling ended')(cause)),
    weeklyScrub({ time, installation, signal }).catch(
      (cause: unknown) => signal.aborted || failed('the weekly scrub ended')(cause),
    ),
    start.over.catch(failed('the start could not be called good')),
  ])

  async function shut(): Promise<void> {
    stop.abort(closed())
    await background
    await Promise.allSettled([passing, rolling])
    await booted.healthy().catch(failed('the end could not be called a clean one'))
    await dispose()
  }

  return {
    decide(role, row) {
      if (signal.aborted) return { ok: false, fault: closed() }
      const decision = answerOf(slot, role, row)
      if (!decision.ok) return decision
      start.decided()
      recorded.note(role, row)
      return decision
    },
    inCharge: () => inChargeOf(slot),
    on: ears.on,
    async sync() {
      signal.throwIfAborted()
      return sync()
    },
    async rollback(reason) {
      signal.throwIfAborted()
      const previous = slot.current()?.releaseId ?? null
      const work = rollBack({ cause: reason, proven: false }, installation)
      rolling = Promise.allSettled([rolling, work])
      const done = await work
      const change = { cause: 'rolledBack', previous, setSeq: slot.stats().swaps, open: [] } as const
      if (done.ok) ears.tell('swapped', swappedTo(slot.current(), change))
      return done
    },
    close: () => (closing ??= shut()),
  }
}

const closed = (): Fault => new Fault('RUNTIME_CLOSED', 'this runtime was closed', { fix: 'open another one' })
