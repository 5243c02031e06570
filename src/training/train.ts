// One training cycle: candidates in, a judged and certified candidate release out, or the reason why there is none.

import { Fault } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { featureSchemaHash } from '../market/feature-schema.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import { STANDARD_ROLES } from '../release/release.ts'
import { certifyRoles } from './certify-roles.ts'
import { buildDataset } from './dataset.ts'
import { evaluate } from './evaluate.ts'
import { labelSet } from './label-set.ts'
import { lineageOf } from './lineage.ts'
import { releaseMembers } from './members.ts'
import { TRAIN_DEFAULTS, type TrainOptions } from './options.ts'
import { type RunProgress, runProgress } from './progress.ts'
import { walkExecution } from './roles/walk-execution.ts'
import { walkMeta } from './roles/walk-meta.ts'
import { walkSizer } from './roles/walk-sizer.ts'
import type { TrainInput, TrainOutcome } from './run.ts'

function checkInput({ series, schema }: TrainInput, { profile }: TrainOptions): void {
  if (series.provenance === 'simulated' && profile === 'live') {
    throw new Fault('DATA_SIMULATED', `${series.symbol} is simulated: nothing trained on it may decide live`, {
      fix: 'train on real data, or for profile paper',
    })
  }
  const widths = { meta: 17, execution: 11, rl_sizer: 10 }
  for (const role of STANDARD_ROLES) {
    if (schema[role]?.length !== widths[role]) {
      throw new Fault(
        'FEATURE_SCHEMA',
        `role ${role} reads ${widths[role]} columns, the schema has ${schema[role]?.length}`,
      )
    }
  }
}

/** Fits, judges, certifies and packs. Faults stop it. */
async function run(input: TrainInput, options: TrainOptions, progress: RunProgress): Promise<TrainOutcome> {
  const { table, series, schema, seed, lineage: facts, champion } = input
  const rng = seededRng(seed)
  const startedAt = input.clock.now()
  checkInput(input, options)
  await progress.enter('dataset')
  const data = buildDataset({ table, asOf: input.asOf, barMs: series.barMs, options })
  const shared = { data, embargoMs: options.embargoMs, crew: input.crew }

  await progress.enter('meta')
  const meta = await walkMeta(
    {
      ...shared,
      columns: schema['meta'] ?? [],
      options: options.meta,
      rng: rng.fork('meta'),
      watch: progress.watch('meta'),
    },
    progress.step,
  )
  await progress.enter('execution')
  const execution = await walkExecution(
    {
      ...shared,
      columns: schema['execution'] ?? [],
      options: options.execution,
      rng: rng.fork('execution'),
      watch: progress.watch('execution'),
    },
    progress.step,
  )
  await progress.enter('rl_sizer')
  const sizer = await walkSizer(
    {
      data,
      series,
      columns: schema['rl_sizer'] ?? [],
      options: options.sizer,
      rng: seededRng(seed).fork('rl_sizer'),
      watch: progress.watch('rl_sizer'),
    },
    progress.step,
  )

  await progress.enter('evaluate')
  const { results, ...evaluation } = await evaluate(
    {
      data,
      series,
      options,
      rng: rng.fork('evaluate'),
      standing: input.standing,
      search: input.search,
      champion,
      meta,
      execution,
      sizer,
      curve: role => progress.curve(role),
    },
    progress.step,
  )

  await progress.enter('parity')
  const models = { meta: meta.model, execution: execution.model, rl_sizer: sizer.model }
  const { certified, graphs, graphSignatures } = await certifyRoles(input, options, data, models, sizer, progress.step)

  await progress.enter('release')
  const { snapshotId, provenance } = series
  const labels = labelSet({ data, snapshotId, featureSchemaSha256: featureSchemaHash(schema), provenance })
  const finishedAt = input.clock.now()
  const members = releaseMembers({
    models: graphs,
    evaluation,
    certified,
    schema,
    lineage: lineageOf({
      series,
      facts,
      range: [data.events.time[0]!, data.events.time.at(-1)!],
      labels: labels.facts,
      config: options,
      featureSchemaSha256: featureSchemaHash(schema),
      seed,
      parentRelease: champion?.releaseId,
      runtime: input.oracle.name,
      asOf: input.asOf,
      startedAt,
      finishedAt,
      durationsMs: progress.durationsMs(),
    }),
    metadata: {
      semVer: facts.semVer,
      startedAt,
      finishedAt,
      features: FEATURE_NAMES,
      targetDistribution: labels.facts.balance,
    },
  })
  return {
    ok: true,
    members,
    evaluation,
    driftScore: evaluation.drift.score,
    classes: data.classes,
    baselineRoles: STANDARD_ROLES.filter(role => models[role].baseline),
    graphSignatures,
    featureSchemaSha256: featureSchemaHash(schema),
    trainingSamples: evaluation.rows.fit,
    effectiveRows: data.effective,
    results,
  }
}

/** Anything that is thrown becomes a reason: a failed run publishes nothing and brings nobody down (TRAIN-03). */
function faultOf(cause: unknown): Fault {
  if (cause instanceof Fault) return cause
  return new Fault('TRAIN_FAILED', `training stopped: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  })
}

/**
 * The same table, options, seed and clock give the same bytes of every member.
 *
 * Faults in the outcome: `DATASET_EMPTY`, `TRAIN_TOO_FEW`, `DATA_SIMULATED`, `FEATURE_SCHEMA`, `TRAIN_NONFINITE`, `TRAIN_CANCELLED`,
 * `EXPORT_PARITY`, those of the oracle, `TRAIN_FAILED` for anything else.
 *
 * @example
 * const outcome = await train({ table, series, schema, asOf, seed: 42, clock, oracle, lineage })
 * if (outcome.ok) outcome.members.get('models/meta.onnx')
 */
export async function train(input: TrainInput): Promise<TrainOutcome> {
  const options: TrainOptions = { ...TRAIN_DEFAULTS, ...input.options }
  const progress = runProgress(input)
  try {
    return await run(input, options, progress)
  } catch (cause) {
    const fault = faultOf(cause)
    const { series, asOf, seed } = input
    const report = {
      phase: progress.phase(),
      code: fault.code,
      sentence: fault.message,
      symbol: series.symbol,
      snapshotId: series.snapshotId,
      asOf,
      seed,
    }
    return { ok: false, fault, report }
  }
}
