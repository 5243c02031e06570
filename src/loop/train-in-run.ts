// One training of a run: told before, while and after it goes on, recorded, and built into a release where it deserves one.

import type { ReplayClock } from '../base/clock.ts'
import type { Rng } from '../base/rng.ts'
import type { Cause, Retraining } from '../feedback/worth.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import type { BuiltRelease } from '../release/build.ts'
import { faultOf } from '../serving/installation.ts'
import type { CandidateBook } from '../trading/candidates.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { Progress, TrainOutcome } from '../training/run.ts'
import type { CycleRecord, CycleRelease } from './cycle-record.ts'
import type { FitStop } from './fit-stop.ts'
import type { Market } from './import-series.ts'
import type { LeakGuard } from './leak-guard.ts'
import type { Ports, State } from './ports.ts'
import type { Channel } from './replay-channel.ts'
import { withRetrainings } from './replay-worth.ts'
import type { CurvePoint, TrainingNow } from './run-control.ts'
import type { RunRecorder } from './run-recorder.ts'
import { buildCycle, type CycleContext, type TrainRequest, trainCycle, trainingRow } from './training-cycle.ts'

export type TrainingOptions = {
  readonly market: Market
  readonly book: CandidateBook
  readonly ports: Ports
  readonly state: Pick<State, 'journal' | 'ledger'>
  readonly clock: ReplayClock
  readonly oracle: RuntimeOracle
  readonly guard: LeakGuard
  readonly signal: AbortSignal
  readonly channel: Channel
  readonly recorder: RunRecorder
  readonly rng: Rng
  /** Bars a release may wait for a flat book. */
  readonly maxHoldBars: number
  readonly view: (text: string) => void
  readonly onProgress: (training: TrainingNow) => void
  /** Where a person may stop it: recorded as failed, so that the run comes to the same when it goes on. */
  readonly fits?: FitStop | undefined
}

export type TrainingRequest = {
  /** 1, 2, 3 ... of the run. */
  readonly number: number
  readonly bar: number
  readonly cause: Cause
  /** The release that the next one follows. */
  readonly previous: CycleRelease | undefined
  /** Of the run before this one. */
  readonly retrainings: readonly Retraining[]
}

export type TrainedInRun = {
  readonly training: NonNullable<CycleRecord['training']>
  /** Undefined where no release came of it. */
  readonly built: BuiltRelease | undefined
  /** As it was recorded; what the training was worth is known once its release is judged. */
  readonly row: TrainingRow
}

/** Throws the reason of an aborted signal: a training that was cut short is made again, not recorded as failed. */
export async function trainInRun(request: TrainingRequest, options: TrainingOptions): Promise<TrainedInRun> {
  const { number, bar, cause, previous } = request
  const { market, ports, state, clock, channel, recorder, rng, signal, view } = options
  const { symbol, barMs } = market.series
  const { runId, installation } = channel
  const trainingId = `${runId}-${number}`
  const facts = { trainingId, number, bar }
  if (cause.kind === 'drift') {
    const detail = `${cause.model}: ${cause.sentence}`
    recorder.event({ topic: 'control', at: clock.now(), body: { action: 'drift', detail } })
  }
  const blank = { releaseId: null, label: null, effectiveRows: null, reason: null, durationMs: null }
  recorder.event({ topic: 'training', at: clock.now(), body: { ...blank, ...facts, state: 'started' } })
  await recorder.flush(true)
  view(`training ${number}`)

  const started = ports.clock.now()
  const points: CurvePoint[] = []
  const onProgress = ({ points: more = [], ...progress }: Progress): void => {
    points.push(...more)
    options.onProgress({ trainingId, number, ...progress, points })
  }
  const seed = rng.fork(`cycle ${number}`).int(2 ** 31)
  const champion = installation.slot.current()
  // A run is made again bit by bit: what other runs tried must not be known to it.
  const act = { name: trainingId, actor: runId, scope: runId }
  const asked = { seed, number, champion, act }
  const trained = await stoppable(asked, { ...options, ledger: state.ledger, onProgress }, options.fits)
  const release = trained.ok
    ? buildCycle(
        {
          trained,
          channel: channel.name,
          symbol,
          version: (previous?.version ?? 0) + 1,
          prevManifestSha256: previous?.manifestSha256 ?? null,
          keys: channel.ring.release,
          baseUrl: channel.publisher.capabilities().originUrl,
          holdMs: 2 * options.maxHoldBars * barMs,
        },
        options,
      )
    : undefined
  signal.throwIfAborted()

  const durationMs = ports.clock.now() - started
  const row = { trainingId, runId, symbol, asOf: clock.now(), number, durationMs, curves: JSON.stringify(points) }
  const retraining = { cause, worth: null }
  const told = withRetrainings(trainingRow(row, trained, release), [...request.retrainings, retraining])
  await state.journal.recordTraining(told)
  const fault = trained.ok ? (release?.ok === false ? release.fault : undefined) : trained.fault
  const built = release?.ok === true ? release.value : undefined
  const made = built === undefined ? null : releaseOf(built)
  const effectiveRows = trained.ok ? trained.effectiveRows : null
  recorder.event({
    topic: 'training',
    at: clock.now(),
    body: {
      ...facts,
      state: made === null ? 'failed' : 'released',
      releaseId: made?.releaseId ?? null,
      label: made?.label ?? null,
      effectiveRows,
      reason: fault === undefined ? null : `${fault.code}: ${fault.message}`,
      durationMs,
    },
  })
  view(`training ${number}: ${made?.releaseId ?? fault?.code} in ${(durationMs / 1000).toFixed(1)} s`)
  return {
    training: { number, fault: fault?.code ?? null, effectiveRows, release: made, retraining },
    built,
    row: told,
  }
}

/** A training that a person stops ends as one that failed. */
async function stoppable(
  request: TrainRequest,
  context: CycleContext,
  fits: FitStop | undefined,
): Promise<TrainOutcome> {
  const own = fits?.begin()
  if (own === undefined) return trainCycle(request, context)
  const { market, clock, signal } = context
  let phase: Progress['phase'] = 'dataset'
  const onProgress = (progress: Progress): void => {
    ;({ phase } = progress)
    context.onProgress?.(progress)
  }
  const stopped = (): TrainOutcome => {
    const { symbol, snapshotId } = market.series
    const fault = faultOf(own.reason)
    const facts = { phase, code: fault.code, sentence: fault.message }
    return { ok: false, fault, report: { ...facts, symbol, snapshotId, asOf: clock.now(), seed: request.seed } }
  }
  try {
    const trained = await trainCycle(request, { ...context, onProgress, signal: AbortSignal.any([signal, own]) })
    return own.aborted ? stopped() : trained
  } catch (cause) {
    signal.throwIfAborted()
    if (!own.aborted) throw cause
    return stopped()
  } finally {
    fits?.end()
  }
}

function releaseOf({ releaseId, manifest, manifestSha256 }: BuiltRelease): CycleRelease {
  return { releaseId, label: manifest.label, version: manifest.version, manifestSha256 }
}
