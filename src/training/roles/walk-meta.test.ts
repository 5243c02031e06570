import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { DAY_MS } from '../../market/bar.ts'
import { calibrationError } from '../../math/calibration.ts'
import { logLoss, topClass } from '../../math/classification.ts'
import { buildDataset } from '../dataset.ts'
import { makeTable } from '../fixtures/candidate-table.ts'
import { SCHEMA } from '../fixtures/run.ts'
import { META_DEFAULTS } from '../options.ts'
import { fitForest, metaRows } from './forest.ts'
import { walkMeta } from './walk-meta.ts'

const table = makeTable({ bars: 1_200, edge: true })
const walk = async (own = table) => {
  const data = buildDataset({ table: own, asOf: Date.UTC(2100, 0, 1), barMs: DAY_MS })
  const input = { data, columns: SCHEMA['meta']!, options: { ...META_DEFAULTS, trees: 40 }, rng: seededRng(1) }
  return { data, input, walked: await walkMeta({ ...input, embargoMs: DAY_MS }, async () => {}) }
}
const { data, input, walked } = await walk()
const { holdout, fit } = data.split
const labels = Uint8Array.from(holdout, event => data.events.label[event]!)
const classes = data.classes.length
const rows = metaRows(data, holdout)
const eceOf = (probabilities: Float32Array): number => {
  const { label, confidence } = topClass({ probabilities, classes })
  return calibrationError({ scores: confidence, hits: label.map((said, at) => (said === labels[at] ? 1 : 0)) })
}

test('calibration on earlier folds lowers log loss and calibration error on the holdout', () => {
  const raw = fitForest({ ...input, rng: input.rng.fork('final') }, fit).predict(rows, holdout.length)
  const calibrated = walked.model.predict(rows, holdout.length)
  assert.ok(logLoss({ probabilities: calibrated, labels, classes }) < logLoss({ probabilities: raw, labels, classes }))
  assert.ok(eceOf(calibrated) < 0.7 * eceOf(raw), `${eceOf(calibrated)} and ${eceOf(raw)}`)
})

test('every fold speaks about its own validation events only', () => {
  assert.deepEqual(
    walked.folds.map(({ events }) => Array.from(events)),
    data.split.folds.map(({ validate }) => Array.from(validate)),
  )
})

test('outcomes of the holdout change nothing that ships', async () => {
  const changed = structuredClone(table)
  for (const event of holdout) {
    for (let row = event * 4; row < event * 4 + 4; row++) changed.r[row] = -changed.r[row]!
  }
  const other = await walk(changed)
  assert.deepEqual(other.walked.model.predict(rows, holdout.length), walked.model.predict(rows, holdout.length))
})

test('outcomes of later folds change nothing in the first', async () => {
  const changed = structuredClone(table)
  const { validate } = data.split.folds[0]!
  for (let row = (validate.at(-1)! + 1) * 4; row < changed.length; row++) changed.r[row] = -changed.r[row]!
  const other = await walk(changed)
  assert.deepEqual(other.walked.folds[0]!.probabilities, walked.folds[0]!.probabilities)
})
