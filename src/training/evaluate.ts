// Judges the models of a run on rows they were not fitted on, with intervals and baselines beside them (MET-01, TRAIN-05).

import type { Rng } from '../base/rng.ts'
import { EXECUTION_COLUMNS, FEATURE_NAMES, SIZER_COLUMNS, SIZER_EXTRA } from '../market/roles.ts'
import { calibrationBins } from '../math/calibration.ts'
import { topClass } from '../math/classification.ts'
import { mean } from '../math/statistics.ts'
import { sizerScore } from '../models/rl/sizer.ts'
import type { Drift, Evaluation, LearningPoint, RoleEvaluation } from '../release/evaluation.ts'
import type { StandardRole } from '../release/release.ts'
import { executionBaselines } from './baselines/execution.ts'
import { metaBaselines } from './baselines/meta.ts'
import { sizerBaselines } from './baselines/sizer.ts'
import { candidatesOf, type Dataset } from './dataset.ts'
import { driftOfSplit } from './drift.ts'
import { joinedSeries, type TrialResults, trialResults } from './ledger/results.ts'
import { statedMultiplicity } from './ledger/stated.ts'
import { executionStatistics } from './metrics/execution.ts'
import { permutationImportance } from './metrics/importance.ts'
import { type IntervalOptions, meanOverlap } from './metrics/interval.ts'
import { eventLosses, type JudgedEvents, metaSeries, metaStatistics, scoresOf } from './metrics/meta.ts'
import { roleEvaluation } from './metrics/report.ts'
import { sizerStatistics } from './metrics/sizer.ts'
import type { TrainOptions } from './options.ts'
import { qualityGates, verdictOf } from './quality-floor.ts'
import { metaRows } from './roles/forest.ts'
import type { WalkedExecution } from './roles/walk-execution.ts'
import type { WalkedMeta } from './roles/walk-meta.ts'
import type { WalkedSizer } from './roles/walk-sizer.ts'
import { gatherRows, outcomesOf } from './rows.ts'
import type { Champion, SeriesFacts, TrainInput } from './run.ts'

export type EvaluateInput = {
  readonly data: Dataset
  readonly series: SeriesFacts
  readonly options: TrainOptions
  readonly rng: Rng
  readonly standing: TrainInput['standing']
  readonly search: TrainInput['search']
  readonly champion?: Champion | undefined
  readonly meta: WalkedMeta
  readonly execution: WalkedExecution
  readonly sizer: WalkedSizer
  /** Learning curves of the fits that ship. */
  readonly curve: (role: StandardRole) => readonly LearningPoint[]
}

/** The newest rows, at most `limit`: importance is about the present. */
const newest = (rows: Int32Array, limit: number): Int32Array => rows.subarray(Math.max(0, rows.length - limit))

/** Blocks as long as rows share their time. */
function optionsFor(
  rows: Iterable<readonly [number, number]>,
  { options: { evidence }, rng }: EvaluateInput,
  role: string,
): IntervalOptions {
  const spans = Array.from(rows)
  return {
    rng: rng.fork(role),
    resamples: evidence.resamples,
    minimum: evidence.minTrades,
    block: meanOverlap(
      spans.map(([start]) => start),
      spans.map(([, end]) => end),
    ),
  }
}

const rowSpans = ({ table }: Dataset, rows: Int32Array): (readonly [number, number])[] =>
  Array.from(rows, row => [table.time[row]!, table.labelEnd[row]!] as const)

async function evaluateMeta(input: EvaluateInput): Promise<RoleEvaluation> {
  const { data, meta, champion, options, rng } = input
  const { holdout, folds } = data.split
  const classes = data.classes.length
  const judged: JudgedEvents = {
    data,
    events: holdout,
    probabilities: meta.model.predict(metaRows(data, holdout), holdout.length),
  }
  const shuffled = newest(folds.at(-1)?.validate ?? holdout, options.evidence.importanceRows)
  const pooled = meta.folds.map(fold => topClass({ probabilities: fold.probabilities, classes }))
  const spans = Array.from(holdout, event => [data.events.time[event]!, data.events.end[event]!] as const)
  return roleEvaluation(
    {
      baseline: meta.model.baseline,
      holdout: metaStatistics(judged),
      folds: meta.folds.map(metaStatistics),
      baselines: await metaBaselines(data, holdout, champion),
      calibration: calibrationBins({
        scores: pooled.flatMap(({ confidence }) => Array.from(confidence)),
        hits: meta.folds.flatMap((fold, k) =>
          Array.from(fold.events, (event, at) => (pooled[k]!.label[at] === data.events.label[event] ? 1 : 0)),
        ),
      }).map(({ mass, stated, observed }) => ({ predicted: stated, observed, n: mass })),
      importance: permutationImportance({
        rows: metaRows(data, shuffled),
        names: FEATURE_NAMES,
        loss: rows =>
          mean(eventLosses({ data, events: shuffled, probabilities: meta.lastFold.predict(rows, shuffled.length) })),
        rng: rng.fork('meta importance'),
      }),
      curve: input.curve('meta'),
    },
    optionsFor(spans, input, 'meta'),
  )
}

