import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { checkBatchModel } from '../model.checks.ts'
import type { LearningSet } from '../model.ts'
import peer from './fixtures/peer.json' with { type: 'json' }
import { classificationData, regressionData } from './fixtures/peer-data.ts'
import { type GradientBoostingOptions, gradientBoosting } from './gradient-boosting.ts'

checkBatchModel('gradient_boosting on exact splits', () => gradientBoosting({ trees: 8, splits: 'exact' }))

const fit = (options: GradientBoostingOptions, set: LearningSet) =>
  gradientBoosting(options).fit(set, { rng: seededRng(42) })

test('predictions on new rows are those of exact gradient boosting in scikit-learn 1.2', () => {
  const { train, test: held } = regressionData()
  const options = { trees: 30, depth: 4, rate: 0.1, l2: 0, minLeafRows: 20, splits: 'exact' } as const
  const predicted = fit(options, train).predict(held.rows.subarray(0, 200 * held.width), 200)
  for (const [row, value] of peer.exact.first.entries()) {
    assert.ok(Math.abs(predicted[row]! - value) < 1e-6, `row ${row}: ${predicted[row]} against ${value}`)
  }
})

/** Columns of few values, some missing, so that every value has a bin of its own; uneven weights, so that no two splits gain the same. */
function coarse(set: LearningSet): LearningSet {
  const rows = set.rows.map((value, at) => (at % 11 === 0 ? Number.NaN : Math.floor(200 * value) / 200))
  const rng = seededRng('weights')
  return { ...set, rows, weights: Float64Array.from({ length: set.count }, () => 0.5 + rng.next()) }
}

const OPTIONS: Readonly<Record<string, GradientBoostingOptions>> = {
  'by depth': {},
  'by leaf': { growth: 'leaf', leaves: 12, depth: 20 },
  'on half of the columns': { columnShare: 0.5 },
  'with a direction': { monotone: [0, 0, 0, 1] },
  'of logistic loss': { loss: 'logistic' },
  'of classes': { loss: 'softmax' },
}
for (const [name, options] of Object.entries(OPTIONS)) {
  test(`where bins lose nothing the histogram trees ${name} are the exact ones`, () => {
    const plain = options.loss === 'softmax' ? classificationData().train : regressionData().train
    const targets = options.loss === 'logistic' ? plain.targets.map(target => (target > 1 ? 1 : 0)) : plain.targets
    const set = coarse({ ...plain, targets })
    // A node without information would be divided by rounding errors, which differ: hence a least gain.
    const [exact, histogram] = (['exact', 'histogram'] as const).map(splits =>
      fit({ trees: 4, minLeafRows: 15, minGain: 0.01, ...options, splits }, set).predict(set.rows, set.count),
    )
    let most = 0
    for (const [at, value] of exact!.entries()) most = Math.max(most, Math.abs(value - histogram![at]!))
    assert.ok(most < 1e-5, `${most}`)
  })
}

test('more rows than it is meant for are refused', () => {
  const count = 20_001
  const set = { rows: new Float32Array(count), count, width: 1, targets: new Float32Array(count) }
  assert.throws(() => fit({ splits: 'exact' }, set), { code: 'TOO_MANY_ROWS' })
})
