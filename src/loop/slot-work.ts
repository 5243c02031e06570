// What the parts of a training slot share.

import type { ModelSet } from '../serving/model-set.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { Progress } from '../training/run.ts'
import type { ClockEvent } from './clock-event.ts'
import type { FitStop } from './fit-stop.ts'
import type { LeakGuard } from './leak-guard.ts'
import type { Ports, State } from './ports.ts'

export type SlotWork = {
  /** Channel and symbol: what slots are numbered for. */
  readonly pipeline: string
  readonly symbol: string
  /** The run that the slots are recorded for; null where none is kept. */
  readonly runId: string | null
  /** Folder of the published tree. */
  readonly publishTo: string
  readonly seed: number
  readonly deadlineMs: number
  readonly state: State
  readonly ports: Ports
  readonly guard: LeakGuard
  readonly signal: AbortSignal
  /** Where a person may stop a training that runs. */
  readonly fits?: FitStop | undefined
  readonly onEvent: (event: ClockEvent) => void
  readonly onProgress: (progress: Progress) => void
  /** The set in charge, for the comparison in the evaluation. */
  readonly champion: () => ModelSet | undefined
}

/** Of a slot's row, what does not depend on how it ends. */
export type RowFacts = Pick<
  TrainingRow,
  'trainingId' | 'runId' | 'symbol' | 'asOf' | 'number' | 'durationMs' | 'curves'
>

/** A pointer is signed in every slot. */
export const publishIntervalMs = ({ settings }: Pick<Ports, 'settings'>): number =>
  settings.training.intervalMinutes * 60_000