async function evaluateExecution(input: EvaluateInput): Promise<RoleEvaluation> {
  const { data, execution, champion, options, rng } = input
  const { rows } = candidatesOf(data, data.split.holdout)
  const said = execution.model.predict(gatherRows(data.table, rows, EXECUTION_COLUMNS), rows.length)
  const validation = candidatesOf(data, data.split.folds.at(-1)?.validate ?? data.split.holdout).rows
  const shuffled = newest(validation, options.evidence.importanceRows)
  const actual = outcomesOf(data.table, shuffled)
  return roleEvaluation(
    {
      baseline: execution.model.baseline,
      holdout: executionStatistics(said, outcomesOf(data.table, rows)),
      folds: execution.folds,
      baselines: await executionBaselines(data, rows, champion),
      importance: permutationImportance({
        rows: gatherRows(data.table, shuffled, EXECUTION_COLUMNS),
        names: EXECUTION_COLUMNS.map(column => FEATURE_NAMES[column]!),
        loss: asked => {
          const answers = execution.lastFold.predict(asked, shuffled.length)
          return mean(actual.map((value, at) => (value - answers[at]!) ** 2))
        },
        rng: rng.fork('execution importance'),
      }),
      curve: input.curve('execution'),
    },
    optionsFor(rowSpans(data, rows), input, 'execution'),
  )
}

/** What each column is worth to the sizer of the last fold, in its own objective on trades it has not seen. */
function sizerImportance({ sizer, options, rng }: EvaluateInput): RoleEvaluation['importance'] {
  const { lastFold } = sizer
  // Of a constant there is nothing to ask, and fewer trades than give a number give no importance either (SPLIT-03).
  if (sizer.model.baseline || lastFold === undefined) return undefined
  const { model, validate } = lastFold
  const { r, slipR, weights, inputs } = validate
  if (r.length < options.evidence.minTrades) return undefined
  return permutationImportance({
    rows: inputs,
    names: [...SIZER_COLUMNS.map(column => FEATURE_NAMES[column]!), ...SIZER_EXTRA],
    loss: rows => -sizerScore(model.predict(rows, r.length), { inputs: rows, r, slipR, weights }, options.sizer),
    rng: rng.fork('rl_sizer importance'),
  })
}

async function evaluateSizer(input: EvaluateInput): Promise<RoleEvaluation> {
  const { data, sizer, champion, options } = input
  const { rows, inputs, r } = sizer.holdout
  return roleEvaluation(
    {
      baseline: sizer.model.baseline,
      holdout: sizerStatistics(sizer.sizes, r),
      folds: sizer.folds,
      baselines: await sizerBaselines({
        table: data.table,
        fit: sizer.fit.rows,
        judged: rows,
        inputs,
        riskShare: options.sizer.riskShare,
        champion,
      }),
      importance: sizerImportance(input),
      curve: input.curve('rl_sizer'),
    },
    optionsFor(rowSpans(data, rows), input, 'rl_sizer'),
  )
}

/** At most `limit` of the scores, evenly, rising. */
function reference(scores: readonly number[], limit: number): number[] {
  const rising = Array.from(Float64Array.from(scores).sort())
  if (rising.length <= limit) return rising
  return Array.from({ length: limit }, (_, place) => rising[Math.floor(((place + 0.5) * rising.length) / limit)]!)
}

/** What each role earned on rows it was not fitted on: folds, and for the sizer, whose fired trades are few, the holdout. */
function resultsByRole({ data: { table }, meta, execution, sizer }: EvaluateInput) {
  const { rows, r } = sizer.holdout
  const sized = {
    start: Float64Array.from(rows, row => table.time[row]!),
    end: Float64Array.from(rows, row => table.labelEnd[row]!),
    r: r.map((value, at) => value * sizer.sizes[at]!),
  }
  return {
    meta: trialResults(joinedSeries(meta.folds.map(metaSeries))),
    execution: trialResults(joinedSeries(execution.results)),
    rl_sizer: trialResults(sized),
  }
}

/** What a run is judged by, and what its ledger keeps. */
export type Evaluated = Evaluation & {
  readonly drift: Drift
  readonly results: Readonly<Record<StandardRole, TrialResults | null>>
}

/** @param onRole awaited after each role, for progress and cancelling */
export async function evaluate(input: EvaluateInput, onRole: () => Promise<void>): Promise<Evaluated> {
  const { data, series, options, meta } = input
  const { events, split } = data
  const windowOf = (chosen: Int32Array, last: Float64Array): readonly [number, number] => [
    events.time[chosen[0]!]!,
    chosen.reduce((latest, event) => Math.max(latest, last[event]!), 0),
  ]
  const metaEvaluation = await evaluateMeta(input)
  await onRole()
  const execution = await evaluateExecution(input)
  await onRole()
  const roles = { meta: metaEvaluation, execution, rl_sizer: await evaluateSizer(input) }
  await onRole()
  const drift = driftOfSplit(data)
  const results = resultsByRole(input)
  const { holdout } = split
  const seen = { data, events: holdout, probabilities: meta.model.predict(metaRows(data, holdout), holdout.length) }
  const multiplicity = statedMultiplicity({ standing: input.standing, results, holdout: metaSeries(seen) })
  const gates = qualityGates({ holdout: roles.meta.holdout, driftScore: drift.score }, options.profile)
  return {
    schema: 'ratchet.evaluation/1',
    symbol: series.symbol,
    provenance: series.provenance,
    windows: {
      fit: windowOf(split.fit, events.end),
      holdout: windowOf(split.holdout, events.end),
      embargoMs: options.embargoMs,
    },
    rows: {
      total: data.rows.length,
      fit: candidatesOf(data, split.fit).rows.length,
      holdout: candidatesOf(data, split.holdout).rows.length,
      effective: data.effective,
      fired: data.fired,
      thinned: data.thinned,
    },
    thin: data.thin,
    classes: data.classes,
    roles,
    scores: reference(meta.folds.flatMap(scoresOf), options.evidence.scores),
    trials: multiplicity.trials,
    multiplicity,
    ...(input.search === undefined ? {} : { search: input.search }),
    drift,
    gates,
    verdict: verdictOf(gates),
    results,
  }
}
