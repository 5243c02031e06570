// What is true of a loop by the clock right now: told to whoever looks at its page, gone with the process.

import type { Progress } from '../training/run.ts'
import type { CurvePoint, LiveState, SourceTrouble } from './run-control.ts'

export interface ClockLive {
  state(): LiveState
  /** 1, 2, 3 ... among the trainings of the run. */
  trainingStarted(trainingId: string, number: number): void
  progress(progress: Progress): void
  published(): void
  trainingEnded(): void
  /** A pass begins, and gives the way to end it. */
  syncing(): () => void
  /** A pass over this source failed, or (undefined) did not. @param signedAt of the newest word of the channel */
  passed(source: string, trouble: SourceTrouble | undefined, signedAt: number | undefined): void
  /** A training was asked for, or the one that was is taken up. */
  asked(): void
  draining(): void
  ended(): void
}

export type ClockLiveOptions = {
  readonly runId: string
  /** Bars of the series: training does not wait for any. */
  readonly bars: number
  /** When the next slot begins, ms UTC. */
  readonly nextSlot: () => number
  /** Why a person has asked for a training that has not begun. */
  readonly asked?: () => string | undefined
  readonly onChange: (state: LiveState) => void
}

export function clockLive({ runId, bars, nextSlot, asked = () => undefined, onChange }: ClockLiveOptions): ClockLive {
  let state: LiveState['state'] = 'running'
  let training: LiveState['training'] = null
  let publishing = false
  const passes = new Set<symbol>()
  let points: CurvePoint[] = []
  const troubled = new Map<string, SourceTrouble>()
  let signedAt: number | undefined
  const phase = (): LiveState['phase'] => {
    if (publishing) return 'publishing'
    if (training !== null) return 'training'
    return passes.size > 0 ? 'syncing' : 'waiting'
  }
  const now = (): LiveState => {
    const replay = { barsPerSecond: null, jumpingTo: null, nextTrainingBar: bars }
    const why = asked()
    return {
      runId,
      state,
      training,
      phase: phase(),
      ...replay,
      ...(why !== undefined && { trainingAsked: why }),
      nextTrainingAt: nextSlot(),
      ...(troubled.size > 0 && { troubled: [...troubled.values()] }),
      ...(signedAt !== undefined && { signedAt }),
    }
  }
  const changed = (): void => onChange(now())
  return {
    state: now,
    trainingStarted(trainingId, number) {
      points = []
      training = { trainingId, number, phase: 'dataset', fraction: 0, text: 'reading the bars', points }
      changed()
    },
    progress({ points: more = [], ...progress }) {
      if (training === null) return
      points.push(...more)
      training = { ...training, ...progress, points }
      changed()
    },
    published() {
      publishing = true
      changed()
    },
    trainingEnded() {
      publishing = false
      training = null
      changed()
    },
    syncing() {
      const pass = Symbol('a pass')
      passes.add(pass)
      changed()
      return () => {
        passes.delete(pass)
        changed()
      }
    },
    passed(source, trouble, signed) {
      if (trouble === undefined) troubled.delete(source)
      else troubled.set(source, trouble)
      signedAt = signed
      changed()
    },
    asked: changed,
    draining() {
      state = 'draining'
      changed()
    },
    ended() {
      state = 'ended'
      training = null
      publishing = false
      passes.clear()
      changed()
    },
  }
}
