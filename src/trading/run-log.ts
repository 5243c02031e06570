// What a run needs to go on where it stopped: the port to its own past.

import type { JournalInput, RunProgress } from './journal.ts'

export type PastRun = {
  readonly runId: string
  readonly state: 'running' | 'finished' | 'failed' | 'interrupted'
  readonly seed: string
  readonly symbol: string
  readonly dataHash: string
  /** Id of the configuration's snapshot. */
  readonly configSnapshot: string
  /** Of the program that made it. */
  readonly codeVersion: string | null
  /** `RunFacts.asked`. */
  readonly asked?: string | undefined
  /** Undefined where no bar is durable. */
  readonly progress: RunProgress | undefined
}

/** One slot of the schedule and what came of it. */
export type CycleRow = {
  /** 1, 2, 3 ... of the run. */
  readonly slot: number
  readonly bar: number
  /** JSON. */
  readonly body: string
}

export type RunsToErase = {
  readonly channels: readonly string[]
  /** Snapshot ids. */
  readonly dataHashes: readonly string[]
  readonly symbol: string
}

export interface RunLog {
  /** The run that started last; undefined before the first. */
  latest(): Promise<PastRun | undefined>
  /** In order of their slot. */
  cycles(runId: string): Promise<readonly CycleRow[]>
  inputs(runId: string): Promise<readonly JournalInput[]>
  /** Recording a slot again replaces it. */
  recordCycle(runId: string, row: CycleRow): Promise<void>
  /**
   * Forgets events of runs that ended a week before this time.
   *
   * @param live a run that goes on: of its own events those go that are a week old, but for the newest of each topic
   */
  prune(nowMs: number, live?: string): Promise<number>
  /** Runs of these channels with all that they wrote and published, and the facts about these series of a symbol; as a whole or not at all. */
  erase(what: RunsToErase): Promise<void>
  /** A stopped run is running again. */
  reopen(runId: string): Promise<void>
}
