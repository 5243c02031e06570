// Tree ensembles: sums of leaves plus base values, then the post transform where the standard and ONNX Runtime agree about it.

import { Fault } from '../../base/fault.ts'
import { floatsOf, intOf, intsOf, stringOf, stringsOf } from '../attributes.ts'
import type { OnnxNode } from '../model.ts'
import { sumTrees, type TreeProgram, treeProgram } from '../tree-program.ts'
import { readTreeTable, type TreeTable } from '../tree-table.ts'
import { sigmoid } from './functions.ts'
import type { Kernel } from './kernel.ts'
import { checkedSize, type FloatValue, floatInput, newFloats, placeOf, shapeFault, type Value } from './value.ts'

const notEvaluated = (node: OnnxNode, sentence: string): Fault =>
  new Fault('ONNX_OP_NOT_EVALUATED', sentence, { place: placeOf(node) })

type Transform = (scores: Float32Array) => void

function softmax(scores: Float32Array): void {
  let largest = Number.NEGATIVE_INFINITY
  for (const score of scores) largest = Math.max(largest, score)
  let sum = 0
  for (const score of scores) sum += Math.exp(score - largest)
  for (let k = 0; k < scores.length; k++) scores[k] = Math.exp(scores[k]! - largest) / sum
}

function logistic(scores: Float32Array): void {
  for (let k = 0; k < scores.length; k++) scores[k] = sigmoid(scores[k]!)
}

/** ONNX Runtime leaves a single score as it is, whatever the transform says; the standard does not. Such files are refused. */
function transformOf(node: OnnxNode, targets: number): Transform | undefined {
  const name = stringOf(node, 'post_transform', 'NONE')
  if (name === 'NONE') return undefined
  if (targets > 1 && name === 'SOFTMAX') return softmax
  if (targets > 1 && name === 'LOGISTIC') return logistic
  throw notEvaluated(node, `post_transform ${name} of ${targets} targets is not evaluated`)
}

/** Columns of the leaves; a table with other branch modes than thresholds is refused. */
function programOf(node: OnnxNode, table: TreeTable, targets: number, input: FloatValue): TreeProgram {
  if (input.dims.length !== 1) throw shapeFault(node, 'trees read rows of columns')
  const program = treeProgram(table, targets)
  if (program === undefined) throw notEvaluated(node, 'BRANCH_EQ and BRANCH_NEQ are not evaluated')
  if (program.width <= input.dims[0]!) return program
  throw shapeFault(node, `a tree looks at column ${program.width - 1} of ${input.dims[0]}`)
}

function baseValues(node: OnnxNode, targets: number): Float32Array | undefined {
  const base = floatsOf(node, 'base_values')
  if (base.length === 0) return undefined
  if (base.length === targets) return base
  throw notEvaluated(node, `${base.length} base values for ${targets} targets`)
}

export const treeEnsembleRegressor: Kernel = (node, inputs) => {
  const input = floatInput(node, inputs, 0)
  const targets = intOf(node, 'n_targets', 1)
  if (stringOf(node, 'aggregate_function', 'SUM') !== 'SUM') throw notEvaluated(node, 'only sums are evaluated')
  checkedSize(node, [targets])
  const program = programOf(node, readTreeTable(node, 'target', targets), targets, input)
  const base = baseValues(node, targets)
  const transform = transformOf(node, targets)
  const output = newFloats(node, input.batched, [targets])
  const [row, sums] = [input.data, output.data]
  return {
    outputs: [output],
    run: () => {
      sumTrees(program, row, sums)
      if (base !== undefined) for (let k = 0; k < targets; k++) sums[k]! += base[k]!
      transform?.(sums)
    },
  }
}

/** The second output, scores `[batch, classes]`; the first, the label, is not evaluated and nothing may read it. */
export const treeEnsembleClassifier: Kernel = (node, inputs) => {
  const input = floatInput(node, inputs, 0)
  const classes = intsOf(node, 'classlabels_int64s').length + stringsOf(node, 'classlabels_strings').length
  if (classes < 2) throw notEvaluated(node, 'fewer than two classes')
  const table = readTreeTable(node, 'class', classes)
  const given = new Set(table.weights.target)
  return classes === 2 && given.size === 1 ? oneScore(node, input, table) : manyScores(node, input, table, classes)
}

const labelled = (scores: FloatValue): readonly Value[] => [
  { type: 'int64', batched: true, dims: [], data: [] },
  scores,
]

function manyScores(node: OnnxNode, input: FloatValue, table: TreeTable, classes: number): ReturnType<Kernel> {
  const base = baseValues(node, classes)
  const leaves = table.mode.filter(mode => mode === 'LEAF').length
  if (table.weights.leaf.length !== leaves * classes) throw notEvaluated(node, 'a leaf does not score every class')
  if (classes === 2 && base !== undefined) throw notEvaluated(node, 'base values of two scored classes')
  const program = programOf(node, table, classes, input)
  const transform = transformOf(node, classes)
  const output = newFloats(node, input.batched, [classes])
  const [row, sums] = [input.data, output.data]
  return {
    outputs: labelled(output),
    run: () => {
      sumTrees(program, row, sums)
      if (base !== undefined) for (let k = 0; k < classes; k++) sums[k]! += base[k]!
      transform?.(sums)
    },
  }
}

/**
 * Two classes with the weights of one: its score s gives [1 - s, s] where no weight is negative, else with LOGISTIC the two
 * probabilities of the log odds s. ONNX Runtime decides by the signs, and only these two forms have one meaning.
 */
function oneScore(node: OnnxNode, input: FloatValue, table: TreeTable): ReturnType<Kernel> {
  const base = floatsOf(node, 'base_values')
  if (base.length > 1) throw notEvaluated(node, 'two base values for one scored class')
  const transform = stringOf(node, 'post_transform', 'NONE')
  const odds = table.weights.weight.some(weight => weight < 0)
  if (transform !== (odds ? 'LOGISTIC' : 'NONE')) throw notEvaluated(node, `one score of two classes with ${transform}`)
  const alone = { ...table, weights: { ...table.weights, target: new Int32Array(table.weights.leaf.length) } }
  const program = programOf(node, alone, 1, input)
  const output = newFloats(node, input.batched, [2])
  const [row, to, sum] = [input.data, output.data, new Float32Array(1)]
  return {
    outputs: labelled(output),
    run: () => {
      sumTrees(program, row, sum)
      const score = Math.fround(sum[0]! + (base[0] ?? 0))
      to[0] = odds ? sigmoid(-score) : 1 - score
      to[1] = odds ? sigmoid(score) : score
    },
  }
}
