// The operators that we evaluate ourselves, by domain and name.

import { cast, clip } from './cast.ts'
import { imputer, scaler } from './columns.ts'
import { binary, comparison, equal, leakyRelu, logical, not, unary, variadic, where } from './elementwise.ts'
import { type KernelEntry, kernelEntry } from './kernel.ts'
import { gemm, matMul } from './linear.ts'
import * as loops from './loops.ts'
import { layerNormalization, softmax } from './normalize.ts'
import { lstm } from './recurrent.ts'
import { REDUCTIONS, reduce } from './reduce.ts'
import { concat, flatten, gather, identity, reshape, slice, squeeze, transpose, unsqueeze } from './shape.ts'
import { treeEnsembleClassifier, treeEnsembleRegressor } from './trees.ts'

const TREE_COLUMNS = [
  'base_values',
  'nodes_falsenodeids',
  'nodes_featureids',
  'nodes_hitrates',
  'nodes_missing_value_tracks_true',
  'nodes_modes',
  'nodes_nodeids',
  'nodes_treeids',
  'nodes_truenodeids',
  'nodes_values',
  'post_transform',
]

const leafColumns = (kind: string): string[] =>
  ['treeids', 'nodeids', 'ids', 'weights'].map(column => `${kind}_${column}`)

const reduction = (kind: keyof typeof REDUCTIONS): KernelEntry =>
  kernelEntry(reduce(REDUCTIONS[kind]), 'axes', 'keepdims', 'noop_with_empty_axes')

const KERNELS: Readonly<Record<string, KernelEntry>> = {
  Abs: kernelEntry(unary(loops.abs)),
  Add: kernelEntry(binary(loops.add)),
  And: kernelEntry(logical(loops.both)),
  Cast: kernelEntry(cast, 'to', 'saturate'),
  Ceil: kernelEntry(unary(loops.ceil)),
  Clip: kernelEntry(clip),
  Concat: kernelEntry(concat, 'axis'),
  Div: kernelEntry(binary(loops.divide)),
  Equal: kernelEntry(equal),
  Exp: kernelEntry(unary(loops.exp)),
  Flatten: kernelEntry(flatten, 'axis'),
  Floor: kernelEntry(unary(loops.floor)),
  Gather: kernelEntry(gather, 'axis'),
  Gemm: kernelEntry(gemm, 'alpha', 'beta', 'transA', 'transB'),
  Greater: kernelEntry(comparison(loops.greater)),
  GreaterOrEqual: kernelEntry(comparison(loops.greaterOrEqual)),
  Identity: kernelEntry(identity),
  LSTM: kernelEntry(lstm, 'direction', 'hidden_size', 'layout'),
  LayerNormalization: kernelEntry(layerNormalization, 'axis', 'epsilon', 'stash_type'),
  LeakyRelu: kernelEntry(leakyRelu, 'alpha'),
  Less: kernelEntry(comparison(loops.less)),
  LessOrEqual: kernelEntry(comparison(loops.lessOrEqual)),
  Log: kernelEntry(unary(loops.log)),
  LogSoftmax: kernelEntry(softmax({ log: true }), 'axis'),
  MatMul: kernelEntry(matMul),
  Max: kernelEntry(variadic(loops.larger)),
  Min: kernelEntry(variadic(loops.smaller)),
  Mul: kernelEntry(binary(loops.multiply)),
  Neg: kernelEntry(unary(loops.negate)),
  Not: kernelEntry(not),
  Or: kernelEntry(logical(loops.either)),
  Pow: kernelEntry(binary(loops.raise)),
  Reciprocal: kernelEntry(unary(loops.reciprocal)),
  ReduceMax: reduction('max'),
  ReduceMean: reduction('mean'),
  ReduceMin: reduction('min'),
  ReduceSum: reduction('sum'),
  Relu: kernelEntry(unary(loops.rectify)),
  Reshape: kernelEntry(reshape, 'allowzero'),
  Sigmoid: kernelEntry(unary(loops.logistic)),
  Sign: kernelEntry(unary(loops.sign)),
  Slice: kernelEntry(slice),
  Softmax: kernelEntry(softmax({ log: false }), 'axis'),
  Softplus: kernelEntry(unary(loops.smoothRectify)),
  Sqrt: kernelEntry(unary(loops.squareRoot)),
  Squeeze: kernelEntry(squeeze),
  Sub: kernelEntry(binary(loops.subtract)),
  Tanh: kernelEntry(unary(loops.tanh)),
  Transpose: kernelEntry(transpose, 'perm'),
  Unsqueeze: kernelEntry(unsqueeze),
  Where: kernelEntry(where),
  Xor: kernelEntry(logical(loops.exactlyOne)),
}

const ML_KERNELS: Readonly<Record<string, KernelEntry>> = {
  Imputer: kernelEntry(imputer, 'imputed_value_floats', 'replaced_value_float'),
  Scaler: kernelEntry(scaler, 'offset', 'scale'),
  TreeEnsembleClassifier: kernelEntry(
    treeEnsembleClassifier,
    ...TREE_COLUMNS,
    ...leafColumns('class'),
    'classlabels_int64s',
    'classlabels_strings',
  ),
  TreeEnsembleRegressor: kernelEntry(
    treeEnsembleRegressor,
    ...TREE_COLUMNS,
    ...leafColumns('target'),
    'aggregate_function',
    'n_targets',
  ),
}

/** Undefined for an operator that we do not evaluate. */
export function kernelOf(domain: string, opType: string): KernelEntry | undefined {
  const family = domain === 'ai.onnx.ml' ? ML_KERNELS : KERNELS
  return Object.hasOwn(family, opType) ? family[opType] : undefined
}

/** Operators that are evaluated, for the test that measures each against the runtime. */
export const evaluatedOps = (): readonly string[] => [...Object.keys(KERNELS), ...Object.keys(ML_KERNELS)]
