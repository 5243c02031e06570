// A replay that is watched: the page is there first, the run is paced and obeys, and another one begins when somebody asks for it.

import { Fault } from '../base/fault.ts'
import type { Ports, State, Window } from './ports.ts'
import { type ReplayHooks, type ReplayRequest, type ReplayView, replay } from './replay.ts'
import { replayControl } from './replay-control.ts'
import type { ReplaySummary } from './replay-summary.ts'
import { runLockOf } from './run-lock.ts'

export type WatchedRequest = {
  readonly port: number
  /** Bars per second after the warm-up; null is as fast as it goes. */
  readonly barsPerSecond: number | null
  /** Ends with the first run instead of waiting for another. */
  readonly untilEnd: boolean
  /** Sentences that must have been read: what is real and what is hypothetical. */
  readonly banner: readonly string[]
  readonly dataNote: string
  /** The bars come after the page: reading them takes a while. */
  readonly request: () => Promise<ReplayRequest>
}

export type WatchedHooks = {
  readonly signal: AbortSignal
  readonly onOpen: (window: Window) => void
  readonly onView: (view: ReplayView) => void
  readonly onSummary: (summary: ReplaySummary) => void
  readonly onCycle?: ReplayHooks['onCycle']
}

/** Ends with the run where `untilEnd`, else with the signal. Faults: those of `replay` and of the port. */
export async function runWatched(
  watched: WatchedRequest,
  state: State,
  ports: Ports,
  hooks: WatchedHooks,
): Promise<void> {
  const { signal, onOpen, onView, onSummary, onCycle } = hooks
  const { clock, timer } = ports
  const control = replayControl({ clock, timer, barsPerSecond: watched.barsPerSecond })
  const { port, banner, dataNote } = watched
  // Before there is a page: the second loop of a state directory is refused, and shows nothing.
  await ports.withLock(runLockOf(state.directory), async () => undefined)
  const window = await ports.window({ stateDirectory: state.directory, port, banner, dataNote, control })
  const stopLive = control.onLive(live => window.live(live))
  const stopCommitted = control.onCommitted(seq => window.committed(seq))
  try {
    onOpen(window)
    let request = await watched.request()
    for (;;) {
      try {
        onSummary(await replay(request, state, ports, { signal, onView, onCycle, control }))
        if (watched.untilEnd) return
      } catch (cause) {
        if (!(cause instanceof Fault && cause.code === 'RESTARTED')) throw cause
      }
      request = { ...request, seed: await control.nextSeed(signal), fresh: true }
    }
  } finally {
    stopLive()
    stopCommitted()
    await window.close()
  }
}
