// Foreign releases: metadata in two spellings with every digest checked, opaque files kept unread, and no trust from either.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { stageArchive } from './archive.ts'
import { type ZipPart, zipOf } from './fixtures/zip-writer.ts'
import { readForeign } from './foreign.ts'
import { modelFileName, parseModelFileName } from './model-name.ts'
import { verifyPolicy } from './policy.ts'
import { verifyRelease } from './verify.ts'
import { bytesInMemory } from './zip-bytes.ts'

const model = 'the bytes of a graph'
// A pickle that would run a program when loaded: it is filed like any other bytes.
const pickle = "cos\nsystem\n(S'touch /tmp/owned'\ntR."

async function foreign(metadata: unknown, more: readonly ZipPart[] = [], folder = '') {
  const disk = memoryDisk()
  await disk.makeDirectory('staging')
  const parts = [
    { name: `${folder}meta.onnx`, content: model },
    { name: `${folder}scaler.pkl`, content: pickle },
    { name: `${folder}weights.npy`, content: '\x93NUMPY' },
    ...(metadata === undefined ? [] : [{ name: `${folder}metadata.json`, content: JSON.stringify(metadata) }]),
    ...more,
  ]
  const staged = unwrap(await stageArchive(bytesInMemory(zipOf(parts)), disk, 'staging'))
  const outcome = await readForeign(staged, (path, limit) => disk.read(path, limit))
  return { outcome, code: outcome.ok ? 'accepted' : outcome.fault.code, disk, staged }
}

const camel = {
  files: { 'meta.onnx': { sha256: sha256(model), size: model.length }, 'scaler.pkl': sha256(pickle) },
  family: 'cloud',
  symbol: 'ES',
  semVer: '1.2.0',
  trainingMetrics: { datasetSize: 5_000, validationScore: 0.61, features: 17, targetDistribution: { up: 0.4 } },
}
const pascal = {
  Files: { 'meta.onnx': { Sha256: sha256(model).toUpperCase(), Size: model.length }, 'scaler.pkl': sha256(pickle) },
  Family: 'cloud',
  Symbol: 'ES',
  SemVer: '1.2.0',
  TrainingMetrics: { DatasetSize: 5_000, ValidationScore: 0.61, Features: 17, TargetDistribution: { up: 0.4 } },
}

test('camelCase and PascalCase say the same', async () => {
  const [lower, upper] = [await foreign(camel), await foreign(pascal)]
  assert.deepEqual(unwrap(lower.outcome).metadata, unwrap(upper.outcome).metadata)
  assert.equal(unwrap(lower.outcome).metadata?.trainingMetrics?.datasetSize, 5_000)
})

test('opaque files are filed by digest, listed, and never opened', async () => {
  const { outcome, staged, disk } = await foreign(camel, [], 'artifact/')
  const { files } = unwrap(outcome)
  assert.deepEqual(
    files.map(({ label, kind, listed }) => [label, kind, listed]),
    [
      ['artifact/meta.onnx', 'model', true],
      ['artifact/scaler.pkl', 'opaque', true],
      ['artifact/weights.npy', 'opaque', false],
      ['artifact/metadata.json', 'document', false],
    ],
  )
  assert.equal(files[1]!.sha256, sha256(pickle))
  const read: string[] = []
  await readForeign(staged, (path, limit) => {
    read.push(path)
    return disk.read(path, limit)
  })
  assert.deepEqual(read, [staged[3]!.path])
})

test('one listed digest or size that is wrong refuses the whole archive', async () => {
  const wrong = { ...camel.files, 'scaler.pkl': sha256('other') }
  assert.equal((await foreign({ ...camel, files: wrong })).code, 'METADATA_HASH')
  const size = { 'meta.onnx': { sha256: sha256(model), size: model.length + 1 } }
  assert.equal((await foreign({ files: size })).code, 'METADATA_HASH')
  assert.equal((await foreign({ files: { 'gone.onnx': sha256('x') } })).code, 'METADATA_HASH')
  // Names are those beside the metadata: a path that climbs finds nothing.
  assert.equal((await foreign({ files: { '../meta.onnx': sha256(model) } }, [], 'a/')).code, 'METADATA_HASH')
})

test('metadata that two readers could read in two ways is refused', async () => {
  assert.equal((await foreign({ ...camel, Files: {} })).code, 'METADATA_SCHEMA')
  assert.equal(
    (await foreign({ files: { 'meta.onnx': { sha256: sha256(model), Sha256: 'x' } } })).code,
    'METADATA_SCHEMA',
  )
  assert.equal((await foreign({ files: { 'meta.onnx': 'none' } })).code, 'METADATA_SCHEMA')
  assert.equal((await foreign({ files: { 'meta.onnx': '' } })).code, 'METADATA_SCHEMA')
  assert.equal((await foreign([])).code, 'METADATA_SCHEMA')
  assert.equal((await foreign({ files: 7 })).code, 'METADATA_SCHEMA')
  assert.equal((await foreign({ ...camel, family: 'x'.repeat(70_000) })).code, 'MANIFEST_TOO_LARGE')
  const twice = [{ name: 'b/metadata.json', content: '{"files":{}}' }]
  assert.equal((await foreign(camel, twice)).code, 'METADATA_TWICE')
})

test('an archive without metadata is listed, one without a model refused', async () => {
  assert.equal(unwrap((await foreign(undefined)).outcome).metadata, null)
  const empty = await readForeign([], () => Promise.reject(new Error('nothing is read')))
  assert.equal(empty.ok ? 'accepted' : empty.fault.code, 'FOREIGN_EMPTY')
})

test('metadata alone satisfies no signature policy, whatever it lists', async () => {
  const files = new Map([['metadata.json', new TextEncoder().encode(JSON.stringify(camel))]])
  const reader = {
    list: async () => [...files.keys()],
    async read(name: string) {
      const bytes = files.get(name)
      if (bytes === undefined) throw new Fault('FILE_MISSING', 'no such file', { place: name })
      return bytes
    },
  }
  const policy = verifyPolicy({ profile: 'paper', channel: 'stable', symbols: [], keys: [], required: [] })
  const verified = await verifyRelease(reader, policy, undefined, { now: () => 0 })
  assert.ok(!verified.ok)
  assert.deepEqual([verified.fault.code, verified.fault.place], ['RELEASE_MISSING_FILE', 'envelope.json'])
})

test('a display name holds the digest of its content and comes apart again', () => {
  const parts = { family: 'ratchet', symbol: 'ES', strategy: 'all', regime: 'high_vol', semVer: '1.20.3' }
  const name = modelFileName({ ...parts, sha256: sha256(model) })
  assert.equal(name, `ratchet.ES.all.high_vol.v1.20.3+${sha256(model).slice(0, 8)}.onnx`)
  assert.deepEqual(parseModelFileName(name), { ...parts, sha8: sha256(model).slice(0, 8) })
  for (const bad of [
    `a/${name}`,
    name.toUpperCase(),
    name.replace('.v1', '.1'),
    `${name}.onnx`,
    name.replace('+', '-'),
  ]) {
    assert.equal(parseModelFileName(bad), undefined, bad)
  }
})
