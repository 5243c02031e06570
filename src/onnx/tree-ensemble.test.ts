// Tree ensembles: our evaluator chooses the leaf and the sum that ONNX Runtime does, and quickly.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onnxRuntimeOracle } from '../adapters/onnxruntime/oracle.ts'
import { unwrap } from '../base/fault.ts'
import { type Rng, seededRng } from '../base/rng.ts'
import { floatsAttr, intsAttr, node, stringAttr, stringsAttr } from './build.ts'
import { encodeModel } from './encode.ts'
import { compileModel } from './evaluate.ts'
import type { OnnxAttribute, OnnxModel, OnnxNode } from './model.ts'
import { type FlatTree, treeEnsembleRegressor } from './tree-ensemble.ts'
import { floatBelow } from './tree-program.ts'

const WIDTH = 10

const oracle = onnxRuntimeOracle()
after(() => oracle.close())

/** A random tree that always splits until `depth`; about a third of the thresholds are round numbers, so that rows meet them. */
function randomTree(rng: Rng, depth: number, targets: number, missing = false): FlatTree {
  const inner = 2 ** depth - 1
  const total = 2 * inner + 1
  return {
    feature: Int32Array.from({ length: total }, (_, n) => (n < inner ? rng.int(WIDTH) : -1)),
    threshold: Float32Array.from({ length: total }, () => (rng.int(3) === 0 ? rng.int(5) - 2 : rng.normal())),
    left: Int32Array.from({ length: total }, (_, n) => (n < inner ? 2 * n + 1 : 0)),
    right: Int32Array.from({ length: total }, (_, n) => (n < inner ? 2 * n + 2 : 0)),
    value: Float32Array.from({ length: total * targets }, () => rng.normal()),
    ...(missing ? { missingLeft: Uint8Array.from({ length: total }, () => rng.int(2)) } : {}),
  }
}

const forest = (seed: string, count: number, depth: number, targets = 1, missing = false): readonly FlatTree[] => {
  const rng = seededRng(seed)
  return Array.from({ length: count }, () => randomTree(rng, depth, targets, missing))
}

const floatAbove = (value: number): number => -floatBelow(-value)

/** Half of the values are a threshold or one float32 step beside one; some are missing, infinite or zero of either sign. */
function rowsBeside(trees: readonly FlatTree[], count: number, seed: string): Float32Array {
  const rng = seededRng(seed)
  const specials = [Number.NaN, Infinity, -Infinity, 0, -0]
  return Float32Array.from({ length: count * WIDTH }, () => {
    if (rng.int(20) === 0) return specials[rng.int(specials.length)]!
    if (rng.int(2) === 0) return rng.normal()
    const { threshold } = trees[rng.int(trees.length)]!
    const value = threshold[rng.int(threshold.length)]!
    return [floatBelow(value), value, floatAbove(value)][rng.int(3)]!
  })
}

const treeModel = (tree: OnnxNode, outputs: number): OnnxModel => ({
  irVersion: 8,
  opset: 17,
  mlOpset: 3,
  producer: 'test',
  name: 'forest',
  nodes: [tree],
  inputs: [{ name: 'x', type: 'float', dims: ['batch', WIDTH] }],
  outputs: [{ name: 'y', type: 'float', dims: ['batch', outputs] }],
  initializers: [],
  metadata: {},
})

async function compare(model: OnnxModel, rows: Float32Array, tolerance: number): Promise<void> {
  const count = rows.length / WIDTH
  const expected = await oracle.run(encodeModel(model), rows, count)
  const actual = unwrap(compileModel(model)).run(rows, count)
  assert.equal(actual.length, expected.length)
  let worst = 0
  for (const [i, wanted] of expected.entries()) worst = Math.max(worst, Math.abs(wanted - actual[i]!))
  assert.ok(worst <= tolerance, `largest difference ${worst}`)
}

