// What the uses of the loop need from outside; the composition root hands it in.

import type { Clock } from '../base/clock.ts'
import type { DatabaseCopies } from '../base/database-copies.ts'
import type { Disk } from '../base/disk.ts'
import type { Log } from '../base/log.ts'
import type { Machine } from '../base/machine.ts'
import type { Surroundings } from '../base/surroundings.ts'
import type { Timer } from '../base/timer.ts'
import type { DataMarks } from '../data/data-marks.ts'
import type { DataSets } from '../data/data-sets.ts'
import type { LabelSet } from '../data/label-set.ts'
import type { MacroStore } from '../data/macro-store.ts'
import type { MacroVendor } from '../data/macro-vendor.ts'
import type { RowSource } from '../data/rows.ts'
import type { BarStore } from '../data/store.ts'
import type { BarVendor } from '../data/vendor.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import type { Publisher } from '../release/publisher.ts'
import type { ReleaseSource } from '../release/source.ts'
import type { EvaluatorHosts } from '../serving/evaluator-hosts.ts'
import type { Host } from '../serving/lock.ts'
import type { ParameterChangeStore } from '../serving/parameter-changes.ts'
import type { ModelProbe } from '../serving/probe.ts'
import type { Registry } from '../serving/registry.ts'
import type { Journal } from '../trading/journal.ts'
import type { Ledger } from '../trading/ledger/ledger.ts'
import type { ReadModel } from '../trading/read-model.ts'
import type { RunLog } from '../trading/run-log.ts'
import type { TrainInput, TrainOutcome } from '../training/run.ts'
import type { OpenTrialWorkers } from '../training/search/trial-workers.ts'
import type { LiveState, RunControl } from './run-control.ts'
import type { RunMeter } from './run-reading.ts'
import type { Settings } from './settings.ts'

/** Facts about the program and the machine that go into lineage and history. */
export type BuildFacts = {
  readonly codeVersion: string
  readonly lockfileSha256: string
  /** `linux x64, node 26.10.0`. */
  readonly platform: string
}

/** One opened state directory; nobody else writes to it meanwhile. */
export interface State {
  readonly directory: string
  readonly registry: Registry
  readonly journal: Journal
  readonly runLog: RunLog
  /** What runs left behind, for whoever explains it; closed with the state. */
  readonly records: ReadModel
  readonly ledger: Ledger
  readonly parameterChanges: ParameterChangeStore
  readonly bars: BarStore
  readonly dataSets: DataSets
  readonly dataMarks: DataMarks
  readonly macro: MacroStore
  close(): Promise<void>
}

export type WindowRequest = {
  readonly stateDirectory: string
  /** On the loopback address; 0 takes any free one. */
  readonly port: number
  /** What a person must have read; absent where nobody knows better than the records. */
  readonly banner?: readonly string[] | undefined
  readonly dataNote?: string | undefined
  /** Obeys what people ask for; without a loop it refuses with `NOT_RUNNING`. */
  readonly control: Pick<RunControl, 'send'>
}

/** The page and the API over one state directory, in a thread of their own: a busy loop never keeps a reader waiting. */
export interface Window {
  /** `http://127.0.0.1:8000`. */
  readonly url: string
  readonly port: number
  /** Events up to this seq are durable. */
  committed(seq: number): void
  live(state: LiveState): void
  close(): Promise<void>
}

export interface Ports {
  readonly clock: Clock
  /** Never goes back; in parts of a millisecond, from no moment in particular. */
  readonly stopwatch: Clock
  /** What the loop measures of itself goes there; absent: nothing is measured. */
  readonly meter?: RunMeter | undefined
  /** Waits on the same time as `clock` shows. */
  readonly timer: Timer
  readonly disk: Disk
  /** Absent: no backups are made by a loop itself. */
  readonly copies?: DatabaseCopies | undefined
  readonly log: Log
  readonly facts: BuildFacts
  readonly settings: Settings
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  /** A CSV or Parquet file as text rows, and its SHA-256. */
  openTable(path: string): Promise<{ readonly rows: RowSource; readonly sha256: string }>
  /** Faults: `STATE_BUSY` naming who holds it, and those of the database. */
  openState(directory: string): Promise<State>
  /** Fault: `SECRET_MISSING` without a key. */
  polygon(): Promise<BarVendor>
  /** Fault: `SECRET_MISSING` without a key. */
  fred(): Promise<MacroVendor>
  publisher(root: string): Publisher
  source(place: string): ReleaseSource
  /** The reference runtime, started on first use. */
  oracle(): RuntimeOracle
  /** Keeps a data set of labelled rows in a file of its own; whole or not at all. */
  writeLabels(path: string, set: LabelSet): Promise<void>
  /** Trains elsewhere, within `training.budget.memoryMb` and beside whoever trades; absent: here. The same bytes come of both. */
  readonly train?: ((input: TrainInput) => Promise<TrainOutcome>) | undefined
  /** Makes the trials of a search, several at once (`search.parallel`); absent: one after the other, in this thread. */
  readonly trialWorkers?: OpenTrialWorkers | undefined
  /** Tries candidates in a process of its own; absent: their latency and memory are not measured. */
  readonly probe?: ModelProbe | undefined
  /** Processes for graphs that are too large for this thread; absent: releases with such graphs are refused. */
  readonly hosts?: EvaluatorHosts | undefined
  /** Random bytes of the operating system, for keys only. */
  readonly entropy: (count: number) => Uint8Array
  /** Measures the machine, for `doctor`. */
  readonly machine: Machine
  /** For `doctor`; absent: not looked at. */
  readonly surroundings?: Surroundings | undefined
  /** This process, for the writer lock. */
  readonly host: Host
  /** Runs work while no other process does so on this lock file. Fault: `LOCK_BUSY`. */
  withLock<T>(path: string, work: () => Promise<T>): Promise<T>
  /** Faults: `PORT_BUSY`, `DATABASE_UNREADABLE`, `WINDOW_FAILED`. */
  window(request: WindowRequest): Promise<Window>
  /** Whether a file is there, asked synchronously at every bar: the kill file. An unreadable folder counts as there (RSK-13). */
  readonly present: (path: string) => boolean
}
