// What a run leaves behind of itself (TRAIN-05), and what its graphs say they are (EXPORT-01).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '../base/canonical-json.ts'
import { unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { featureSchemaHash } from '../market/feature-schema.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import { batchModels } from '../models/index.ts'
import { sizers } from '../models/rl/index.ts'
import { decodeModel } from '../onnx/decode.ts'
import { readEvaluation, readLineage } from '../serving/evidence.ts'
import { FEATURE_COUNT } from '../trading/candidate-table.ts'
import { makeTable } from './fixtures/candidate-table.ts'
import { QUICK, runOf, SCHEMA } from './fixtures/run.ts'
import { TRAIN_DEFAULTS } from './options.ts'
import type { TrainOutcome } from './run.ts'
import { train } from './train.ts'

type Learned = Extract<TrainOutcome, { ok: true }>

const learn = async (table: ReturnType<typeof makeTable>): Promise<Learned> => {
  const outcome = await train(runOf(table, { options: QUICK }))
  if (!outcome.ok) throw outcome.fault
  return outcome
}

/** Strong signals win and weak ones lose, so that sizes matter. */
function strengthTells() {
  const table = makeTable({ bars: 900, edge: true })
  const strength = FEATURE_NAMES.indexOf('signal_strength')
  for (let row = 0; row < table.length; row++) {
    const strong = table.features[row * FEATURE_COUNT + strength]! > 0.5
    table.r[row] = strong ? Math.abs(table.r[row]!) : -Math.abs(table.r[row]!)
    table.win[row] = strong ? 1 : 0
  }
  return table
}

const zooIds = ({ members }: Learned) =>
  Object.fromEntries(
    ['meta', 'execution', 'rl_sizer'].map(role => {
      const { metadata } = unwrap(decodeModel(members.get(`models/${role}.onnx`)!))
      return [role, metadata['zooId']!]
    }),
  )

const sized = await learn(strengthTells())
const plain = await learn(makeTable({ bars: 900, edge: true }))

test('a graph names the kind that was fitted, which the catalogue has', () => {
  const shared = { meta: 'random_forest', execution: 'gradient_boosting' }
  assert.deepEqual(zooIds(sized), { ...shared, rl_sizer: 'exact_gradient_sizer' })
  assert.deepEqual(zooIds(plain), { ...shared, rl_sizer: 'constant_sizer' })
  for (const learned of [sized, plain]) {
    for (const id of Object.values(zooIds(learned))) assert.ok(id in batchModels || id in sizers, id)
  }
})

test('each role has its folds, and the curves of the fit that ships, a few points of each', () => {
  for (const [role, { folds, curve = [] }] of Object.entries(unwrap(readEvaluation(sized)).roles)) {
    const [values] = Object.values(folds)
    assert.equal(values?.length, TRAIN_DEFAULTS.folds, role)
    assert.ok(curve.length > 0, role)
    for (const name of ['train', 'validation', 'rate'] as const) {
      const xs = curve.filter(point => point.curve === name).map(({ x }) => x)
      assert.ok(xs.length <= 40 && xs.every((x, at) => at === 0 || x > xs[at - 1]!), `${role} ${name}`)
    }
  }
})

test('the sizer says which columns its sizes come from, unless it is a constant', () => {
  const ranked = Object.entries(sized.evaluation.roles['rl_sizer']!.importance!).sort(([, a], [, b]) => b - a)
  assert.equal(ranked.length, 10)
  assert.equal(ranked[0]![0], 'signal_strength')
  assert.equal(plain.evaluation.roles['rl_sizer']!.importance, undefined)
})

test('the lineage holds the options themselves and the hash of the columns', () => {
  const { config, configSha256, featureSchemaSha256 } = unwrap(readLineage(sized))
  assert.equal(sha256(canonicalJson(config)), configSha256)
  assert.equal((config as typeof TRAIN_DEFAULTS).meta.trees, QUICK.meta?.trees)
  assert.equal(featureSchemaSha256, featureSchemaHash(SCHEMA))
})
