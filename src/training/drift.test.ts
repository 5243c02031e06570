import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../market/bar.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import { buildDataset } from './dataset.ts'
import { type DriftPart, driftBetween, driftOfSplit } from './drift.ts'
import { makeTable } from './fixtures/candidate-table.ts'
import reference from './fixtures/drift.json' with { type: 'json' }

const WIDTH = FEATURE_NAMES.length
const RSI = FEATURE_NAMES.indexOf('rsi')

/** Every other column stands still. */
function partOf(rsi: readonly number[], labels: readonly number[]): DriftPart {
  const rows = new Float32Array(rsi.length * WIDTH).fill(1)
  for (const [row, value] of rsi.entries()) rows[row * WIDTH + RSI] = value
  return { rows, labels: Uint8Array.from(labels) }
}

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`)

const fit = partOf(reference.fit, reference.fitLabels)
const holdout = partOf(reference.holdout, reference.holdoutLabels)

test('PSI of a column and of the class shares are those of numpy', () => {
  const { columns, labels } = driftBetween(fit, holdout, 3)
  near(columns['rsi']!, reference.column)
  near(labels, reference.labels)
})

test('the score is the furthest of columns and class shares over one half, and never above 1', () => {
  assert.equal(driftBetween(fit, holdout, 3).score, 1)
  const sameLabels = { ...holdout, labels: fit.labels }
  near(driftBetween(fit, sameLabels, 3).score, reference.column / 0.5)
})

test('equal parts have not drifted', () => {
  const { score, labels, columns } = driftBetween(fit, fit, 3)
  assert.deepEqual([score, labels, Math.max(...Object.values(columns))], [0, 0, 0])
})

test('a class that the other part lacks is far but finite', () => {
  const all = partOf([1, 1, 1, 1], [0, 0, 1, 1])
  const one = partOf([1, 1, 1, 1], [0, 0, 0, 0])
  // Shares with half a count more: 2.5/5 and 2.5/5 against 4.5/5 and 0.5/5.
  near(driftBetween(all, one, 2).labels, 0.4 * Math.log(1.8) + 0.4 * Math.log(5))
})

test('a series whose level walks away drifts in its level, not in what is drawn anew each bar', () => {
  const table = makeTable({ bars: 900, edge: true })
  const { columns, score } = driftOfSplit(buildDataset({ table, asOf: Date.UTC(2100, 0, 1), barMs: DAY_MS }))
  assert.ok(columns['price']! > 0.5 && columns['rsi']! < 0.1, JSON.stringify(columns))
  assert.equal(score, 1)
})
