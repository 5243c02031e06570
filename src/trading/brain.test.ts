import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EXECUTION_COLUMNS, FEATURE_NAMES } from '../market/roles.ts'
import { baselineModels } from './baseline.ts'
import { brain } from './brain.ts'
import { FEATURE_COUNT } from './candidate-table.ts'
import { eventWith, leaseOf, type RowSpec } from './fixtures/market.ts'
import { account } from './limits.ts'
import type { ModelLease } from './models-in-charge.ts'

const calm = { sessionR: 0, drawdown: 0 }
const probabilities = (...p: number[]) => ({ probabilities: () => Float32Array.from(p) })

function judge(specs: readonly RowSpec[], lease: Partial<ModelLease> = {}) {
  const { event, table } = eventWith(['A', 'B', 'C'], specs)
  return brain(account()).judge(leaseOf(lease), event, table, calm)
}
const codes = (verdict: { reasons: readonly { code: string }[] }) => verdict.reasons.map(({ code }) => code)

test('the likeliest of the fired strategies is chosen, masked and renormalised with None', () => {
  // A did not fire: 0.5 of its weight goes, B and None stay at 0.25 and 0.125.
  const verdict = judge([{ strategy: 0, fired: false }, { strategy: 1 }], probabilities(0.5, 0.25, 0.125))
  assert.deepEqual(verdict.masked, [0, 0.25 / 0.375, 0.125 / 0.375])
  assert.deepEqual([verdict.chosen, verdict.row, verdict.reasons.length], ['B', 1, 0])
  assert.equal(verdict.confidence, 1)
})

test('NO_CANDIDATE: nothing fired, but the models were asked', () => {
  const verdict = judge([{ strategy: 0, fired: false }])
  assert.deepEqual(codes(verdict), ['NO_CANDIDATE'])
  assert.equal(verdict.probabilities.length, 3)
  assert.equal(verdict.chosen, null)
})

test('CLASS_UNKNOWN: the fired strategy is not among the classes of the release', () => {
  assert.deepEqual(codes(judge([{ strategy: 2 }])), ['CLASS_UNKNOWN'])
})

test('CLASSIFIER_NONE: None is as likely, and wins the tie', () => {
  const verdict = judge([{ strategy: 1 }], probabilities(0.5, 0.25, 0.25))
  assert.deepEqual(codes(verdict), ['CLASSIFIER_NONE'])
  assert.equal(verdict.chosen, 'None')
})

test('CONFIDENCE: a score below the 70th percentile of the reference', () => {
  // Masked score 0.5 / 0.75 = 0.667 among ten scores, six of them at most that.
  const scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
  const verdict = judge([{ strategy: 0 }], { scores })
  assert.deepEqual(verdict.reasons, [{ code: 'CONFIDENCE', value: 0.6, limit: 0.7 }])
})

test('NO_CALIBRATION: a release without reference scores opens nothing', () => {
  assert.deepEqual(codes(judge([{ strategy: 0 }], { scores: [] })), ['NO_CALIBRATION'])
})

test('EXPECTED_R: below 0.05 is refused, 0.05 is enough', () => {
  assert.deepEqual(codes(judge([{ strategy: 0 }], { expectedR: () => 0.049 })), ['EXPECTED_R'])
  assert.deepEqual(codes(judge([{ strategy: 0 }], { expectedR: () => 0.05 })), [])
})

test('MODEL_NONFINITE: an answer that is no number abstains', () => {
  assert.deepEqual(codes(judge([{ strategy: 0 }], probabilities(Number.NaN, 0.5, 0.5))), ['MODEL_NONFINITE'])
  assert.deepEqual(codes(judge([{ strategy: 0 }], { expectedR: () => Number.NaN })), ['MODEL_NONFINITE'])
  assert.deepEqual(codes(judge([{ strategy: 0 }], { size: () => Infinity })), ['MODEL_NONFINITE'])
})

test('INFERENCE_LATE, INFERENCE_FAILED: a host that gave no answer is told apart from a graph that gave no number', () => {
  const none = Number.NaN
  for (const code of ['INFERENCE_LATE', 'INFERENCE_FAILED'] as const) {
    const silence = () => code
    assert.deepEqual(codes(judge([{ strategy: 0 }], { ...probabilities(none, none, none), silence })), [code])
    assert.deepEqual(codes(judge([{ strategy: 0 }], { size: () => none, silence })), [code])
  }
  assert.deepEqual(codes(judge([{ strategy: 0 }], { size: () => none, silence: () => undefined })), ['MODEL_NONFINITE'])
})

