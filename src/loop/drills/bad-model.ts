// Models that a trainer might give by mistake, in the clothes of the release in charge: same inputs, same outputs, everything certified.

import { canonicalJson } from '../../base/canonical-json.ts'
import { unwrap } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { floatTensor, node } from '../../onnx/build.ts'
import { encodeModel } from '../../onnx/encode.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import type { OnnxModel } from '../../onnx/model.ts'
import type { ReleaseMembers, VerifiedRelease } from '../../release/release.ts'
import { readGolden } from '../../serving/evidence.ts'
import { loadModelSet } from '../../serving/model-set.ts'

/** `constant`: the same answer to everything. `nan`: an answer that is no number. */
export type BadKind = 'constant' | 'nan'

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(value))
const base64 = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

/** Its answer is 1 for one output, equal shares for more; both are in every role's range. */
function badGraph({ manifest }: VerifiedRelease, role: string, kind: BadKind): OnnxModel {
  const { input, width, output, outputs } = manifest.graphSignatures[role]!
  const weights = Array<number>(width * outputs).fill(kind === 'nan' ? Number.NaN : 0)
  return {
    irVersion: manifest.onnx.ir,
    opset: manifest.onnx.opset,
    mlOpset: 3,
    producer: 'ratchet drill',
    name: kind,
    nodes: [node('MatMul', [input, 'w'], ['nothing']), node('Add', ['nothing', 'b'], [output])],
    inputs: [{ name: input, type: 'float', dims: ['batch', width] }],
    outputs: [{ name: output, type: 'float', dims: ['batch', outputs] }],
    initializers: [
      floatTensor('w', [width, outputs], weights),
      floatTensor('b', [outputs], Array<number>(outputs).fill(1 / outputs)),
    ],
    metadata: {},
  }
}

const jsonOf = (members: ReleaseMembers, name: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(members.get(name))) as Record<string, unknown>

/** A role that is trained, so that its answers count; undefined where all are stand-ins. */
export function trainedRole(champion: VerifiedRelease): string | undefined {
  const { roles, baselineRoles } = unwrap(loadModelSet(champion))
  return [...roles.keys()].find(role => !baselineRoles.has(role))
}

/** Members of a release that holds the bad model; golden vectors, certificate and metadata are those of the bad model. */
export function membersWithBad(champion: VerifiedRelease, role: string, kind: BadKind): ReleaseMembers {
  const model = badGraph(champion, role, kind)
  const bytes = encodeModel(model)
  const { rows, width, outputs, input } = unwrap(readGolden(champion, role))
  const output = unwrap(compileModel(model))
    .run(input, rows)
    .slice(0, rows * outputs)
  const shape = { schema: 'ratchet.golden/1', role, rows, width, outputs }
  const golden = bytesOf({ ...shape, input: base64(input), output: base64(output) })
  const parity = jsonOf(champion.members, 'parity.json')
  const roles = parity['roles'] as Record<string, Record<string, unknown>>
  const metadata = jsonOf(champion.members, 'metadata.json')
  const listed = {
    ...(metadata['files'] as object),
    [`models/${role}.onnx`]: { sha256: sha256(bytes), size: bytes.length },
  }
  const certified = { ...roles, [role]: { ...roles[role], goldenSha256: sha256(golden) } }
  return new Map([
    ...champion.members,
    [`models/${role}.onnx`, bytes],
    [`golden/${role}.json`, golden],
    ['parity.json', bytesOf({ ...parity, roles: certified })],
    ['metadata.json', bytesOf({ ...metadata, files: listed })],
  ])
}
