import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { unwrap } from '../base/fault.ts'
import { featureSchemaHash } from '../market/feature-schema.ts'
import { encodeModel } from '../onnx/encode.ts'
import { mapReader } from '../release/fixtures/built.ts'
import type { VerifiedRelease } from '../release/release.ts'
import { verifyRelease } from '../release/verify.ts'
import { NOW, POLICY, SCHEMA, tinyModel, tinyRelease } from './fixtures/release.ts'
import { loadModelSet, modelsDigest } from './model-set.ts'

const built = tinyRelease({ seed: 1 })
const release: VerifiedRelease = unwrap(
  await verifyRelease(mapReader(built.files), POLICY, undefined, replayClock(NOW)),
)

test('a verified release becomes a set that answers', () => {
  const set = unwrap(loadModelSet(release))
  assert.deepEqual([...set.roles.keys()].sort(), ['execution', 'meta', 'rl_sizer'])
  assert.deepEqual([set.digest, set.releaseId, set.version], [built.manifestSha256, built.releaseId, 1])
  const chances = set.roles.get('meta')!.run(Float32Array.of(0.5, -0.5), 1)
  assert.equal(chances.length, set.classes.length)
  assert.ok(Math.abs(chances.reduce((sum, chance) => sum + chance, 0) - 1) < 1e-6)
  assert.deepEqual(set.windows, { fitEnd: 1_000, dataEnd: 3_000, embargoMs: 500 })
})

const withMember = (name: string, bytes: Uint8Array): VerifiedRelease => ({
  ...release,
  members: new Map([...release.members, [name, bytes]]),
})
const codeOf = (changed: VerifiedRelease): string => {
  const loaded = loadModelSet(changed)
  return loaded.ok ? 'loaded' : `${loaded.fault.code} ${loaded.fault.place}`
}

test('a broken graph is refused with its code and file', () => {
  const code = codeOf(withMember('models/execution.onnx', new Uint8Array(50)))
  assert.match(code, /^ONNX_\w+ models\/execution\.onnx/)
})

const claiming = (metadata: Readonly<Record<string, string>>) =>
  withMember('models/execution.onnx', encodeModel({ ...tinyModel('execution', 1), metadata }))

test('FEATURE_SCHEMA: a graph of the same shape whose columns stood in another order is refused', () => {
  const [a, b] = SCHEMA['execution']!
  const permuted = featureSchemaHash({ ...SCHEMA, execution: [b!, a!] })
  assert.equal(codeOf(claiming({ schemaSha256: permuted })), 'FEATURE_SCHEMA models/execution.onnx')
  assert.equal(codeOf(claiming({ schemaSha256: featureSchemaHash(SCHEMA) })), 'loaded')
})

test('a set needs every source that one of its graphs was trained with; a mask that is none is refused', () => {
  assert.equal(unwrap(loadModelSet(claiming({ featureMask: '131071' }))).featureMask, 2 ** 17 - 1)
  assert.equal(unwrap(loadModelSet(release)).featureMask, 0, 'graphs that say nothing want nothing')
  for (const featureMask of ['131072', '-1', 'all', '']) {
    assert.equal(codeOf(claiming({ featureMask })), 'FEATURE_SCHEMA models/execution.onnx', featureMask)
  }
})

test('documents are parsed before they are believed', () => {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  assert.equal(
    codeOf(withMember('evaluation.json', json({ schema: 'ratchet.evaluation/2' }))),
    'EVIDENCE_INVALID evaluation.json',
  )
  assert.equal(codeOf(withMember('evaluation.json', new Uint8Array())), 'EVIDENCE_INVALID evaluation.json')
  assert.equal(codeOf(withMember('features.json', json({ meta: [{ name: 'a' }] }))), 'EVIDENCE_INVALID features.json')
  const members = new Map(release.members)
  members.delete('features.json')
  assert.equal(codeOf({ ...release, members }), 'EVIDENCE_MISSING features.json')
})

test('models keep their digest under another version, and other models have another', () => {
  const again = tinyRelease({ seed: 1, after: built })
  const other = tinyRelease({ seed: 2, after: built })
  assert.notEqual(again.manifestSha256, built.manifestSha256)
  assert.equal(modelsDigest(again.manifest), modelsDigest(built.manifest))
  assert.notEqual(modelsDigest(other.manifest), modelsDigest(built.manifest))
})
