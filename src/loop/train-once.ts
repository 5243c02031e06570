// One training on a bar file, to a signed release directory that can be verified, published or synced from.

import { canonicalJson } from '../base/canonical-json.ts'
import { withDeadline } from '../base/deadline.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { LabelFacts } from '../data/label-set.ts'
import type { BuiltRelease } from '../release/build.ts'
import { writeReleaseDirectory } from '../release/directory.ts'
import type { Evaluation } from '../release/evaluation.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { TrainOptions } from '../training/options.ts'
import type { Progress, TrainOutcome } from '../training/run.ts'
import { channelHead } from './channel-head.ts'
import type { Market } from './import-series.ts'
import { keepLabels } from './keep-labels.ts'
import { leakGuard } from './leak-guard.ts'
import type { Ports, State } from './ports.ts'
import { type SearchRequest, searchTraining } from './search-training.ts'
import { rowsOf } from './series-rows.ts'
import { signingRing } from './signing-key.ts'
import { mayTrainByHand } from './skip-reason.ts'
import type { RowFacts } from './slot-work.ts'
import { type ChampionName, storedChampion } from './stored-champion.ts'
import { runKeyOf } from './trained-mark.ts'
import { buildCycle, trainCycle, trainingRow } from './training-cycle.ts'
import { marketForTraining, type TrainingData } from './training-data.ts'
import { alone } from './training-lock.ts'