test('FEATURE_MISSING: a row without a column that the models were trained with is not shown to them', () => {
  const { event, table } = eventWith(['A', 'B', 'C'], [{ strategy: 0 }])
  const trained = leaseOf({
    featureMask: 0b1011,
    probabilities: () => assert.fail('the classifier was asked'),
  })
  table.mask[0] = 0b1001
  const { reasons, probabilities: said, multiplier } = brain(account()).judge(trained, event, table, calm)
  assert.deepEqual(reasons, [{ code: 'FEATURE_MISSING', value: 2, limit: 3 }])
  assert.deepEqual([said, multiplier], [[], 1])
  // More sources than the models know of are no harm.
  table.mask[0] = 0b1111
  const able = leaseOf({ featureMask: 0b1011 })
  assert.deepEqual(brain(account()).judge(able, event, table, calm).reasons, [])
})

test('everything that stood against a trade is listed, first blocking first', () => {
  const verdict = judge([{ strategy: 1 }], { ...probabilities(0, 0.2, 0.8), scores: [0.5, 0.6], expectedR: () => -1 })
  assert.deepEqual(codes(verdict), ['CLASSIFIER_NONE', 'CONFIDENCE', 'EXPECTED_R'])
})

test('equally likely strategies: the stronger signal, then strategy order', () => {
  const even = probabilities(0.4, 0.4, 0.2)
  assert.equal(
    judge(
      [
        { strategy: 0, strength: 0.2 },
        { strategy: 1, strength: 0.9 },
      ],
      even,
    ).chosen,
    'B',
  )
  assert.equal(judge([{ strategy: 0 }, { strategy: 1 }], even).chosen, 'A')
})

test('the classifier sees the strongest row, execution and sizer the chosen one and the account', () => {
  const { event, table } = eventWith(
    ['A', 'B', 'C'],
    [
      { strategy: 0, strength: 0.25 },
      { strategy: 1, strength: 0.75, fired: false },
    ],
  )
  const seen: Record<string, number[]> = {}
  const lease = leaseOf({
    probabilities: row => {
      seen['meta'] = [...row]
      return Float32Array.of(0.6, 0.2, 0.2)
    },
    expectedR: row => {
      seen['execution'] = [...row]
      return 0.3
    },
    size: row => {
      seen['sizer'] = [...row]
      return 1.5
    },
  })
  const verdict = brain(account()).judge(lease, event, table, { sessionR: -2, drawdown: 0.25 })
  const strength = FEATURE_NAMES.indexOf('signal_strength')
  assert.equal(seen['meta']!.length, FEATURE_COUNT)
  assert.equal(seen['meta']![strength], 0.75)
  assert.equal(seen['execution']![EXECUTION_COLUMNS.indexOf(strength)], 0.25)
  assert.deepEqual(seen['sizer']!.slice(8), [-2, 0.25])
  assert.equal(verdict.multiplier, 1.5)
})

test('live scores join the reference; a new release starts from its own', () => {
  const { event, table } = eventWith(['A', 'B', 'C'], [{ strategy: 0 }])
  const mind = brain(account())
  const low = leaseOf({ ...probabilities(0.25, 0, 0.75), scores: [0.5] })
  assert.equal(mind.judge(low, event, table, calm).confidence, 0)
  assert.equal(mind.judge(low, event, table, calm).confidence, 0.5)
  assert.equal(mind.judge(leaseOf({ ...low, releaseId: 'r-2' }), event, table, calm).confidence, 0)
})

test('the baseline trades what fires: confidence 1, no expected R, size 1', () => {
  const { event, table } = eventWith(
    ['A', 'B'],
    [
      { strategy: 0, strength: 0.1 },
      { strategy: 1, strength: 0.2 },
    ],
  )
  const verdict = brain(account()).judge(baselineModels(['A', 'B']).lease(), event, table, calm)
  assert.deepEqual(verdict.reasons, [])
  assert.deepEqual([verdict.chosen, verdict.confidence, verdict.expectedR, verdict.multiplier], ['B', 1, null, 1])
})
