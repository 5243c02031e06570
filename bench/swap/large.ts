// Releases of a wanted size: dense networks whose weights make up the bytes.

import { canonicalJson } from '../../src/base/canonical-json.ts'
import { sha256 } from '../../src/base/hash.ts'
import { seededRng } from '../../src/base/rng.ts'
import { floatTensor, intAttr, node } from '../../src/onnx/build.ts'
import { encodeModel } from '../../src/onnx/encode.ts'
import type { OnnxModel } from '../../src/onnx/model.ts'
import type { BuiltRelease } from '../../src/release/build.ts'
import { ROLE_OUTPUTS, STANDARD_ROLES, type StandardRole } from '../../src/release/release.ts'
import { SCHEMA, tinyRelease } from '../../src/serving/fixtures/release.ts'

/** Two layers of `units`, so 4 bytes times their square, and a little. */
function denseModel(role: StandardRole, units: number, seed: number): OnnxModel {
  const rng = seededRng(seed).fork(role)
  const width = SCHEMA[role]!.length
  const outputs = role === 'meta' ? 3 : 1
  const weights = (name: string, rows: number, columns: number) => {
    const scale = 1 / Math.sqrt(rows)
    const data = Float32Array.from({ length: rows * columns }, () => (2 * rng.next() - 1) * scale)
    return floatTensor(name, [rows, columns], data)
  }
  const last = role === 'meta' ? 'scores' : ROLE_OUTPUTS[role]
  const nodes = [
    node('MatMul', ['input', 'w1'], ['a1']),
    node('Relu', ['a1'], ['h1']),
    node('MatMul', ['h1', 'w2'], ['a2']),
    node('Relu', ['a2'], ['h2']),
    node('MatMul', ['h2', 'w3'], [last]),
  ]
  if (role === 'meta') nodes.push(node('Softmax', [last], [ROLE_OUTPUTS[role]], { axis: intAttr(-1) }))
  return {
    irVersion: 8,
    opset: 17,
    mlOpset: 3,
    producer: 'ratchet',
    name: role,
    nodes,
    inputs: [{ name: 'input', type: 'float', dims: ['batch', width] }],
    outputs: [{ name: ROLE_OUTPUTS[role], type: 'float', dims: ['batch', outputs] }],
    initializers: [weights('w1', width, units), weights('w2', units, units), weights('w3', units, outputs)],
    metadata: {},
  }
}

/** @param units of the layers of each role that is made large; the others stay tiny */
export function largeRelease(
  seed: number,
  units: Partial<Record<StandardRole, number>>,
  after?: BuiltRelease,
): BuiltRelease {
  const small = tinyRelease({ seed })
  const members = new Map(small.files)
  for (const name of ['manifest.json', 'envelope.json', 'current.json', 'pointer.json']) members.delete(name)
  for (const role of STANDARD_ROLES) {
    const width = units[role]
    if (width !== undefined) members.set(`models/${role}.onnx`, encodeModel(denseModel(role, width, seed)))
  }
  const models = [...members].filter(([name]) => name.startsWith('models/'))
  const files = models.map(([name, bytes]) => [name, { sha256: sha256(bytes), size: bytes.length }] as const)
  const metadata = canonicalJson({ schema: 'ratchet.metadata/1', files: Object.fromEntries(files) })
  members.set('metadata.json', new TextEncoder().encode(metadata))
  return tinyRelease({ seed, ...(after && { after }), over: { members } })
}

export const modelBytes = ({ files }: BuiltRelease): number =>
  [...files].reduce((sum, [name, { length }]) => sum + (name.startsWith('models/') ? length : 0), 0)
