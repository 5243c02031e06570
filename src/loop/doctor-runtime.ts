// Whether ONNX Runtime answers here, and as our own evaluator does.

import { unwrap } from '../base/fault.ts'
import { floatTensor, node } from '../onnx/build.ts'
import { encodeModel } from '../onnx/encode.ts'
import { compileModel } from '../onnx/evaluate.ts'
import type { OnnxModel } from '../onnx/model.ts'
import { type DoctorCheck, fail, ok } from './doctor-check.ts'

/** Doubles two numbers. */
const DOUBLE: OnnxModel = {
  irVersion: 8,
  opset: 17,
  mlOpset: 3,
  producer: 'ratchet',
  name: 'doctor',
  nodes: [node('Mul', ['input', 'two'], ['output'])],
  inputs: [{ name: 'input', type: 'float', dims: ['batch', 2] }],
  outputs: [{ name: 'output', type: 'float', dims: ['batch', 2] }],
  initializers: [floatTensor('two', [1], [2])],
  metadata: {},
}

export const runtime: DoctorCheck = async ({ ports }) => {
  const row = Float32Array.of(0.1, -3)
  const ours = unwrap(compileModel(DOUBLE)).run(row, 1)
  const oracle = ports.oracle()
  try {
    const theirs = await oracle.run(encodeModel(DOUBLE), row, 1)
    if (theirs.length === ours.length && theirs.every((value, index) => value === ours[index])) {
      return ok(`${oracle.name} answers as our evaluator does`)
    }
    return fail(`${oracle.name} answers ${theirs.join(', ')} where ${ours.join(', ')} is right`, 'run npm ci again')
  } finally {
    await oracle.close()
  }
}
