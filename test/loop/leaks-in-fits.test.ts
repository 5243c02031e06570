// Ways to look ahead while fitting, each planted beside the real pieces of training and caught by scrambling the rows that it must not see; and
// splits that do not keep their halves apart. The product as it is is not flagged. Seed of the rows 1, of the noise 2.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../src/base/rng.ts'
import { DAY_MS } from '../../src/market/bar.ts'
import { EXECUTION_COLUMNS, FEATURE_NAMES, META_COLUMNS } from '../../src/market/roles.ts'
import { purge, walkForward } from '../../src/math/splits.ts'
import { pearson } from '../../src/math/statistics.ts'
import { fitCalibration } from '../../src/models/calibration/calibrate.ts'
import { fitPrelude } from '../../src/models/prelude.ts'
import { binRows } from '../../src/models/trees/bins.ts'
import { gradientBoosting } from '../../src/models/trees/gradient-boosting.ts'
import { type CandidateTable, FEATURE_COUNT } from '../../src/trading/candidate-table.ts'
import { classify } from '../../src/training/classes.ts'
import { buildDataset, candidatesOf, type Dataset } from '../../src/training/dataset.ts'
import { type FittedParts, lintFit } from '../../src/training/fit-lint.ts'
import { lintFittedParts } from '../../src/training/fitted-parts.ts'
import { makeTable } from '../../src/training/fixtures/candidate-table.ts'
import { QUICK, runOf, SCHEMA } from '../../src/training/fixtures/run.ts'
import { fitForest, metaRows } from '../../src/training/roles/forest.ts'
import { gatherRows, outcomesOf } from '../../src/training/rows.ts'
import { scrambleTable } from '../../src/training/scramble.ts'
import { lintSplit } from '../../src/training/split-lint.ts'

const table = makeTable({ bars: 420, edge: true })
const asOf = Date.UTC(2100, 0, 1)
const datasetOf = (own: CandidateTable): Dataset => buildDataset({ table: own, asOf, barMs: DAY_MS })
const home = datasetOf(table)
const seen = candidatesOf(home, home.split.fit).rows
const everything = (data: Dataset): Int32Array => Int32Array.from({ length: data.events.count }, (_, event) => event)

const EXECUTION = SCHEMA['execution']!
const META = SCHEMA['meta']!
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** Parts that changed with rows that only the judging may see. */
const leaking = (fit: (data: Dataset) => FittedParts): Promise<string[]> =>
  lintFit({
    data: table,
    fit: own => fit(datasetOf(own)),
    scramble: (own, rng) => scrambleTable(own, seen, rng),
    rng: seededRng(2),
  })

/** One planted fit, and the honest one beside it: that which is told apart is the rows, and nothing else. */
async function caught(name: string, fit: (data: Dataset, events: Int32Array) => ArrayLike<number>): Promise<void> {
  assert.deepEqual(await leaking(data => new Map([[name, fit(data, data.split.fit)]])), [])
  assert.deepEqual(await leaking(data => new Map([[name, fit(data, everything(data))]])), [name])
}

const inputsOf = (data: Dataset, events: Int32Array) => {
  const { rows, weight } = candidatesOf(data, events)
  const prelude = fitPrelude(gatherRows(data.table, seen, EXECUTION_COLUMNS), seen.length, EXECUTION, { logs: false })
  return {
    rows: prelude.transform(gatherRows(data.table, rows, EXECUTION_COLUMNS), rows.length),
    count: rows.length,
    width: prelude.width,
    targets: outcomesOf(data.table, rows),
    weights: weight,
  }
}

test('the product: nothing that is fitted, for shipping or in a fold, knows of the rows it is judged on', async () => {
  assert.deepEqual(await lintFittedParts(runOf(table), 2), [])
})

test('a scaler that is fitted on all rows is caught by scrambling the holdout', () =>
  caught('scaling', (data, events) =>
    bytesOf(fitPrelude(metaRows(data, events), events.length, META, { logs: false }).save()),
  ))

test('bin edges taken from the rows that judge are caught by scrambling the holdout', () =>
  caught('edges', (data, events) =>
    Float32Array.from(binRows(metaRows(data, events), events.length, META_COLUMNS.length).edges.flatMap(e => [...e])),
  ))

test('a choice of columns by all rows is caught by scrambling the holdout', () =>
  caught('columns', (data, events) => {
    const { rows } = candidatesOf(data, events)
    const outcomes = outcomesOf(data.table, rows)
    const worth = FEATURE_NAMES.map((_, c) => Math.abs(pearson(gatherRows(data.table, rows, [c]), outcomes)))
    // A column that never varies correlates with nothing.
    const known = worth.map((own, c) => ({ own: Number.isNaN(own) ? 0 : own, c }))
    return known
      .sort((a, b) => b.own - a.own)
      .slice(0, 8)
      .map(({ c }) => c)
  }))

test('a list of classes by all rows is caught by scrambling the holdout', () =>
  caught('classes', (data, events) => {
    const groups = Array.from(everything(data), event => {
      return { row: data.rows[data.events.first[event]!]!, size: data.events.size[event]! }
    })
    return bytesOf(classify(data.table, groups, events, 45).counted)
  }))

