// One cycle of the loop up to the published release: train, build, sign, publish.

import { canonicalJson } from '../base/canonical-json.ts'
import type { Clock } from '../base/clock.ts'
import { accepted, type Outcome } from '../base/fault.ts'
import { DAY_MS } from '../market/bar.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import { type BuiltRelease, buildRelease } from '../release/build.ts'
import type { SearchTable } from '../release/evaluation.ts'
import type { SigningKey } from '../release/keys.ts'
import { publishRelease } from '../release/publish.ts'
import type { Publisher } from '../release/publisher.ts'
import { versionLabel } from '../release/version-label.ts'
import type { ModelSet } from '../serving/model-set.ts'
import type { CandidateBook } from '../trading/candidates.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { Ledger } from '../trading/ledger/ledger.ts'
import { TRAIN_DEFAULTS, type TrainOptions } from '../training/options.ts'
import type { Champion, Progress, TrainOutcome } from '../training/run.ts'
import { train } from '../training/train.ts'
import type { Market } from './import-series.ts'
import type { LeakGuard } from './leak-guard.ts'
import { type LedgerAct, openAct } from './ledger-act.ts'
import { datasetOptions } from './limits-of.ts'
import type { Ports } from './ports.ts'

export type CycleContext = {
  readonly market: Market
  readonly book: Pick<CandidateBook, 'table' | 'schema'>
  readonly ports: Ports
  readonly clock: Clock
  readonly oracle: RuntimeOracle
  readonly ledger: Ledger
  readonly guard: LeakGuard
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly signal: AbortSignal
}

export type TrainRequest = {
  readonly seed: number
  /** Nothing known later is used, ms UTC; now when absent. */
  readonly asOf?: number | undefined
  /** 1, 2, 3 ... of its channel. */
  readonly number: number
  readonly champion: ModelSet | undefined
  /** As which act it is entered in the ledger. */
  readonly act: LedgerAct
  /** Over those of the configuration: what a search chose. */
  readonly options?: Partial<TrainOptions> | undefined
  readonly search?: SearchTable | undefined
}

function championOf(set: ModelSet | undefined): Champion | undefined {
  if (set === undefined) return undefined
  return {
    releaseId: set.releaseId,
    classes: set.classes,
    async answer(role, rows, count) {
      const evaluator = set.roles.get(role)
      // A view would be written over by the next decision.
      return evaluator && { values: evaluator.run(rows, count).slice(), outputs: evaluator.outputs }
    },
  }
}

/** A column that looks ahead ends the training before it begins (FEAT-06). */
function leakOf(
  { market, book, guard }: CycleContext,
  { asOf, seed }: { readonly asOf: number; readonly seed: number },
): TrainOutcome | undefined {
  const fault = guard.faultOf(market, book.schema, asOf)
  if (fault === undefined) return undefined
  const { symbol, snapshotId } = market.series
  const facts = { phase: 'dataset' as const, code: fault.code, sentence: fault.message }
  return { ok: false, fault, report: { ...facts, symbol, snapshotId, asOf, seed } }
}

/** Faults in the outcome: `FEATURE_LEAK`, and those of `train`. */
export async function trainCycle(request: TrainRequest, context: CycleContext): Promise<TrainOutcome> {
  const { seed, number, champion, act } = request
  const { market, book, ports, clock, oracle, ledger, onProgress, signal } = context
  const { series, instrument, calendar } = market
  const asOf = request.asOf ?? clock.now()
  const leak = leakOf(context, { asOf, seed })
  if (leak !== undefined) return leak
  const options = { ...datasetOptions(ports.settings), ...request.options }
  const entered = await openAct(
    act,
    { asOf, options: { ...TRAIN_DEFAULTS, ...options } },
    { market, schema: book.schema, ledger, ports },
  )
  const outcome = await (ports.train ?? train)({
    table: book.table,
    schema: book.schema,
    series: {
      symbol: series.symbol,
      barMs: series.barMs,
      step: instrument.step,
      snapshotId: series.snapshotId,
      provenance: series.provenance,
      sessionOf: time => calendar.at(time).tradeDate,
    },
    asOf,
    seed,
    clock,
    oracle,
    lineage: { ...ports.facts, jobId: `${series.symbol}-${number}`, semVer: `0.${number}.0` },
    options,
    standing: entered.standing,
    search: request.search,
    champion: championOf(champion),
    ...(onProgress === undefined ? {} : { onProgress }),
    signal,
  })
  // A training that was cut short is made again.
  if (!signal.aborted) await entered.enter(outcome)
  return outcome
}

