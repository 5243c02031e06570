// Quality on real bars: our forest and our boosting against the peers', on the product's own rows and walk-forward folds. Ours may be
// below a peer by one standard error of the peer's figure at most. Outcomes of neighbouring rows overlap, so the standard error is that of
// the stationary bootstrap.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRng } from '../../src/base/rng.ts'
import { importSeries } from '../../src/loop/import-series.ts'
import { rowsOf } from '../../src/loop/series-rows.ts'
import { EXECUTION_COLUMNS } from '../../src/market/roles.ts'
import { resampledMeans } from '../../src/math/bootstrap.ts'
import { mean, standardDeviation } from '../../src/math/statistics.ts'
import type { BatchModel, LearningSet } from '../../src/models/model.ts'
import { fitPrelude } from '../../src/models/prelude.ts'
import { gradientBoosting } from '../../src/models/trees/gradient-boosting.ts'
import { randomForest } from '../../src/models/trees/random-forest.ts'
import { buildDataset, candidatesOf, type Dataset } from '../../src/training/dataset.ts'
import { EXECUTION_DEFAULTS, META_DEFAULTS } from '../../src/training/options.ts'
import { metaRows } from '../../src/training/roles/forest.ts'
import { gatherRows, outcomesOf } from '../../src/training/rows.ts'
import { aboutOne } from '../../src/training/weights.ts'
import { openWorld } from '../../test/loop/ports.ts'
import { sharedData } from '../../test/shared-data.ts'
import { PYTHON } from '../duel.ts'

export type QualityLine = {
  readonly file: string
  readonly metric: 'accuracy' | 'logLoss' | 'r2'
  readonly peer: string
  readonly ours: number
  readonly theirs: number
  /** Of the peer's figure. */
  readonly standardError: number
  readonly rows: number
  readonly ok: boolean
}

type File = { readonly file: string; readonly symbol: string }

const SEED = 42

const FILES: readonly File[] = [
  { file: 'equity_daily_adj/SPY_1d_adj.csv.gz', symbol: 'SPY' },
  { file: 'equity_hourly/AAPL_1h_adj.csv.gz', symbol: 'AAPL' },
  { file: 'fx/EURUSD_1h_mid.csv.gz', symbol: 'EURUSD' },
  { file: 'futures/ES_Z2013_1m.csv.gz', symbol: 'ES' },
]

/** Both sides learn from `train` and answer `test`. */
type Part = { readonly train: LearningSet; readonly test: LearningSet }

function part(rows: (events: Int32Array) => LearningSet, train: Int32Array, validate: Int32Array): Part {
  return { train: rows(train), test: rows(validate) }
}

/** Rows of the classifier, scaled as the product scales them. */
function metaParts(data: Dataset, schema: Parameters<typeof fitPrelude>[2]): Part[] {
  return data.split.folds.map(({ train, validate }) => {
    const prelude = fitPrelude(metaRows(data, train), train.length, schema, { logs: false })
    const rows = (events: Int32Array): LearningSet => ({
      rows: prelude.transform(metaRows(data, events), events.length),
      count: events.length,
      width: prelude.width,
      targets: Float32Array.from(events, event => data.events.label[event]!),
      weights: aboutOne(Float64Array.from(events, event => data.events.weight[event]!)),
      classes: data.classes.length,
    })
    return part(rows, train, validate)
  })
}

function executionParts(data: Dataset, schema: Parameters<typeof fitPrelude>[2]): Part[] {
  const { table } = data
  return data.split.folds.map(({ train, validate }) => {
    const learn = candidatesOf(data, train)
    const raw = gatherRows(table, learn.rows, EXECUTION_COLUMNS)
    const prelude = fitPrelude(raw, learn.rows.length, schema, { logs: false })
    const rows = (events: Int32Array): LearningSet => {
      const { rows: chosen, weight } = candidatesOf(data, events)
      return {
        rows: prelude.transform(gatherRows(table, chosen, EXECUTION_COLUMNS), chosen.length),
        count: chosen.length,
        width: prelude.width,
        targets: Float32Array.from(outcomesOf(table, chosen)),
        weights: aboutOne(weight),
      }
    }
    return part(rows, train, validate)
  })
}

function write(folder: string, parts: readonly Part[]): void {
  for (const [fold, { train, test }] of parts.entries()) {
    const place = join(folder, `fold-${fold}`)
    mkdirSync(place, { recursive: true })
    const bytes = (values: Float32Array): Uint8Array =>
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    writeFileSync(join(place, 'train.x'), bytes(train.rows))
    writeFileSync(join(place, 'train.y'), bytes(Float32Array.from(train.targets)))
    writeFileSync(join(place, 'train.w'), bytes(Float32Array.from(train.weights ?? [])))
    writeFileSync(join(place, 'test.x'), bytes(test.rows))
  }
}

