// What a training run is given and what it hands back.

import type { Clock } from '../base/clock.ts'
import type { Fault } from '../base/fault.ts'
import type { Provenance } from '../market/bar.ts'
import type { FeatureSchema } from '../market/feature-schema.ts'
import type { Crew } from '../models/crew.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import type { Evaluation, SearchTable } from '../release/evaluation.ts'
import type { ReleaseMembers, StandardRole } from '../release/release.ts'
import type { CandidateTable } from '../trading/candidate-table.ts'
import type { CurvePoint } from './curves.ts'
import type { TrialResults } from './ledger/results.ts'
import type { Standing } from './ledger/standing.ts'
import type { TrainOptions } from './options.ts'

/** Facts about the series that the candidates come from. */
export type SeriesFacts = {
  readonly symbol: string
  readonly barMs: number
  /** Instrument step, in price: the unit of `slip`. */
  readonly step: number
  readonly snapshotId: string
  readonly provenance: Provenance
  /** Label of the session that an instant belongs to (Calendar.at(time).tradeDate). */
  readonly sessionOf: (timeMs: number) => string
}

/** Facts about the run that only the composition root knows. */
export type LineageFacts = {
  readonly codeVersion: string
  readonly lockfileSha256: string
  readonly jobId: string
  /** Machine and runtime, e.g. `linux x64, node 26.10.0`. */
  readonly platform: string
  /** `MAJOR.MINOR.PATCH` of this release for people (REL-03). */
  readonly semVer: string
}

/** Row-major, `count * outputs`. */
export type ChampionAnswer = { readonly values: Float32Array; readonly outputs: number }

/** The release in charge, as the model to beat. */
export type Champion = {
  readonly releaseId: string
  readonly classes: readonly string[]
  /** What it says of raw rows; undefined where it has no such role. Asked for, because a run may be far from where it is loaded. */
  readonly answer: (role: StandardRole, rows: Float32Array, count: number) => Promise<ChampionAnswer | undefined>
}

export type Progress = {
  readonly phase: 'dataset' | StandardRole | 'evaluate' | 'parity' | 'release'
  /** Share of the whole run that is done, 0 to 1. */
  readonly fraction: number
  readonly text: string
  /** Points of learning curves since the call before; absent where there are none. */
  readonly points?: readonly CurvePoint[]
}

export type TrainInput = {
  readonly table: CandidateTable
  readonly series: SeriesFacts
  readonly schema: FeatureSchema
  /** Nothing whose label was known later is seen. */
  readonly asOf: number
  readonly seed: number
  readonly clock: Clock
  readonly oracle: RuntimeOracle
  readonly lineage: LineageFacts
  readonly options?: Partial<TrainOptions>
  readonly champion?: Champion | undefined
  /** What the ledger says of this run, by role; absent: the first configuration of its hypotheses (LEDGER-01). */
  readonly standing?: Readonly<Record<StandardRole, Standing>>
  /** The search that chose the options, for the report. */
  readonly search?: SearchTable | undefined
  /** Threads that help with the fits; the same bytes come of any number of them. */
  readonly crew?: Crew | undefined
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** What went into a run that failed, and how far it came (TRAIN-03). */
export type FailureReport = {
  readonly phase: Progress['phase']
  readonly code: string
  readonly sentence: string
  readonly symbol: string
  readonly snapshotId: string
  readonly asOf: number
  readonly seed: number
}

export type TrainOutcome =
  | {
      readonly ok: true
      /** Every member but the manifest and its envelope. */
      readonly members: ReleaseMembers
      readonly evaluation: Evaluation
      /** What the manifest states (REL-15, OBS-02). */
      readonly driftScore: number
      readonly classes: readonly string[]
      /** Roles whose graph is the constant baseline (RL-07). */
      readonly baselineRoles: readonly StandardRole[]
      /** Graphs and their shapes, as the manifest lists them. */
      readonly graphSignatures: Readonly<
        Record<
          StandardRole,
          { readonly input: string; readonly width: number; readonly output: string; readonly outputs: number }
        >
      >
      readonly featureSchemaSha256: string
      /** Candidate rows the run learned from and was judged on. */
      readonly trainingSamples: number
      readonly effectiveRows: number
      /** What the ledger keeps of each role; null where there were too few results. */
      readonly results: Readonly<Record<StandardRole, TrialResults | null>>
    }
  | { readonly ok: false; readonly fault: Fault; readonly report: FailureReport }
