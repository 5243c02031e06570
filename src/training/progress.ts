// Where a run is: told to people, timed by the run's clock, and the places where it can be cancelled.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { Fault } from '../base/fault.ts'
import type { FitPoint, Watch } from '../models/watch.ts'
import type { StandardRole } from '../release/release.ts'
import { curveLog } from './curves.ts'
import type { Progress, TrainInput } from './run.ts'

type Phase = Progress['phase']

/** Share of the run that is done when a phase begins, measured on 3,500 events, and what it is called. */
const PHASES: Readonly<Record<Phase, { readonly begins: number; readonly steps: number; readonly text: string }>> = {
  dataset: { begins: 0, steps: 1, text: 'building the data set' },
  meta: { begins: 0.02, steps: 6, text: 'fitting the strategy classifier' },
  execution: { begins: 0.4, steps: 6, text: 'fitting the execution model' },
  rl_sizer: { begins: 0.65, steps: 6, text: 'fitting the sizer' },
  evaluate: { begins: 0.8, steps: 3, text: 'judging on unseen data' },
  parity: { begins: 0.9, steps: 3, text: 'certifying the graphs' },
  release: { begins: 0.98, steps: 1, text: 'writing the release' },
}
const ORDER = Object.keys(PHASES) as Phase[]

export type RunProgress = {
  /** Begins a phase. Lets an abort arrive; throws `TRAIN_CANCELLED` when it has. */
  enter(phase: Phase): Promise<void>
  /** One of the phase's steps is done: others get their turn, an abort may arrive, and what fits have told is passed on. */
  readonly step: () => Promise<void>
  /** For the fit that ships: its curves are told while it goes on, and kept for the report. */
  watch(role: StandardRole): Watch
  curve(role: StandardRole): readonly FitPoint[]
  phase(): Phase
  durationsMs(): Record<string, number>
}

export function runProgress({
  clock,
  onProgress,
  signal,
}: Pick<TrainInput, 'clock' | 'onProgress' | 'signal'>): RunProgress {
  let phase: Phase = 'dataset'
  let since = clock.now()
  let steps = 0
  const durations: Record<string, number> = {}
  const settle = (): void => {
    durations[phase] = (durations[phase] ?? 0) + clock.now() - since
    since = clock.now()
  }
  const refuseAborted = (): void => {
    if (signal?.aborted === true)
      throw new Fault('TRAIN_CANCELLED', `training was cancelled while ${PHASES[phase].text}`)
  }
  const curves = curveLog()
  const tell = (fraction: number): void => {
    const points = curves.take()
    onProgress?.({ phase, fraction, text: PHASES[phase].text, ...(points.length === 0 ? {} : { points }) })
  }
  return {
    phase: () => phase,
    watch: role => curves.watch(role),
    curve: role => curves.report(role),
    async enter(next) {
      await nextTurn()
      settle()
      phase = next
      steps = 0
      refuseAborted()
      tell(PHASES[phase].begins)
    },
    async step() {
      await nextTurn()
      steps++
      refuseAborted()
      const { begins, steps: all } = PHASES[phase]
      const following = ORDER[ORDER.indexOf(phase) + 1]
      const ends = following === undefined ? 1 : PHASES[following].begins
      tell(Math.min(ends, begins + ((ends - begins) * steps) / all))
    },
    durationsMs() {
      settle()
      return { ...durations }
    },
  }
}
