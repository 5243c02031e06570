// Every tree ensemble of a model is proven to be trees before any code walks it.

import { Fault } from '../base/fault.ts'
import { intOf, intsOf, stringsOf } from './attributes.ts'
import { LIMITS } from './limits.ts'
import type { OnnxModel, OnnxNode } from './model.ts'
import { readTreeTable } from './tree-table.ts'

/** Faults: `ONNX_TREE_FORM`, `ONNX_TREE_CYCLE`, `ONNX_TREE_TOO_DEEP`, `ONNX_ATTRIBUTE`. */
export function checkTrees({ nodes }: OnnxModel): void {
  for (const node of nodes) {
    if (node.domain !== 'ai.onnx.ml') continue
    if (node.opType === 'TreeEnsembleRegressor')
      readTreeTable(node, 'target', outputs(node, intOf(node, 'n_targets', 1)))
    if (node.opType === 'TreeEnsembleClassifier') {
      const labels = intsOf(node, 'classlabels_int64s').length + stringsOf(node, 'classlabels_strings').length
      readTreeTable(node, 'class', outputs(node, labels))
    }
    if (node.opType === 'TreeEnsemble') {
      throw new Fault('ONNX_TREE_FORM', 'the columns of TreeEnsemble (ai.onnx.ml 5) are not proven here', {
        place: `trees ${node.name}`,
        fix: 'export a TreeEnsembleRegressor or TreeEnsembleClassifier (ai.onnx.ml 3)',
      })
    }
  }
}

function outputs(node: OnnxNode, count: number): number {
  if (count >= 1 && count <= LIMITS.treeOutputs) return count
  throw new Fault('ONNX_TREE_FORM', `${count} outputs are outside 1 to ${LIMITS.treeOutputs}`, {
    place: `trees ${node.name}`,
  })
}