test('a forest of 100 trees gives the runtime its very bits on 10,000 rows beside the thresholds', async () => {
  const trees = forest('one target', 100, 7)
  const model = treeModel(treeEnsembleRegressor({ trees, targets: 1, baseValues: [0.25] }, 'x', 'y', 'forest'), 1)
  await compare(model, rowsBeside(trees, 10_000, 'rows 1'), 0)
})

test('every leaf is the one that the runtime chooses', async () => {
  // A leaf's value names it: all are whole numbers below 2^24, one tree at a time, so equal outputs are equal leaves.
  const [tree] = forest('leaves', 1, 10)
  const named = { ...tree!, value: Float32Array.from(tree!.value, (_, n) => n) }
  const rows = rowsBeside([named], 10_000, 'rows 2')
  await compare(treeModel(treeEnsembleRegressor({ trees: [named], targets: 1 }, 'x', 'y', 'tree'), 1), rows, 0)
})

test('several targets, base values and tracks for missing values agree with the runtime', async () => {
  const trees = forest('three targets', 100, 5, 3, true)
  const made = treeEnsembleRegressor({ trees, targets: 3, baseValues: [1, -2, 0.5] }, 'x', 'y', 'forest')
  await compare(treeModel(made, 3), rowsBeside(trees, 2_000, 'rows 3'), 0)
})

test('post transforms of several targets agree with the runtime', async () => {
  const trees = forest('transforms', 20, 4, 3)
  for (const transform of ['SOFTMAX', 'LOGISTIC']) {
    const made = treeEnsembleRegressor({ trees, targets: 3 }, 'x', 'y', 'forest')
    const changed = { ...made, attributes: { ...made.attributes, post_transform: stringAttr(transform) } }
    await compare(treeModel(changed, 3), rowsBeside(trees, 500, 'rows 4'), 1e-6)
  }
})

for (const mode of ['BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE']) {
  test(`${mode} agrees with the runtime beside the thresholds and for missing values`, async () => {
    const trees = forest(mode, 10, 5, 1, true)
    const made = treeEnsembleRegressor({ trees, targets: 1 }, 'x', 'y', 'forest')
    const modes = made.attributes['nodes_modes'] as Extract<OnnxAttribute, { kind: 'strings' }>
    const changed = modes.value.map(name => (name === 'LEAF' ? name : mode))
    const model = treeModel({ ...made, attributes: { ...made.attributes, nodes_modes: stringsAttr(changed) } }, 1)
    await compare(model, rowsBeside(trees, 2_000, `rows ${mode}`), 0)
  })
}

/** The regressor's columns under a classifier's names. */
function classifier(made: OnnxNode, labels: readonly number[], transform: string): OnnxNode {
  const { n_targets: _, aggregate_function: __, ...attributes } = made.attributes
  const renamed = Object.entries(attributes).map(([name, value]) => [name.replace(/^target_/, 'class_'), value])
  return node(
    'TreeEnsembleClassifier',
    ['x'],
    ['label', 'y'],
    {
      ...Object.fromEntries(renamed),
      classlabels_int64s: intsAttr(labels),
      post_transform: stringAttr(transform),
    },
    { domain: 'ai.onnx.ml' },
  )
}

test('scores of a classifier agree with the runtime, whether two or more classes are scored', async () => {
  for (const classes of [2, 3]) {
    const trees = forest(`classes ${classes}`, 30, 4, classes)
    for (const transform of ['NONE', 'SOFTMAX', 'LOGISTIC']) {
      const made = treeEnsembleRegressor({ trees, targets: classes }, 'x', 'unused', 'forest')
      const labels = Array.from({ length: classes }, (_, k) => k)
      await compare(treeModel(classifier(made, labels, transform), classes), rowsBeside(trees, 500, 'rows 5'), 1e-6)
    }
  }
})

