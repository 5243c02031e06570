// Tree ensembles are proven before anything walks them: ids in range, no circle, no deeper than allowed (SRV-10).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { floatsAttr, intAttr, intsAttr, node, stringsAttr } from './build.ts'
import { codeOfModel, good } from './fixtures/sound-model.ts'
import type { OnnxNode } from './model.ts'
import { type FlatTree, treeEnsembleRegressor } from './tree-ensemble.ts'

const treeCode = (changed: OnnxNode['attributes']): string => {
  const trees = good.nodes[1]!
  return codeOfModel({ nodes: good.nodes.with(1, { ...trees, attributes: { ...trees.attributes, ...changed } }) })
}

test('trees that are no trees are refused', () => {
  assert.equal(treeCode({ nodes_truenodeids: intsAttr([0, 0, 0]) }), 'ONNX_TREE_CYCLE')
  assert.equal(treeCode({ nodes_truenodeids: intsAttr([2, 0, 0]) }), 'ONNX_TREE_CYCLE')
  assert.equal(treeCode({ nodes_truenodeids: intsAttr([7, 0, 0]) }), 'ONNX_TREE_FORM')
  assert.equal(treeCode({ nodes_nodeids: intsAttr([0, 1, 1]) }), 'ONNX_TREE_FORM')
  assert.equal(treeCode({ nodes_featureids: intsAttr([-1, 0, 0]) }), 'ONNX_TREE_FORM')
  assert.equal(treeCode({ nodes_values: floatsAttr([0.5]) }), 'ONNX_TREE_FORM')
  assert.equal(treeCode({ nodes_modes: stringsAttr(['BRANCH_MAYBE', 'LEAF', 'LEAF']) }), 'ONNX_TREE_FORM')
  assert.equal(treeCode({ target_nodeids: intsAttr([1, 9]) }), 'ONNX_TREE_FORM')
  assert.equal(treeCode({ target_nodeids: intsAttr([1, 1]) }), 'ONNX_TREE_FORM')
  assert.equal(treeCode({ target_ids: intsAttr([0, 1]) }), 'ONNX_TREE_FORM')
  assert.equal(treeCode({ n_targets: intAttr(0) }), 'ONNX_TREE_FORM')
})

test('trees of a classifier are proven, too, and the newer form is refused', () => {
  const { n_targets: _, aggregate_function: __, ...columns } = good.nodes[1]!.attributes
  const renamed = Object.entries(columns).map(([name, value]) => [name.replace('target_', 'class_'), value] as const)
  const classifier = (changed: OnnxNode['attributes']): string => {
    const attributes = { ...Object.fromEntries(renamed), classlabels_int64s: intsAttr([0, 1]), ...changed }
    const trees = node('TreeEnsembleClassifier', ['input'], ['label', 'probability'], attributes, {
      domain: 'ai.onnx.ml',
    })
    return codeOfModel({ nodes: [trees] })
  }
  assert.equal(classifier({}), 'accepted')
  assert.equal(classifier({ class_ids: intsAttr([0, 2]) }), 'ONNX_TREE_FORM')
  assert.equal(classifier({ classlabels_int64s: intsAttr([]) }), 'ONNX_TREE_FORM')
  assert.equal(classifier({ nodes_truenodeids: intsAttr([0, 0, 0]) }), 'ONNX_TREE_CYCLE')
  const newer = node('TreeEnsemble', ['input'], ['probability'], {}, { domain: 'ai.onnx.ml' })
  assert.equal(codeOfModel({ nodes: [newer], mlOpset: 5 }), 'ONNX_TREE_FORM')
})

test('a tree of depth 64 is accepted, one of 65 is not', () => {
  const chain = (depth: number): FlatTree => {
    const total = 2 * depth + 1
    const inner = (n: number): boolean => n % 2 === 0 && n < total - 1
    const column = (of: (n: number) => number): number[] => Array.from({ length: total }, (_, n) => of(n))
    return {
      feature: Int32Array.from(column(n => (inner(n) ? 0 : -1))),
      threshold: new Float32Array(total),
      left: Int32Array.from(column(n => (inner(n) ? n + 1 : 0))),
      right: Int32Array.from(column(n => (inner(n) ? n + 2 : 0))),
      value: new Float32Array(total),
    }
  }
  const code = (depth: number): string =>
    codeOfModel({
      nodes: [treeEnsembleRegressor({ trees: [chain(depth)], targets: 1 }, 'input', 'probability', 'chain')],
    })
  assert.equal(code(64), 'accepted')
  assert.equal(code(65), 'ONNX_TREE_TOO_DEEP')
})