test('a strategy that is a class because it is still alive at the end is caught by scrambling the holdout', () =>
  caught('survivors', (data, events) => {
    const newest = candidatesOf(data, events.subarray(-20)).rows
    return [...new Set(Array.from(newest, row => data.table.strategy[row]!))].sort((a, b) => a - b)
  }))

test('a strategy coded by its mean outcome over the whole series is caught by scrambling the holdout', () =>
  caught('encoding', (data, events) => {
    const { rows } = candidatesOf(data, events)
    const sums = data.table.strategies.map(() => ({ r: 0, n: 0 }))
    for (const row of rows) {
      const own = sums[data.table.strategy[row]!]!
      own.r += data.table.r[row]!
      own.n++
    }
    return sums.map(({ r, n }) => r / n)
  }))

test('missing values that are filled by the mean of all rows are caught by scrambling the holdout', () =>
  caught('filling', (data, events) => {
    const rows = metaRows(data, events)
    for (let at = 0; at < rows.length; at += 7) rows[at] = Number.NaN
    const bare = META.map(({ name }) => ({ name, neutral: null }))
    return fitPrelude(rows, events.length, bare, { logs: false }).save().fill
  }))

test('a calibration that is fitted on the holdout is caught by scrambling it', async () => {
  const calibrated = (chosen: (data: Dataset) => Int32Array) =>
    leaking(data => {
      const { fit } = data.split
      const forest = fitForest(
        { data, columns: META, options: { ...QUICK.meta!, trees: 5 }, rng: seededRng(3) },
        fit.subarray(0, fit.length / 2),
      )
      const events = chosen(data)
      const calibration = fitCalibration({
        probabilities: forest.predict(metaRows(data, events), events.length),
        count: events.length,
        classes: data.classes.length,
        targets: Uint8Array.from(events, event => data.events.label[event]!),
      })
      return new Map([['calibration', bytesOf(calibration.save())]])
    })
  assert.deepEqual(await calibrated(({ split }) => split.fit.subarray(split.fit.length / 2)), [])
  assert.deepEqual(await calibrated(({ split }) => split.holdout), ['calibration'])
})

test('boosting that stops when the holdout says so is caught by scrambling it', async () => {
  const stopped = (chosen: (data: Dataset) => Int32Array) =>
    leaking(data => {
      const { fit } = data.split
      const boosting = gradientBoosting({ loss: 'squared', trees: 30, depth: 3, rate: 0.3, l2: 1, patience: 3 })
      const learn = inputsOf(data, fit.subarray(0, (fit.length * 4) / 5))
      const model = boosting.fit(learn, { rng: seededRng(3), validation: inputsOf(data, chosen(data)) })
      return new Map([['trees', bytesOf(model.save())]])
    })
  assert.deepEqual(await stopped(({ split }) => split.fit.subarray((split.fit.length * 4) / 5)), [])
  assert.deepEqual(await stopped(({ split }) => split.holdout), ['trees'])
})

const { time: start, end } = home.events
const EMBARGO = DAY_MS
const identityOf =
  (own: CandidateTable) =>
  (event: number): string => {
    const row = home.events.strongest[event]!
    return `${own.r[row]} ${own.features.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT).join()}`
  }
const kindsOf = (train: Int32Array, validate: Int32Array, own = table) =>
  lintSplit({ start, end, identity: identityOf(own) }, { train, validate }, EMBARGO).map(({ kind }) => kind)

const middle = Int32Array.from({ length: 60 }, (_, at) => 150 + at)
const around = everything(home).filter(event => event < 150 || event >= 210)

test('the product: every fold and the holdout are kept apart from what learns', () => {
  const { folds, fit, holdout } = walkForward({ start, end })
  for (const { train, validate } of [...folds, { train: fit, validate: holdout }]) {
    assert.deepEqual(kindsOf(train, validate), [])
  }
  assert.deepEqual(kindsOf(purge({ start, end, train: around, validate: middle, embargoMs: EMBARGO }), middle), [])
})

test('a split by time alone is caught: labels of the older half reach into the newer one', () => {
  assert.deepEqual(kindsOf(everything(home).subarray(0, 150), middle), ['overlap'])
})

test('training rows right behind the judged ones, without an embargo, are caught', () => {
  const hasty = purge({ start, end, train: around, validate: middle, embargoMs: 0 })
  assert.deepEqual(kindsOf(hasty, middle), ['embargo'])
})

test('rows that stand on both sides of the boundary are caught, and counted', () => {
  const { fit, holdout } = walkForward({ start, end })
  const copied = structuredClone(table)
  for (let pair = 0; pair < 5; pair++) {
    const [from, to] = [home.events.strongest[fit[pair * 9]!]!, home.events.strongest[holdout[pair * 3]!]!]
    copied.features.copyWithin(to * FEATURE_COUNT, from * FEATURE_COUNT, (from + 1) * FEATURE_COUNT)
    copied.r[to] = copied.r[from]!
  }
  const found = lintSplit({ start, end, identity: identityOf(copied) }, { train: fit, validate: holdout }, EMBARGO)
  assert.deepEqual(
    found.map(({ kind, rows }) => [kind, rows.length]),
    [['duplicate', 5]],
  )
})