/** What a peer answered to the test rows of each fold. */
function read(folder: string, folds: number, peer: string): Float32Array[] {
  return Array.from({ length: folds }, (_, fold) => {
    const bytes = readFileSync(join(folder, `fold-${fold}`, `${peer}.out`))
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  })
}

type Figure = { readonly value: number; readonly standardError: number; readonly rows: number }

/** Mean of values in order of time. */
function meanOf(values: readonly number[]): Figure {
  const means = resampledMeans([values], { rng: seededRng(SEED).fork('bootstrap'), resamples: 1_000 })[0]!
  return { value: mean(values), standardError: standardDeviation(means), rows: values.length }
}

function classFigures(
  parts: readonly Part[],
  answers: readonly Float32Array[],
): Record<'accuracy' | 'logLoss', Figure> {
  const hits: number[] = []
  const losses: number[] = []
  for (const [fold, { test }] of parts.entries()) {
    const classes = test.classes!
    for (let row = 0; row < test.count; row++) {
      const shares = answers[fold]!.subarray(row * classes, (row + 1) * classes)
      const label = test.targets[row]!
      hits.push(shares.indexOf(Math.max(...shares)) === label ? 1 : 0)
      losses.push(-Math.log(Math.max(shares[label]!, 1e-6)))
    }
  }
  return { accuracy: meanOf(hits), logLoss: meanOf(losses) }
}

function r2Figure(parts: readonly Part[], answers: readonly Float32Array[]): Figure {
  const targets = parts.flatMap(({ test }) => Array.from(test.targets))
  const center = mean(targets)
  const spread = mean(targets.map(target => (target - center) ** 2))
  const errors = parts.flatMap(({ test }, fold) =>
    Array.from(test.targets, (target, row) => (target - answers[fold]![row]!) ** 2 / spread),
  )
  const { value, standardError, rows } = meanOf(errors)
  return { value: 1 - value, standardError, rows }
}

/** @param folder for files between the two sides; @param print gets each line as it is known */
export async function realQuality(folder: string, print: (line: QualityLine) => void): Promise<void> {
  const shared = sharedData()
  if (shared === undefined) throw new Error('the shared market data is not beside this checkout (../shared/data)')
  const world = await openWorld()
  const rng = seededRng(SEED)
  try {
    for (const { file, symbol } of FILES) {
      const request = {
        file: join(shared, file),
        symbol,
        zone: undefined,
        map: undefined,
        barMs: undefined,
        calendar: undefined,
      }
      const market = await importSeries(request, world.state, world.ports)
      const { table, schema } = rowsOf(market, world.ports)
      const data = buildDataset({ table, asOf: market.series.bars.at(-1)!.knownAt, barMs: market.series.barMs })
      const meta = metaParts(data, schema['meta']!)
      const execution = executionParts(data, schema['execution']!)
      const place = (role: string): string => join(folder, symbol, role)
      write(place('meta'), meta)
      write(place('execution'), execution)
      const { trees, depth, minSplit, minLeaf } = META_DEFAULTS
      const forest = randomForest({ trees, depth, minSplit, minLeaf })
      const boosting = gradientBoosting({ ...EXECUTION_DEFAULTS })
      const answer = (parts: readonly Part[], model: BatchModel): Float32Array[] =>
        parts.map(({ train, test }, fold) =>
          model.fit(train, { rng: rng.fork(`${symbol} ${fold}`) }).predict(test.rows, test.count),
        )
      const ours = { ...classFigures(meta, answer(meta, forest)), r2: r2Figure(execution, answer(execution, boosting)) }
      const task = {
        folder: join(folder, symbol),
        folds: meta.length,
        classes: data.classes.length,
        metaWidth: meta[0]!.train.width,
      }
      const options = { ...task, trees, depth, minSplit, minLeaf, boosting: EXECUTION_DEFAULTS }
      const program = join(import.meta.dirname, '../peers/real.py')
      const done = spawnSync(PYTHON, [program, JSON.stringify(options)], { encoding: 'utf8' })
      if (done.status !== 0) throw new Error(`${program} ended with ${done.status}:\n${done.stderr}`)
      const tell = (metric: QualityLine['metric'], peer: string, own: Figure, other: Figure): void => {
        const behind = metric === 'logLoss' ? own.value - other.value : other.value - own.value
        const { standardError, rows } = other
        print({
          file,
          metric,
          peer,
          ours: own.value,
          theirs: other.value,
          standardError,
          rows,
          ok: behind <= standardError,
        })
      }
      const theirs = classFigures(meta, read(place('meta'), meta.length, 'sklearn'))
      tell('accuracy', 'sklearn', ours.accuracy, theirs.accuracy)
      tell('logLoss', 'sklearn', ours.logLoss, theirs.logLoss)
      for (const peer of ['sklearn', 'xgboost']) {
        tell('r2', peer, ours.r2, r2Figure(execution, read(place('execution'), execution.length, peer)))
      }
    }
  } finally {
    await world.close()
  }
}
