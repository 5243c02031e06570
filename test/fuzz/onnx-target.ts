// The ONNX validator and evaluator: what is accepted is the graph that a second reader sees, survives being written again, and either
// compiles and answers or is refused with a code.

import type { Rng } from '../../src/base/rng.ts'
import { floatTensor, intAttr, node } from '../../src/onnx/build.ts'
import { encodeModel } from '../../src/onnx/encode.ts'
import { compileModel } from '../../src/onnx/evaluate.ts'
import type { OnnxModel, OnnxNode } from '../../src/onnx/model.ts'
import { type FlatTree, treeEnsembleRegressor } from '../../src/onnx/tree-ensemble.ts'
import { validateModel } from '../../src/onnx/validate.ts'
import { chance, damaged, pick } from './mutate.ts'
import { rewired } from './protobuf.ts'
import { secondGraph } from './second-onnx.ts'
import { agree, type FuzzTarget, Misread } from './target.ts'

const OPS = ['Abs', 'Neg', 'Sigmoid', 'Relu', 'Tanh', 'Exp', 'Identity', 'Erf', 'Softplus'] as const

const tree = (rng: Rng): FlatTree => ({
  feature: Int32Array.of(rng.int(2), -1, -1),
  threshold: Float32Array.of(rng.next(), 0, 0),
  left: Int32Array.of(1, 0, 0),
  right: Int32Array.of(2, 0, 0),
  value: Float32Array.of(0, rng.normal(), rng.normal()),
})

/** A few nodes in a row, of every family that the evaluator knows. */
function modelOf(rng: Rng): OnnxModel {
  const nodes: OnnxNode[] = []
  const initializers = [floatTensor('shift', [2], [rng.normal(), rng.normal()])]
  let last = 'input'
  let width = 2
  const add = (made: (to: string) => OnnxNode): void => {
    const to = `v${nodes.length}`
    nodes.push(made(to))
    last = to
  }
  for (let left = rng.int(4); left > 0; left--) {
    const kind = rng.int(3)
    if (kind === 0) add(to => node(pick(rng, OPS), [last], [to]))
    else if (kind === 1 && width === 2) add(to => node('Add', [last, 'shift'], [to]))
    else if (width === 2) {
      const name = `w${nodes.length}`
      initializers.push(
        floatTensor(
          name,
          [2, 2],
          Array.from({ length: 4 }, () => rng.normal()),
        ),
      )
      add(to => node('Gemm', [last, name, 'shift'], [to], { transB: intAttr(rng.int(2)) }))
    }
  }
  if (chance(rng, 0.4) && width === 2) {
    add(to => treeEnsembleRegressor({ trees: [tree(rng), tree(rng)], targets: 1 }, last, to, 'trees'))
    width = 1
  }
  if (nodes.length === 0) add(to => node('Identity', [last], [to]))
  return {
    irVersion: 8,
    opset: 17,
    mlOpset: 3,
    producer: 'ratchet',
    name: 'fuzz',
    nodes,
    inputs: [{ name: 'input', type: 'float', dims: ['batch', 2] }],
    outputs: [{ name: last, type: 'float', dims: ['batch', width] }],
    initializers,
    metadata: { 'zoo.id': 'fuzz' },
  }
}

const shown = ({ irVersion, nodes, inputs, outputs, initializers }: OnnxModel): unknown => ({
  ir: String(irVersion),
  nodes: nodes.map(({ name, opType, domain, inputs, outputs, attributes }) => ({
    name,
    op: opType,
    domain,
    inputs,
    outputs,
    attributes: Object.keys(attributes).sort(),
  })),
  inputs: inputs.map(({ name }) => name),
  outputs: outputs.map(({ name }) => name),
  initializers: initializers.map(({ name, type, dims, data }) => ({
    name,
    dims: dims.map(String),
    floats: type === 'float' ? Array.from(data as Float32Array) : null,
  })),
})

function checkAccepted(bytes: Uint8Array, model: OnnxModel): void {
  agree('graph', JSON.stringify(shown(model)), JSON.stringify(secondGraph(bytes)))
  const written = encodeModel(model)
  const again = validateModel(written)
  if (!again.ok) throw new Misread(`written again it is refused: ${again.fault.code}`)
  agree('written again', Buffer.from(encodeModel(again.value)).toString('hex'), Buffer.from(written).toString('hex'))
  const compiled = compileModel(model)
  if (!compiled.ok) return
  const { width, outputs } = compiled.value
  const answers = compiled.value.run(new Float32Array(width * 2).fill(0.5), 2)
  if (answers.length !== outputs * 2) throw new Misread(`two rows got ${answers.length} answers of ${outputs}`)
}

export const onnx: FuzzTarget = rng => {
  let bytes = encodeModel(modelOf(rng))
  if (chance(rng, 0.7)) bytes = rewired(bytes, rng)
  if (chance(rng, 0.4)) bytes = damaged(bytes, rng)
  return {
    bytes,
    read() {
      const outcome = validateModel(bytes)
      if (outcome.ok) checkAccepted(bytes, outcome.value)
      return outcome.ok
    },
  }
}
