// Everything that a training fits, as bytes: classes, scalings, trees, calibration and the sizer's net, of what ships and of the last fold.

import { seededRng } from '../base/rng.ts'
import { assembleGraph } from '../models/graph.ts'
import { encodeModel } from '../onnx/encode.ts'
import { buildDataset, candidatesOf, type Dataset } from './dataset.ts'
import { type FittedParts, lintFit } from './fit-lint.ts'
import { TRAIN_DEFAULTS, type TrainOptions } from './options.ts'
import type { RoleModel } from './roles/role-model.ts'
import { fitSizerRole, sizerTrades } from './roles/sizer.ts'
import { walkExecution } from './roles/walk-execution.ts'
import { walkMeta } from './roles/walk-meta.ts'
import type { TrainInput } from './run.ts'
import { scrambleDataset, scrambleTable } from './scramble.ts'

export type PartsInput = Pick<TrainInput, 'table' | 'schema' | 'series' | 'asOf' | 'seed' | 'options'>

const PARTS: Readonly<Record<string, readonly string[]>> = {
  meta: ['scaling', 'trees', 'calibration'],
  execution: ['scaling', 'trees'],
  rl_sizer: ['scaling', 'net'],
}

function bytesOf(role: string, { parts, width }: RoleModel): [string, Uint8Array][] {
  return parts.map((part, at) => {
    const graph = assembleGraph({ name: role, width, output: 'output', parts: [part], metadata: {} })
    return [`${role} ${PARTS[role]?.[at] ?? at}`, encodeModel(graph)]
  })
}

const optionsOf = ({ options }: PartsInput): TrainOptions => ({ ...TRAIN_DEFAULTS, ...options })

async function walkedParts(data: Dataset, input: PartsInput, choose: 'model' | 'lastFold') {
  const { schema, seed } = input
  const { embargoMs, meta, execution } = optionsOf(input)
  const rng = seededRng(seed)
  const turn = async () => {}
  const walked = {
    meta: await walkMeta(
      { data, embargoMs, columns: schema['meta'] ?? [], options: meta, rng: rng.fork('meta') },
      turn,
    ),
    execution: await walkExecution(
      { data, embargoMs, columns: schema['execution'] ?? [], options: execution, rng: rng.fork('execution') },
      turn,
    ),
  }
  return [...bytesOf('meta', walked.meta[choose]), ...bytesOf('execution', walked.execution[choose])]
}

const datasetOf = (input: PartsInput): Dataset =>
  buildDataset({ table: input.table, asOf: input.asOf, barMs: input.series.barMs, options: optionsOf(input) })

/** What ships, by part. */
export async function shippedParts(input: PartsInput): Promise<FittedParts> {
  const { series, schema, seed } = input
  const { sizer } = optionsOf(input)
  const data = datasetOf(input)
  const { step, sessionOf } = series
  const trades = sizerTrades({ data, events: data.split.fit, step, sessionOf, drawdownLimitR: sizer.drawdownLimitR })
  const rng = seededRng(seed).fork('rl_sizer')
  const sized = fitSizerRole({ trades, columns: schema['rl_sizer'] ?? [], options: sizer, rng })
  return new Map<string, ArrayLike<number>>([
    ['classes', new TextEncoder().encode(data.classes.join())],
    ...(await walkedParts(data, input, 'model')),
    ...bytesOf('rl_sizer', sized),
  ])
}

/**
 * Fits as training does, with the holdout scrambled, and with everything beyond the last fold's training part scrambled.
 *
 * @returns parts that knew of rows they must not see, `fold` before those of the fold. Faults: those of `buildDataset`
 * @example await lintFittedParts({ table, series, schema, asOf, seed: 42 }) // []
 */
export async function lintFittedParts(input: PartsInput, samples = 1): Promise<string[]> {
  const data = datasetOf(input)
  const rng = seededRng(input.seed).fork('fit lint')
  const ships = await lintFit({
    data: input,
    fit: shippedParts,
    scramble: (own, noise) => ({
      ...own,
      table: scrambleTable(own.table, candidatesOf(data, data.split.fit).rows, noise),
    }),
    rng: rng.fork('ships'),
    samples,
  })
  const fold = data.split.folds.at(-1)
  if (fold === undefined) return ships
  const folded = await lintFit({
    data,
    fit: async own => new Map(await walkedParts(own, input, 'lastFold')),
    scramble: (own, noise) => scrambleDataset(own, fold.train, noise),
    rng: rng.fork('fold'),
    samples,
  })
  return [...ships, ...folded.map(name => `fold ${name}`)]
}
