// The port to whoever else keeps a book of trainings: a mirror, never the truth, and never in the way (SCHED-06).

export type MirroredTraining = {
  readonly trainingId: string
  /** ms UTC. */
  readonly startedAt: number
  readonly endedAt: number
  readonly status: 'released' | 'skipped' | 'failed'
  readonly params: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, number>>
  /** Hashes and names: of data, release and manifest. */
  readonly tags: Readonly<Record<string, string>>
}

export interface TrainingMirror {
  /** Faults: `MIRROR_FAILED`. */
  record(training: MirroredTraining): Promise<void>
}
