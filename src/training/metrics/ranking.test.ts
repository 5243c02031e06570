import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { auc } from '../../math/classification.ts'
import { mean } from '../../math/statistics.ts'
import { type MeansStatistic, metricsOf } from './interval.ts'
import {
  calibrationStatistic,
  macroAucStatistic,
  rankIcStatistic,
  rSquaredStatistic,
  topShareStatistic,
} from './ranking.ts'

const rng = seededRng(11)
const count = 300
const actual = Float64Array.from({ length: count }, () => rng.normal())
const predicted = actual.map(value => Math.round(4 * (0.5 * value + rng.normal())) / 4)
const scores = Float64Array.from({ length: count }, () => Math.round(20 * rng.next()) / 20)
const hits = Uint8Array.from(scores, score => (rng.next() < score ? 1 : 0))
const labels = Uint8Array.from({ length: count }, () => rng.int(3))
const probabilities = Float32Array.from({ length: 3 * count }, (_, i) =>
  Math.fround((rng.int(8) + 1 + (labels[Math.floor(i / 3)] === i % 3 ? 3 : 0)) / 16),
)

const statistics: Readonly<Record<string, MeansStatistic>> = {
  rankIc: rankIcStatistic(actual, predicted),
  r2: rSquaredStatistic(actual, predicted),
  auc: macroAucStatistic({ probabilities, labels, classes: 3 }),
  ece: calibrationStatistic({ scores, hits }),
  lift: topShareStatistic({ scores, hits }),
}

for (const [name, statistic] of Object.entries(statistics)) {
  test(`${name} of the means of the whole sample is its value, ties included`, () => {
    assert.ok(Math.abs(statistic.of(statistic.columns().map(mean)) - statistic.value) < 1e-9)
  })
}

test('the interval of an AUC is as wide as resampling and sorting again makes it', () => {
  const positive = Uint8Array.from(labels, label => (label === 0 ? 1 : 0))
  const own = Float64Array.from({ length: count }, (_, row) => probabilities[3 * row]!)
  const resampled = Float64Array.from({ length: 400 }, () => {
    const rows = Array.from({ length: count }, () => rng.int(count))
    return auc({ scores: rows.map(row => own[row]!), positive: rows.map(row => positive[row]!) })
  }).sort()
  const direct = resampled[389]! - resampled[10]!
  const two = Float32Array.from({ length: 2 * count }, (_, i) => {
    const chance = own[Math.floor(i / 2)]!
    return i % 2 === 0 ? chance : 1 - chance
  })
  const binary = { probabilities: two, labels: Uint8Array.from(positive, each => 1 - each), classes: 2 }
  const { low, high } = metricsOf([macroAucStatistic(binary)], { rng, resamples: 1000, block: 1, minimum: 30 })[0]!
  assert.ok(Math.abs((high! - low!) / direct - 1) < 0.2, `${high! - low!} and ${direct}`)
})