test('two classes of which one is scored agree with the runtime in the two forms that are evaluated', async () => {
  const trees = forest('odds', 30, 4)
  const positive = trees.map(tree => ({ ...tree, value: tree.value.map(value => Math.abs(value) / 100) }))
  for (const [own, transform] of [
    [trees, 'LOGISTIC'],
    [positive, 'NONE'],
  ] as const) {
    for (const baseValues of [undefined, [0.125]]) {
      const columns = treeEnsembleRegressor(
        { trees: own, targets: 1, ...(baseValues && { baseValues }) },
        'x',
        'unused',
        'forest',
      )
      await compare(treeModel(classifier(columns, [0, 1], transform), 2), rowsBeside(trees, 500, 'rows 6'), 1e-6)
    }
  }
})

test('forms on which the runtime and the standard differ are refused', () => {
  const trees = forest('refused', 2, 2)
  const made = treeEnsembleRegressor({ trees, targets: 1 }, 'x', 'y', 'forest')
  const code = (attributes: OnnxNode['attributes']): string | undefined => {
    const outcome = compileModel(treeModel({ ...made, attributes: { ...made.attributes, ...attributes } }, 1))
    return outcome.ok ? undefined : outcome.fault.code
  }
  assert.equal(code({ post_transform: stringAttr('LOGISTIC') }), 'ONNX_OP_NOT_EVALUATED')
  assert.equal(code({ aggregate_function: stringAttr('MAX') }), 'ONNX_OP_NOT_EVALUATED')
  assert.equal(code({ base_values: floatsAttr([1, 2]) }), 'ONNX_OP_NOT_EVALUATED')
  assert.equal(code({}), undefined)
})

test('a tree that looks at a column that is not there is refused', () => {
  const [tree] = forest('columns', 1, 2)
  const wide = { ...tree!, feature: tree!.feature.map(feature => (feature < 0 ? feature : WIDTH)) }
  const outcome = compileModel(treeModel(treeEnsembleRegressor({ trees: [wide], targets: 1 }, 'x', 'y', 'tree'), 1))
  assert.equal(outcome.ok ? 'accepted' : outcome.fault.code, 'ONNX_SHAPE_NOT_EVALUATED')
})

test('a row through 100 trees of depth 10 is answered; what it took is printed', t => {
  const trees = forest('speed', 100, 10)
  const compiled = unwrap(compileModel(treeModel(treeEnsembleRegressor({ trees, targets: 1 }, 'x', 'y', 'forest'), 1)))
  const rng = seededRng('speed')
  const rows = Array.from({ length: 1_000 }, () => Float32Array.from({ length: WIDTH }, () => rng.normal()))
  const round = (): number => {
    const start = process.hrtime.bigint()
    for (const row of rows) compiled.run(row, 1)
    return Number(process.hrtime.bigint() - start) / 1_000 / rows.length
  }
  // 11 microseconds on a quiet machine. A busy one must not fail the test.
  const best = Math.min(...Array.from({ length: 3 }, round))
  t.diagnostic(`${best.toFixed(1)} microseconds a row`)
  assert.ok(rows.every(row => Number.isFinite(compiled.run(row, 1)[0])))
})

test('ids that do not count up are found, too', async () => {
  const [tree] = forest('ids', 1, 4)
  const made = treeEnsembleRegressor({ trees: [tree!], targets: 1 }, 'x', 'y', 'tree')
  const renamed = Object.entries(made.attributes).map(([name, attribute]) =>
    name.endsWith('nodeids') && attribute.kind === 'ints'
      ? [name, intsAttr(Array.from(attribute.value, id => (7 * Number(id)) % 31))]
      : [name, attribute],
  )
  const model = treeModel({ ...made, attributes: Object.fromEntries(renamed) as OnnxNode['attributes'] }, 1)
  await compare(model, rowsBeside([tree!], 500, 'rows 7'), 0)
})

test('the float32 below is the next one, across zero and powers of two', () => {
  const step = (value: number): number => floatBelow(value)
  assert.equal(step(1), 1 - 2 ** -24)
  assert.equal(step(0), -(2 ** -149))
  assert.equal(step(-0), -(2 ** -149))
  assert.equal(step(2 ** -149), 0)
  assert.equal(step(-1), -(1 + 2 ** -23))
})
