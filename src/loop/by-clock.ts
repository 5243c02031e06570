// The loop by the clock: trains and publishes in slots, takes what its sources have in passes, and does not end by itself.

import { withDeadline } from '../base/deadline.ts'
import { Fault } from '../base/fault.ts'
import type { Rng } from '../base/rng.ts'
import type { Cause } from '../feedback/worth.ts'
import type { ModelSet } from '../serving/model-set.ts'
import type { SyncResult } from '../serving/updater.ts'
import type { Progress } from '../training/run.ts'
import type { ClockEvent } from './clock-event.ts'
import { driftByClock } from './drift-by-clock.ts'
import type { FitStop } from './fit-stop.ts'
import { leakGuard } from './leak-guard.ts'
import type { Ports, State } from './ports.ts'
import { processRng } from './process-rng.ts'
import { slotPipeline } from './schedule.ts'
import { startingRing } from './signing-key.ts'
import { syncByClock } from './sync-by-clock.ts'
import { syncOnce } from './sync-once.ts'
import { timedPass } from './timed-pass.ts'
import { type TrainingAsks, trainingByAsk } from './training-asks.ts'
import { trainingByClock } from './training-by-clock.ts'
import { trainingSlot } from './training-slot.ts'

const MINUTE_MS = 60_000

export type ByClockOptions = {
  /** What is trained on: the series of it that was stored last. */
  readonly symbol: string
  /** The run that slots are recorded for; none where absent. */
  readonly runId?: string | undefined
  /** Folder of the published tree; the channel's in the state directory where absent. */
  readonly publishTo?: string | undefined
  /** What is polled; the published tree where absent. */
  readonly sources?: readonly string[] | undefined
  readonly seed?: number | undefined
  /** Of one training, by the loop's clock: on one that runs N times as fast, N times as much is as long (SCHED-01). */
  readonly deadlineMs?: number
  /** Of one pass over a source, likewise; `cloudSync.passMinutes` where absent. */
  readonly passMs?: number
  /** How long work may take to end once the loop is stopped, by the loop's clock (REL-50). */
  readonly drainMs?: number
  /** Of jitter and waits; by the process where absent, so that many bots do not ask at once. */
  readonly rng?: Rng | undefined
}

export type ByClockHooks = {
  readonly signal: AbortSignal
  readonly onEvent?: (event: ClockEvent) => void
  readonly onProgress?: (progress: Progress) => void
  /** Trainings that people ask for; none where absent. */
  readonly asks?: TrainingAsks | undefined
  /** Where people stop the training that runs. */
  readonly fits?: FitStop | undefined
  /** The set in charge, which the evaluation of a new one is compared with. */
  readonly champion?: () => ModelSet | undefined
  /** One pass over a source, in place of `syncOnce`: for a process whose slot decides while it runs. */
  readonly sync?: (source: string, signal: AbortSignal) => Promise<SyncResult>
}

/** Where a channel is published when no other place is named. */
export const channelTreeOf = ({ directory }: Pick<State, 'directory'>, channel: string): string =>
  `${directory}/channels/${channel}`

/**
 * Runs on `ports.clock` and `ports.timer`, which a caller may replace by faster ones (`speedClock`). Which slots were run is read from
 * the state directory, so a loop that is started again goes on where it was, and of many loops on one state directory one runs a slot.
 *
 * @returns never; rejects with the signal's reason when work has ended, at the latest after `drainMs`. Faults: those of the signing key
 * @example await runByClock({ symbol: 'SPX' }, state, ports, { signal, onEvent: event => out.note(event.type) })
 */
export async function runByClock(
  options: ByClockOptions,
  state: State,
  ports: Ports,
  hooks: ByClockHooks,
): Promise<never> {
  const { training, cloudSync, release } = ports.settings
  const { symbol, seed = training.seed, deadlineMs = training.deadlineMinutes * MINUTE_MS, drainMs = 10_000 } = options
  const { passMs = cloudSync.passMinutes * MINUTE_MS } = options
  const publishTo = options.publishTo ?? channelTreeOf(state, release.channel)
  const rng = options.rng ?? processRng(ports)
  const { onEvent = () => {}, onProgress = () => {}, champion = () => undefined } = hooks
  const { sync = (source, signal) => syncOnce({ source, symbol, signal }, state, ports) } = hooks
  // A loop that breaks stops the others.
  const broken = new AbortController()
  const signal = AbortSignal.any([hooks.signal, broken.signal])
  const pipeline = slotPipeline(release.channel, symbol)
  const work = {
    pipeline,
    symbol,
    runId: options.runId ?? null,
    publishTo,
    seed,
    deadlineMs,
    state,
    ports,
    guard: leakGuard(),
    signal,
    fits: hooks.fits,
    onEvent,
    onProgress,
    champion,
  }
  // Made here where there is none: a slot and a pass that begin together would each make one.
  await startingRing(state.directory, ports)
  const inTurn = turns()
  const { timer } = ports
  // One pipeline: a slot that drift asked for and one of the schedule take turns.
  const trainInTurn = turns()
  const loops = [
    trainingByClock({
      time: ports,
      cadence: training,
      signal,
      run: slotMs => trainInTurn(() => trainingSlot(slotMs, work)),
    }),
    driftByClock({
      time: ports,
      work,
      run: (slotMs, cause) => trainInTurn(() => trainingSlot(slotMs, work, cause)),
    }),
  ]
  if (hooks.asks !== undefined) {
    const run = (slotMs: number, cause: Cause) => trainInTurn(() => trainingSlot(slotMs, work, cause))
    loops.push(trainingByAsk({ asks: hooks.asks, work, run }))
  }
  const sources = cloudSync.enabled ? new Set(options.sources ?? [publishTo]) : []
  for (const source of sources) {
    loops.push(
      syncByClock({
        time: ports,
        rng: rng.fork(source),
        cadence: cloudSync,
        log: ports.log,
        signal,
        // One installation: the passes of several sources take turns, and one that hangs loses its own.
        pass: own => inTurn(() => timedPass(late => sync(source, late), { source, ms: passMs, timer, signal: own })),
        onPass: (at, pass) => onEvent({ type: 'synced', source, at, pass }),
        onLimited: (at, nextAt) => onEvent({ type: 'syncLimited', source, at, nextAt }),
      }),
    )
  }
  const ended = Promise.all(loops.map(loop => loop.catch((cause: unknown) => broken.abort(cause))))
  await aborted(signal)
  const late = () => new Fault('STOP_LATE', `work has not ended ${drainMs / 1000} s after it was told to`)
  await withDeadline(() => ended, {
    ms: drainMs,
    timer,
    signal: new AbortController().signal,
    late,
  }).catch((fault: unknown) => ports.log.write('warn', 'loop.stop', String(fault)))
  throw signal.reason
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Gives a way to run works one after the other, in the order in which they are asked for. */
function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return async work => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}
