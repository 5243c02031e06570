// One training on a bar file, to a signed release directory that can be verified, published or synced from.

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { BuiltRelease } from '../release/build.ts'
import { writeReleaseDirectory } from '../release/directory.ts'
import type { Evaluation } from '../release/evaluation.ts'
import type { Progress } from '../training/run.ts'
import { adjustedForTraining } from './adjusted-market.ts'
import { channelHead } from './channel-head.ts'
import { type ContractsRequest, contractsForTraining } from './continuous-market.ts'
import { importForTraining, type Market, type SeriesRequest } from './import-series.ts'
import { leakGuard } from './leak-guard.ts'
import type { Ports, State } from './ports.ts'
import { type SearchRequest, searchTraining } from './search-training.ts'
import { rowsOf } from './series-rows.ts'
import { signingRing } from './signing-key.ts'
import { runKeyOf } from './trained-mark.ts'
import { buildCycle, trainCycle, trainingRow } from './training-cycle.ts'
import { alone } from './training-lock.ts'

export type TrainOnceRequest = {
  /** A file, or the stored contracts of a root. */
  readonly bars: SeriesRequest | ContractsRequest
  /** A table of splits and dividends of the bars in the file. */
  readonly actions?: string | undefined
  readonly seed: number
  /** Nothing known later is used, ms UTC; now when absent. */
  readonly asOf?: number | undefined
  /** Folder that becomes the release directory; it must not exist. */
  readonly out: string
  /** What to search for first; absent: the parameters of the configuration are taken. */
  readonly search?: SearchRequest | undefined
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
}

/**
 * Faults: those of `importForTraining` or `contractsForTraining`, of `adjustedForTraining`, of `trainCycle` (`FEATURE_LEAK`, `TRAIN_TOO_FEW`, `DATASET_EMPTY`, `EXPORT_PARITY`, ...), of `buildRelease` and of
 * writing the directory, `LOCK_BUSY` while another training runs. A failed training writes no release.
 */
export async function trainOnce(request: TrainOnceRequest, state: State, ports: Ports): Promise<TrainedOnce> {
  // Asked before the work, not after it.
  if ((await ports.disk.stat(request.out)) !== undefined) {
    throw new Fault('RELEASE_EXISTS', 'there is something already', {
      place: request.out,
      fix: 'choose another directory',
    })
  }
  const { bars, actions } = request
  const read =
    'root' in bars ? await contractsForTraining(bars, state, ports) : await importForTraining(bars, state, ports)
  const market = actions === undefined ? read : await adjustedForTraining(read, actions, state, ports)
  return alone(state.directory, ports, () => trainOn(market, request, state, ports))
}

/** Who asks for the same training twice gets the same release, and has tried one thing. */
function actName(market: Market, { seed, search }: TrainOnceRequest, asOf: number, ports: Ports): string {
  const until = Math.min(asOf, market.series.bars.at(-1)?.knownAt ?? asOf)
  return `train-${sha256(canonicalJson({ ...runKeyOf(market, seed, ports), until, seed, search }))}`
}

async function trainOn(market: Market, request: TrainOnceRequest, state: State, ports: Ports): Promise<TrainedOnce> {
  const book = rowsOf(market, ports)
  const { clock, disk } = ports
  const ring = await signingRing(state.directory, ports)
  const { channel } = ports.settings.release
  const last = await channelHead(channel, state.journal)
  const version = (last?.version ?? 0) + 1
  const oracle = ports.oracle()
  try {
    const { signal, onProgress, seed, out } = request
    // Whole seconds: it is printed, and the same moment can be asked for again.
    const asOf = request.asOf ?? Math.floor(clock.now() / 1000) * 1000
    const guard = leakGuard()
    const context = { market, book, ports, clock, oracle, ledger: state.ledger, guard, signal, onProgress }
    const searched = request.search && (await searchTraining(request.search, { seed, asOf }, state.directory, context))
    const act = {
      name: actName(market, request, asOf, ports),
      actor: 'train',
      scope: null,
      chosen: request.search?.role,
    }
    const { options, table } = searched ?? {}
    const outcome = await trainCycle(
      { seed, asOf, number: version, champion: undefined, act, options, search: table },
      context,
    )
    const row = {
      trainingId: `train-${clock.now()}-${seed}`,
      runId: null,
      symbol: market.series.symbol,
      asOf,
      number: null,
      durationMs: null,
      curves: null,
    }
    if (!outcome.ok) {
      await state.journal.recordTraining(trainingRow(row, outcome))
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
      context,
    )
    if (built.ok) await writeReleaseDirectory(disk, out, built.value.files)
    await state.journal.recordTraining(trainingRow(row, outcome, built))
    const { effectiveRows, trainingSamples, baselineRoles, evaluation } = outcome
    return { built: unwrap(built), market, out, seed, asOf, effectiveRows, trainingSamples, baselineRoles, evaluation }
  } finally {
    await oracle.close()
  }
}
