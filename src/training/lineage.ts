// `lineage.json` and `metadata.json`: where a release comes from, and the summary that foreign tools read (REL-01).

import { canonicalJson } from '../base/canonical-json.ts'
import { sha256 } from '../base/hash.ts'
import type { LabelFacts } from '../data/label-set.ts'
import type { Evaluation } from '../release/evaluation.ts'
import type { TrainOptions } from './options.ts'
import type { LineageFacts, SeriesFacts } from './run.ts'

export type Lineage = {
  readonly schema: 'ratchet.lineage/1'
  readonly data: readonly {
    readonly snapshotId: string
    readonly symbol: string
    readonly barMs: number
    /** First and last candidate, ms UTC. */
    readonly range: readonly [number, number]
    readonly provenance: SeriesFacts['provenance']
  }[]
  /** The labelled rows that it learned from. */
  readonly labels: LabelFacts
  readonly codeVersion: string
  readonly lockfileSha256: string
  readonly configSha256: string
  /** What the hash is of. */
  readonly config: TrainOptions
  /** Of `features.json`. */
  readonly featureSchemaSha256: string
  readonly seed: number
  readonly parentRelease: string | null
  readonly jobId: string
  readonly machine: string
  readonly runtime: string
  readonly asOf: string
  readonly startedAt: string
  readonly finishedAt: string
  /** Phase -> ms by the run's clock. */
  readonly durationsMs: Readonly<Record<string, number>>
}

export type LineageInput = {
  readonly series: SeriesFacts
  readonly range: readonly [number, number]
  readonly labels: LabelFacts
  readonly facts: LineageFacts
  readonly config: TrainOptions
  readonly featureSchemaSha256: string
  readonly seed: number
  readonly parentRelease: string | undefined
  readonly runtime: string
  readonly asOf: number
  readonly startedAt: number
  readonly finishedAt: number
  readonly durationsMs: Readonly<Record<string, number>>
}

const iso = (ms: number): string => new Date(ms).toISOString()

export function lineageOf({ series, facts, ...input }: LineageInput): Lineage {
  const { snapshotId, symbol, barMs, provenance } = series
  return {
    schema: 'ratchet.lineage/1',
    data: [{ snapshotId, symbol, barMs, range: input.range, provenance }],
    labels: input.labels,
    codeVersion: facts.codeVersion,
    lockfileSha256: facts.lockfileSha256,
    configSha256: sha256(canonicalJson(input.config)),
    config: input.config,
    featureSchemaSha256: input.featureSchemaSha256,
    seed: input.seed,
    parentRelease: input.parentRelease ?? null,
    jobId: facts.jobId,
    machine: facts.platform,
    runtime: input.runtime,
    asOf: iso(input.asOf),
    startedAt: iso(input.startedAt),
    finishedAt: iso(input.finishedAt),
    durationsMs: input.durationsMs,
  }
}

/** `ratchet` models of one symbol serve all strategies and regimes. */
const FAMILY = 'ratchet'
const EVERY = 'all'

export type Metadata = {
  readonly schema: 'ratchet.metadata/1'
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly size: number }>>
  readonly family: string
  readonly symbol: string
  readonly strategy: string
  readonly regime: string
  readonly semVer: string
  readonly createdAt: string
  readonly trainingMetrics: {
    readonly datasetSize: number
    /** Holdout log loss of `meta`; null where the holdout is too thin. */
    readonly validationScore: number | null
    /** Seconds by the run's clock. */
    readonly trainingDuration: number
    readonly features: readonly string[]
    /** Class -> events of the fit part and the holdout. */
    readonly targetDistribution: Readonly<Record<string, number>>
  }
}

export type MetadataInput = {
  readonly models: ReadonlyMap<string, Uint8Array>
  readonly evaluation: Evaluation
  readonly semVer: string
  readonly startedAt: number
  readonly finishedAt: number
  readonly features: readonly string[]
  readonly targetDistribution: Readonly<Record<string, number>>
}

export function metadataOf(input: MetadataInput): Metadata {
  const { models, evaluation, semVer, startedAt, finishedAt, features, targetDistribution } = input
  return {
    schema: 'ratchet.metadata/1',
    files: Object.fromEntries(
      Array.from(models, ([name, bytes]) => [name, { sha256: sha256(bytes), size: bytes.length }]),
    ),
    family: FAMILY,
    symbol: evaluation.symbol,
    strategy: EVERY,
    regime: EVERY,
    semVer,
    createdAt: iso(finishedAt),
    trainingMetrics: {
      datasetSize: evaluation.rows.total,
      validationScore: evaluation.roles['meta']?.holdout['logLoss']?.value ?? null,
      trainingDuration: (finishedAt - startedAt) / 1000,
      features,
      targetDistribution,
    },
  }
}
