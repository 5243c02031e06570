// The loop by the clock as a process that stays: one slot held in memory, a run in the records, a page beside it, and a safe end.

import { Fault } from '../base/fault.ts'
import type { Time } from '../base/sleep-until.ts'
import { speedClock } from '../base/speed-clock.ts'
import { faultOf } from '../serving/installation.ts'
import { modelSlot } from '../serving/slot.ts'
import type { Progress } from '../training/run.ts'
import { type ByClockOptions, runByClock } from './by-clock.ts'
import { clockControl } from './clock-control.ts'
import type { ClockEvent } from './clock-event.ts'
import { clockLive } from './clock-live.ts'
import { clockRecord } from './clock-record.ts'
import { clockRunId, openClockRun } from './clock-run.ts'
import { fitStop } from './fit-stop.ts'
import type { Market } from './import-series.ts'
import { installationOf } from './installation-of.ts'
import { openLiveSlot } from './live-slot.ts'
import { SLOT } from './model-catalogue.ts'
import type { Ports, State, Window, WindowRequest } from './ports.ts'
import { refuseInProduction } from './refuse-in-production.ts'
import { runLockOf } from './run-lock.ts'
import { nextSlotAt, slotPipeline } from './schedule.ts'
import { recordSettingsChanges } from './settings-changes.ts'
import { trainingAsks } from './training-asks.ts'
import { weeklyCare } from './weekly-care.ts'

const MINUTE_MS = 60_000
/** Beside what the page and the stores need, the rest of the 10 s of REL-50. */
const DRAIN_MS = 7000
/** A set that was in charge so long without trouble has started well (SRV-03). */
const HEALTHY_MS = 60_000

export type ClockLoopRequest = Pick<ByClockOptions, 'sources' | 'rng'> & {
  /** What is trained on; later slots take what is stored by then. */
  readonly market: Market
  readonly seed: number
  /** How many times as fast as the machine's clock: another than 1 is for trying things out. */
  readonly speed: number
  /** No page where absent. */
  readonly window?: Pick<WindowRequest, 'port' | 'banner' | 'dataNote'> | undefined
}

export type ClockLoopHooks = {
  readonly signal: AbortSignal
  /** The loop begins. @param notes what the start found and made good */
  readonly onOpen: (facts: {
    readonly window: Window | undefined
    readonly inCharge: string | null
    readonly notes: readonly string[]
  }) => void
  readonly onEvent: (event: ClockEvent) => void
  readonly onProgress: (progress: Progress) => void
  /** The loop was told to stop. */
  readonly onDraining: () => void
}

/**
 * @returns never; rejects with the signal's reason when work has ended, at the latest 10 s after it aborted
 *
 * Faults: `LOCK_BUSY` where another loop holds the slot, those of the page's port, of booting the slot, and of the state directory.
 */
export async function clockLoop(
  request: ClockLoopRequest,
  state: State,
  ports: Ports,
  hooks: ClockLoopHooks,
): Promise<never> {
  await refuseInProduction(request.market.series, state.directory, ports)
  return ports.withLock(runLockOf(state.directory), () => loop(request, state, ports, hooks))
}

async function loop(request: ClockLoopRequest, state: State, machine: Ports, hooks: ClockLoopHooks): Promise<never> {
  const { market, seed, speed, sources, rng } = request
  const { signal, onOpen, onEvent, onProgress, onDraining } = hooks
  const { symbol, bars } = market.series
  const ports = { ...machine, ...(await timeOf(request, state, machine)) }
  const control = clockControl()
  const page = request.window && { ...request.window, stateDirectory: state.directory, control }
  const window = page && (await machine.window(page))
  const onCommitted = (seq: number) => window?.committed(seq)
  const over = new AbortController()
  try {
    const { channel } = ports.settings.release
    const runId = clockRunId(channel, symbol)
    await recordSettingsChanges({ settings: ports.settings, runId, clock: machine.clock }, state)
    const run = await openClockRun({ market, state, ports, wall: machine.clock, seed, onCommitted })
    const asks = trainingAsks(() => live.asked())
    const fits = fitStop()
    const live = clockLive({
      asked: () => asks.waiting(),
      runId: run.runId,
      bars: bars.length,
      nextSlot: () => nextSlotAt(ports.clock.now(), ports.settings.training.intervalMinutes),
      onChange: now => window?.live(now),
    })
    const drain = () => {
      live.draining()
      onDraining()
    }
    signal.addEventListener('abort', drain, { once: true })
    try {
      const slot = await openLiveSlot({ symbol }, state, ports)
      const settled = machine.timer.sleep(HEALTHY_MS, over.signal).then(
        () => slot.healthy(),
        () => undefined,
      )
      const installation = installationOf({ state, ports, slot: modelSlot(SLOT), clock: machine.clock, actor: 'care' })
      const onTrouble = (detail: string) =>
        run.tell(async () => [{ topic: 'control', at: machine.clock.now(), body: { action: 'care', detail } }])
      const own = { state, ports: machine, runId, signal: over.signal, onTrouble }
      const care = weeklyCare({ time: machine, installation, ...own }).catch(() => undefined)
      const record = await clockRecord({ run, live, slot, state, ports, asks, fits, signal })
      control.obey(record.obey)
      onOpen({ window, inCharge: slot.current()?.label ?? null, notes: slot.notes })
      try {
        return await runByClock(
          {
            symbol,
            runId: run.runId,
            seed,
            sources,
            rng,
            deadlineMs: ports.settings.training.deadlineMinutes * MINUTE_MS * speed,
            passMs: ports.settings.cloudSync.passMinutes * MINUTE_MS * speed,
            drainMs: DRAIN_MS * speed,
          },
          state,
          ports,
          {
            signal,
            asks,
            fits,
            champion: () => slot.current(),
            sync: (source, own) => record.sync(source, own),
            onEvent: event => {
              record.event(event)
              onEvent(event)
            },
            onProgress: progress => {
              live.progress(progress)
              onProgress(progress)
            },
          },
        )
      } finally {
        over.abort()
        await Promise.all([settled, care])
        await slot.healthy()
      }
    } catch (cause) {
      live.ended()
      const { code, message: sentence } = faultOf(cause)
      await (signal.aborted ? run.end('interrupted') : run.end('failed', { code, sentence }))
      throw cause
    } finally {
      signal.removeEventListener('abort', drain)
    }
  } finally {
    await window?.close()
  }
}

/** The machine's own clock; or a faster one, that goes on where the slots of an earlier start had come to. */
async function timeOf(
  { market, speed }: ClockLoopRequest,
  { journal }: State,
  { clock, timer, settings }: Ports,
): Promise<Time> {
  if (speed === 1) return { clock, timer }
  if (!(speed > 0)) throw new Fault('USAGE', 'a speed above 0 is expected', { place: '--speed' })
  const own = `${slotPipeline(settings.release.channel, market.series.symbol)}@`
  const ends = (await journal.trainings()).flatMap(({ trainingId, asOf, durationMs }) =>
    trainingId.startsWith(own) ? [asOf + (durationMs ?? 0)] : [],
  )
  const fast = speedClock({ clock, timer, speed, startMs: ends.reduce((a, b) => Math.max(a, b), clock.now()) })
  return { clock: fast, timer: fast }
}