export type TrainOnceRequest = {
  readonly data: TrainingData
  /** A table of splits and dividends of the bars in the file. */
  readonly actions?: string | undefined
  readonly seed: number
  /** Nothing known later is used, ms UTC; now when absent. */
  readonly asOf?: number | undefined
  /** Folder that becomes the release directory; it must not exist. */
  readonly out: string
  /** What to search for first; absent: the parameters of the configuration are taken. */
  readonly search?: SearchRequest | undefined
  /** What it is held against beside the baselines; absent: the release in charge of the state directory. */
  readonly champion?: ChampionName
  /** Train although people or the configuration have switched training off; kept in the record. */
  readonly force?: boolean | undefined
  /** Wall time after which it is cancelled, search included; absent: none. */
  readonly budgetMs?: number | undefined
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export type TrainedOnce = {
  readonly built: BuiltRelease
  readonly market: Market
  readonly out: string
  readonly seed: number
  readonly asOf: number
  readonly effectiveRows: number
  readonly trainingSamples: number
  readonly baselineRoles: readonly string[]
  readonly evaluation: Evaluation
  /** What it learned from, and where that lies. */
  readonly labels: LabelFacts & { readonly file: string }
  /** Digest of the manifest that it was held against; null where there was none. */
  readonly champion: string | null
  /** Why nothing would have been trained without `force`; null where it would. */
  readonly overruled: string | null
}

/**
 * Faults: `TRAIN_SKIPPED` where training is switched off, `TRAIN_DEADLINE`, those of `marketForTraining`, of `storedChampion`, of `trainCycle`
 * (`FEATURE_LEAK`, `TRAIN_TOO_FEW`, `DATASET_EMPTY`, `EXPORT_PARITY`, ...), of `buildRelease` and of writing the directory, `LOCK_BUSY` while
 * another training runs. A failed training writes no release.
 */
export async function trainOnce(request: TrainOnceRequest, state: State, ports: Ports): Promise<TrainedOnce> {
  // Asked before the work, not after it.
  if ((await ports.disk.stat(request.out)) !== undefined) {
    throw new Fault('RELEASE_EXISTS', 'there is something already', {
      place: request.out,
      fix: 'choose another directory',
    })
  }
  const word = await mayTrainByHand(request.force === true, state, ports)
  const market = await marketForTraining(request.data, request.actions, state, ports)
  if (word.train) {
    return alone(state.directory, ports, () => trainOn(market, request, word.overruled ?? null, state, ports))
  }
  await state.journal.recordTraining({
    ...rowFacts(market, request, ports),
    status: 'skipped',
    effectiveRows: null,
    rows: null,
    release: null,
    fault: null,
    report: canonicalJson({ reason: word.reason }),
  })
  throw new Fault('TRAIN_SKIPPED', word.reason, { fix: '--force trains all the same, and the record says so' })
}

/** Whole seconds: it is printed, and the same moment can be asked for again. */
const asOfOf = ({ asOf }: TrainOnceRequest, { clock }: Ports): number => asOf ?? Math.floor(clock.now() / 1000) * 1000

function rowFacts({ series }: Market, request: TrainOnceRequest, ports: Ports): RowFacts {
  return {
    trainingId: `train-${ports.clock.now()}-${request.seed}`,
    runId: null,
    symbol: series.symbol,
    asOf: asOfOf(request, ports),
    number: null,
    durationMs: null,
    curves: null,
  }
}

/** The work itself, or its end when the time that was given for it is over. */
async function within<T>(
  { budgetMs, signal }: TrainOnceRequest,
  { timer }: Ports,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (budgetMs === undefined) return work(signal)
  const late = () =>
    new Fault('TRAIN_DEADLINE', `training took longer than ${budgetMs / 60_000} minutes and was cancelled`, {
      place: '--budget',
      fix: 'give it more time, fewer bars, or fewer trials',
    })
  return withDeadline(work, { ms: budgetMs, timer, signal, late })
}

/** Who asks for the same training twice gets the same release, and has tried one thing. */
function actName(market: Market, { seed, search }: TrainOnceRequest, asOf: number, ports: Ports): string {
  const until = Math.min(asOf, market.series.bars.at(-1)?.knownAt ?? asOf)
  return `train-${sha256(canonicalJson({ ...runKeyOf(market, seed, ports), until, seed, search }))}`
}

async function trainOn(
  market: Market,
  request: TrainOnceRequest,
  overruled: string | null,
  state: State,
  ports: Ports,
): Promise<TrainedOnce> {
  const book = rowsOf(market, ports)
  const { clock, disk } = ports
  const ring = await signingRing(state.directory, ports)
  const { channel } = ports.settings.release
  const last = await channelHead(channel, state.journal)
  const version = (last?.version ?? 0) + 1
  const oracle = ports.oracle()
  const { onProgress, seed, out } = request
  const facts = rowFacts(market, request, ports)
  const { asOf } = facts
  /** What was overruled stands in the record of whatever came of it. */
  const record = (row: TrainingRow) =>
    state.journal.recordTraining(
      overruled === null
        ? row
        : { ...row, report: canonicalJson({ ...(JSON.parse(row.report) as object), overruled }) },
    )
  try {
    const about = { symbol: market.series.symbol, schema: book.schema, asOf }
    const champion = await storedChampion(request.champion, about, state, ports)
    let chosen: Partial<TrainOptions> | undefined
    const shared = { market, book, ports, clock, oracle, ledger: state.ledger, guard: leakGuard(), onProgress }
    const trained = async (signal: AbortSignal): Promise<TrainOutcome> => {
      const context = { ...shared, signal }
      const searched =
        request.search && (await searchTraining(request.search, { seed, asOf }, state.directory, context))
      const act = {
        name: actName(market, request, asOf, ports),
        actor: 'train',
        scope: null,
        chosen: request.search?.role,
      }
      const { options, table } = searched ?? {}
      chosen = options
      return trainCycle({ seed, asOf, number: version, champion, act, options, search: table }, context)
    }
    const outcome = await within(request, ports, trained)
    if (!outcome.ok) {
      await record(trainingRow(facts, outcome))
      throw outcome.fault
    }
    const built = buildCycle(
      {
        trained: outcome,
        channel,
        symbol: market.series.symbol,
        version,
        prevManifestSha256: last?.manifestSha256 ?? null,
        keys: ring.release,
        epoch: ring.epoch,
        baseUrl: ports.publisher(out).capabilities().originUrl,
      },
      { ports, clock },
    )
    if (built.ok) await writeReleaseDirectory(disk, out, built.value.files)
    await record(trainingRow(facts, outcome, built))
    const { effectiveRows, trainingSamples, baselineRoles, evaluation } = outcome
    const held = { champion: champion?.digest ?? null, overruled }
    const made = { built: unwrap(built), market, out, seed, asOf }
    const labels = await keepLabels({ market, book, asOf, options: chosen }, state.directory, ports)
    return { ...made, labels, effectiveRows, trainingSamples, baselineRoles, evaluation, ...held }
  } finally {
    await oracle.close()
  }
}