export type BuildRequest = {
  readonly trained: Extract<TrainOutcome, { ok: true }>
  readonly channel: string
  readonly symbol: string
  readonly version: number
  readonly prevManifestSha256: string | null
  readonly keys: readonly SigningKey[]
  /** 1 where absent: a channel of its own begins there. */
  readonly epoch?: number | undefined
  readonly baseUrl: string
  /** Replays: how long a release may wait for a flat book, on the replay clock; manifest and pointer stay valid that long. */
  readonly holdMs?: number
}

export function buildCycle(
  request: BuildRequest,
  { ports, clock }: Pick<CycleContext, 'ports' | 'clock'>,
): Outcome<BuiltRelease> {
  const { trained, channel, symbol, version, prevManifestSha256, keys, epoch = 1, baseUrl, holdMs } = request
  const { evaluation, driftScore, members, graphSignatures, trainingSamples } = trained
  const { cdnBaseUrl, manifestDays } = ports.settings.release.publish
  const { enableCompression } = ports.settings.cloudTrainer.performance
  return buildRelease({
    channel,
    audience: { profile: 'paper', symbols: [symbol] },
    epoch,
    version,
    label: versionLabel(clock.now(), version),
    prevManifestSha256,
    graphSignatures,
    members,
    trainingSamples,
    gates: { ciBacktest: 'notApplicable', driftScore, verdict: evaluation.verdict },
    minRatchet: ports.facts.codeVersion,
    onnx: { opset: 17, ir: 8 },
    provenance: evaluation.provenance,
    keys,
    baseUrl: cdnBaseUrl ?? baseUrl,
    clock,
    // What a replay publishes never leaves its machine.
    pack: enableCompression && holdMs === undefined,
    manifestDays: Math.max(manifestDays, Math.ceil((holdMs ?? 0) / DAY_MS)),
    ...(holdMs === undefined ? {} : { publishIntervalMs: holdMs }),
  })
}

export async function publishCycle(
  built: BuiltRelease,
  publisher: Publisher,
  signal: AbortSignal,
  botKeys: readonly SigningKey[] = [],
): Promise<Outcome<string>> {
  const published = await publishRelease({
    publisher,
    files: built.files,
    label: built.manifest.label,
    pointerBytes: built.pointerBytes,
    botKeys,
    signal,
  })
  return published.ok ? accepted(built.releaseId) : published
}

/** The row of `training_runs`. `built`: what came of the members; undefined where there are none. */
export function trainingRow(
  facts: Pick<TrainingRow, 'trainingId' | 'runId' | 'symbol' | 'asOf' | 'number' | 'durationMs' | 'curves'>,
  outcome: TrainOutcome,
  built?: Outcome<BuiltRelease>,
): TrainingRow {
  if (!outcome.ok) {
    const report = canonicalJson(outcome.report)
    return {
      ...facts,
      status: 'failed',
      effectiveRows: null,
      rows: null,
      release: null,
      fault: outcome.fault.code,
      report,
    }
  }
  const { effectiveRows, trainingSamples, evaluation } = outcome
  const shared = { ...facts, effectiveRows, rows: trainingSamples, report: canonicalJson(evaluation) }
  if (built === undefined || !built.ok) {
    return { ...shared, status: 'failed', release: null, fault: built?.fault.code ?? null }
  }
  const { releaseId, manifest, manifestSha256 } = built.value
  const { channel, version } = manifest
  return { ...shared, status: 'released', release: { releaseId, channel, version, manifestSha256 }, fault: null }
}
