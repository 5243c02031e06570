// The operators that we evaluate ourselves, by domain and name.

import { cast, clip } from './cast.ts'
import { imputer, scaler } from './columns.ts'
import { binary, comparison, equal, leakyRelu, logical, not, unary, variadic, where } from './elementwise.ts'
import { larger, power, relu, sigmoid, smaller, softplus } from './functions.ts'
import { type KernelEntry, kernelEntry } from './kernel.ts'
import { gemm, matMul } from './linear.ts'
import { layerNormalization, softmax } from './normalize.ts'
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
  Abs: kernelEntry(unary(() => Math.abs)),
  Add: kernelEntry(binary((a, b) => a + b)),
  And: kernelEntry(logical((a, b) => a & b)),
  Cast: kernelEntry(cast, 'to', 'saturate'),
  Ceil: kernelEntry(unary(() => Math.ceil)),
  Clip: kernelEntry(clip),
  Concat: kernelEntry(concat, 'axis'),
  Div: kernelEntry(binary((a, b) => a / b)),
  Equal: kernelEntry(equal),
  Exp: kernelEntry(unary(() => Math.exp)),
  Flatten: kernelEntry(flatten, 'axis'),
  Floor: kernelEntry(unary(() => Math.floor)),
  Gather: kernelEntry(gather, 'axis'),
  Gemm: kernelEntry(gemm, 'alpha', 'beta', 'transA', 'transB'),
  Greater: kernelEntry(comparison((a, b) => a > b)),
  GreaterOrEqual: kernelEntry(comparison((a, b) => a >= b)),
  Identity: kernelEntry(identity),
  LayerNormalization: kernelEntry(layerNormalization, 'axis', 'epsilon', 'stash_type'),
  LeakyRelu: kernelEntry(leakyRelu, 'alpha'),
  Less: kernelEntry(comparison((a, b) => a < b)),
  LessOrEqual: kernelEntry(comparison((a, b) => a <= b)),
  Log: kernelEntry(unary(() => Math.log)),
  LogSoftmax: kernelEntry(softmax({ log: true }), 'axis'),
  MatMul: kernelEntry(matMul),
  Max: kernelEntry(variadic(larger)),
  Min: kernelEntry(variadic(smaller)),
  Mul: kernelEntry(binary((a, b) => a * b)),
  Neg: kernelEntry(unary(() => x => -x)),
  Not: kernelEntry(not),
  Or: kernelEntry(logical((a, b) => a | b)),
  Pow: kernelEntry(binary(power)),
  Reciprocal: kernelEntry(unary(() => x => 1 / x)),
  ReduceMax: reduction('max'),
  ReduceMean: reduction('mean'),
  ReduceMin: reduction('min'),
  ReduceSum: reduction('sum'),
  Relu: kernelEntry(unary(() => relu)),
  Reshape: kernelEntry(reshape, 'allowzero'),
  Sigmoid: kernelEntry(unary(() => sigmoid)),
  Sign: kernelEntry(unary(() => Math.sign)),
  Slice: kernelEntry(slice),
  Softmax: kernelEntry(softmax({ log: false }), 'axis'),
  Softplus: kernelEntry(unary(() => softplus)),
  Sqrt: kernelEntry(unary(() => Math.sqrt)),
  Squeeze: kernelEntry(squeeze),
  Sub: kernelEntry(binary((a, b) => a - b)),
  Tanh: kernelEntry(unary(() => Math.tanh)),
  Transpose: kernelEntry(transpose, 'perm'),
  Unsqueeze: kernelEntry(unsqueeze),
  Where: kernelEntry(where),
  Xor: kernelEntry(logical((a, b) => a ^ b)),
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
