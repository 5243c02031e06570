// The operators that a model may consist of (SRV-11): bounded work and memory for bounded inputs, no state, no side effect.

import { Fault } from '../base/fault.ts'
import type { OnnxModel, OnnxNode } from './model.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const ALLOWED: Readonly<Record<OnnxNode['domain'], ReadonlySet<string>>> = {
  '': words(`
    Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast Ceil Clip Concat Constant Conv Cos Div Elu Equal Erf Exp
    Flatten Floor GRU Gather GatherElements Gelu Gemm GlobalAveragePool Greater GreaterOrEqual HardSigmoid Identity
    InstanceNormalization LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax MatMul Max MaxPool Mean Min Mul Neg
    Not Or PRelu Pow RNN Reciprocal ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceSum ReduceSumSquare Relu Reshape Round
    Selu Sigmoid Sign Sin Slice Softmax Softplus Split Sqrt Squeeze Sub Sum Tanh TopK Transpose Unsqueeze Where Xor`),
  'ai.onnx.ml': words(`
    ArrayFeatureExtractor Binarizer Imputer LabelEncoder LinearClassifier LinearRegressor Normalizer Scaler SVMClassifier
    SVMRegressor TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor`),
}

/** Operators whose second input decides how large the result is. */
const CONSTANT_SECOND_INPUT: ReadonlySet<string> = new Set(['Reshape', 'TopK'])

const isAllowed = ({ domain, opType }: OnnxNode): boolean => ALLOWED[domain].has(opType)

/** Operators outside the list, each once, as `domain:name`. For the check that every exporter of ours stays inside. */
export function foreignOps({ nodes }: OnnxModel): readonly string[] {
  return [
    ...new Set(nodes.filter(node => !isAllowed(node)).map(({ domain, opType }) => `${domain || 'ai.onnx'}:${opType}`)),
  ]
}

export const usesOnlyAllowedOps = (model: OnnxModel): boolean => foreignOps(model).length === 0

/** Faults: `ONNX_OP_NOT_ALLOWED`, `ONNX_SHAPE_NOT_CONSTANT`. */
export function checkOps({ nodes, initializers }: OnnxModel): void {
  const constants = new Set(initializers.map(({ name }) => name))
  for (const node of nodes) if (node.opType === 'Constant') for (const name of node.outputs) constants.add(name)
  for (const [index, node] of nodes.entries()) {
    const place = `node ${index} ${node.name}`
    if (!isAllowed(node)) {
      throw new Fault('ONNX_OP_NOT_ALLOWED', `operator ${node.opType} is not on the allow-list`, { place })
    }
    if (CONSTANT_SECOND_INPUT.has(node.opType) && !constants.has(node.inputs[1] ?? '')) {
      throw new Fault('ONNX_SHAPE_NOT_CONSTANT', `the second input of ${node.opType} is not a constant`, { place })
    }
  }
}
