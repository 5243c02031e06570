// The loop's side of the control: what people ask for, taken up between two bars; what is true now, told to whoever listens.

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { type FitStop, fitStop } from './fit-stop.ts'
import { type Pace, type PaceOptions, pacer } from './pace.ts'
import type { LiveState, ReleaseCommand, RunCommand, RunControl } from './run-control.ts'

/** Commands that wait for the end of a bar. */
export type BarCommand =
  | Extract<RunCommand, { type: 'drill' | 'rollback' | 'pauseEntries' | 'flatten' | 'resumeTrading' | 'train' }>
  | ReleaseCommand

export interface ReplayControl extends RunControl {
  readonly pace: Pace
  /** The training that runs, which stands in the middle of a bar. */
  readonly fits: FitStop
  /** A run begins. Its signal aborts with a fault `RESTARTED` when another is asked for. */
  begin(runId: string, nextTrainingBar: number): AbortSignal
  update(change: Partial<LiveState>): void
  /** Does what was asked for since the last bar. */
  serve(act: (command: BarCommand) => Promise<Outcome<string>>): Promise<void>
  /** The run is over. Resolves with the seed of the next one, when somebody asks for it. */
  end(): void
  nextSeed(signal: AbortSignal): Promise<number>
  committed(seq: number): void
}

type Waiting = { readonly command: BarCommand; readonly answer: (outcome: Outcome<string>) => void }

const OVER = { fix: 'start another: restart' }

export function replayControl(options: PaceOptions): ReplayControl {
  const pace = pacer(options)
  const fits = fitStop()
  const onLive = new Set<(state: LiveState) => void>()
  const onCommitted = new Set<(seq: number) => void>()
  let waiting: Waiting[] = []
  let live: LiveState | undefined
  let stop = new AbortController()
  let seed: number | undefined
  let asked = Promise.withResolvers<number>()

  const update = (change: Partial<LiveState>): void => {
    if (live === undefined) return
    // The pace changes by itself too: a jump ends at its date.
    const { barsPerSecond, jumpingTo } = pace.state()
    live = { ...live, barsPerSecond, jumpingTo, ...change }
    for (const listener of onLive) listener(live)
  }
  const told = (sentence: string): Outcome<string> => {
    const { paused } = pace.state()
    const state = live?.state === 'running' || live?.state === 'paused' ? (paused ? 'paused' : 'running') : undefined
    update(state === undefined ? {} : { state })
    return accepted(sentence)
  }
  /** What needs no bar to end: one sentence of what was done. */
  const atOnce = (command: RunCommand): string | undefined => {
    if (command.type === 'pause') {
      pace.pause()
      return 'paused'
    }
    if (command.type === 'continue') {
      pace.continue()
      return 'goes on'
    }
    if (command.type === 'speed') {
      pace.setRate(command.barsPerSecond)
      return command.barsPerSecond === null ? 'as fast as it goes' : `${command.barsPerSecond} bars a second`
    }
    if (command.type !== 'jump') return undefined
    pace.jump(command.to)
    pace.continue()
    return `on to ${new Date(command.to).toISOString().slice(0, 10)}`
  }
  const restart = (next: number): Outcome<string> => {
    seed = next
    pace.continue()
    stop.abort(new Fault('RESTARTED', 'another run was asked for'))
    asked.resolve(next)
    return accepted(`a new run with seed ${next} begins`)
  }

  return {
    pace,
    fits,
    live: () => live,
    onLive(listener) {
      onLive.add(listener)
      return () => void onLive.delete(listener)
    },
    onCommitted(listener) {
      onCommitted.add(listener)
      return () => void onCommitted.delete(listener)
    },
    committed(seq) {
      for (const listener of onCommitted) listener(seq)
    },
    async send(command) {
      if (live === undefined) return refused('NOT_RUNNING', 'no run has begun yet')
      if (command.type === 'restart') return restart(command.seed)
      if (live.state === 'ended') return refused('RUN_ENDED', 'the run has ended', OVER)
      if (command.type === 'askSources') return refused('NO_SOURCES', 'a replay publishes to this disk and reads there')
      if (command.type === 'stopTraining') return fits.stop(command.reason)
      const done = atOnce(command)
      if (done !== undefined) return told(done)
      const { promise, resolve } = Promise.withResolvers<Outcome<string>>()
      waiting.push({ command: command as BarCommand, answer: resolve })
      pace.wake()
      return promise
    },
    begin(runId, nextTrainingBar) {
      stop = new AbortController()
      asked = Promise.withResolvers<number>()
      seed = undefined
      const { paused, barsPerSecond, jumpingTo } = pace.state()
      live = {
        runId,
        state: paused ? 'paused' : 'running',
        barsPerSecond,
        jumpingTo,
        training: null,
        phase: 'data',
        nextTrainingBar,
      }
      update({})
      return stop.signal
    },
    update,
    async serve(act) {
      while (waiting.length > 0) {
        const [{ command, answer }, ...rest] = waiting as [Waiting, ...Waiting[]]
        waiting = rest
        answer(await act(command))
      }
    },
    end() {
      update({ state: 'ended', training: null, phase: 'waiting' })
      for (const { answer } of waiting) answer(refused('RUN_ENDED', 'the run has ended', OVER))
      waiting = []
    },
    async nextSeed(signal) {
      if (seed !== undefined) return seed
      const aborted = Promise.withResolvers<never>()
      const leave = () => aborted.reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      try {
        signal.throwIfAborted()
        return await Promise.race([asked.promise, aborted.promise])
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
  }
}
