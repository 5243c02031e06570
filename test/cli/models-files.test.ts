// `ratchet models inspect` and `migrate`: files of models are looked into without being trusted, older registry files brought forward.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sha256 } from '../../src/base/hash.ts'
import { node } from '../../src/onnx/build.ts'
import { encodeModel } from '../../src/onnx/encode.ts'
import { zipOf } from '../../src/release/fixtures/zip-writer.ts'
import { world } from './host.ts'

const model = encodeModel({
  irVersion: 8,
  opset: 17,
  mlOpset: 0,
  producer: 'someone',
  name: 'tiny',
  nodes: [node('Sigmoid', ['input'], ['probability'])],
  inputs: [{ name: 'input', type: 'float', dims: ['batch', 2] }],
  outputs: [{ name: 'probability', type: 'float', dims: ['batch', 2] }],
  initializers: [],
  metadata: {},
})

const old = {
  Version: '2.0',
  Available: [],
  Installed: [{ Id: 'a', Name: 'a', Status: 'active' }],
  Active: 'a',
  Desk: 3,
}

test('a model is described, and one that would be refused says why with its code', async context => {
  const { directory, run, json } = await world(context)
  const file = join(directory, 'tiny.onnx')
  writeFileSync(file, model)
  const { code, value } = await json('models', 'inspect', file)
  assert.deepEqual(
    [code, value['kind'], value['sha256'], value['operators']],
    [0, 'model', sha256(model), { Sigmoid: 1 }],
  )
  writeFileSync(file, model.slice(0, 40))
  const refused = await run('models', 'inspect', file)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /^ONNX_MALFORMED: /)
})

test('an archive is listed with what is opaque, and a broken model in it is named', async context => {
  const { directory, run, json } = await world(context)
  const file = join(directory, 'artifact.zip')
  const metadata = JSON.stringify({ Files: { 'meta.onnx': sha256(model) }, Family: 'cloud' })
  const parts = [
    { name: 'meta.onnx', content: model, deflate: true },
    { name: 'scaler.pkl', content: 'cos\nsystem\n.' },
    { name: 'metadata.json', content: metadata },
  ]
  writeFileSync(file, zipOf(parts))
  const whole = await json('models', 'inspect', file)
  assert.equal(whole.code, 0)
  const files = whole.value['files'] as { label: string; kind: string; listed: boolean }[]
  assert.deepEqual(
    files.map(({ label, kind, listed }) => [label, kind, listed]),
    [
      ['meta.onnx', 'model', true],
      ['scaler.pkl', 'opaque', false],
      ['metadata.json', 'document', false],
    ],
  )
  writeFileSync(file, zipOf([...parts, { name: 'bad.onnx', content: 'no model' }]))
  const broken = await run('models', 'inspect', file)
  assert.equal(broken.code, 1)
  assert.match(broken.out, /bad\.onnx +model .*ONNX_/)
  writeFileSync(file, zipOf([...parts, { name: '../up', content: '' }]))
  assert.match((await run('models', 'inspect', file)).err, /^ARCHIVE_NAME: /)
})

test('a migration is shown first, written on demand, and keeps the original', async context => {
  const { directory, run, json } = await world(context)
  const file = join(directory, 'model-registry.json')
  writeFileSync(file, JSON.stringify(old))
  const shown = await run('models', 'migrate', file)
  assert.equal(shown.code, 0)
  assert.match(shown.out, /^- +"Available": \[\],$/m)
  assert.match(shown.out, /^\+ +"schema": "ratchet\.registry\/3",$/m)
  assert.match(shown.out, /not written; add --write/)
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), old)

  const { value } = await json('models', 'migrate', file, '--write')
  assert.deepEqual([value['shape'], value['written'], value['original']], ['lists', true, `${file}.original`])
  assert.deepEqual(JSON.parse(readFileSync(`${file}.original`, 'utf8')), old)
  const image = JSON.parse(readFileSync(file, 'utf8')) as { active: unknown; installed: unknown[]; extra: unknown }
  assert.deepEqual([image.active, image.installed.length, image.extra], [{ main: 'a' }, 1, { Desk: 3 }])
  assert.match((await run('models', 'inspect', file)).out, /of the present shape[\s\S]*main: a/)
  assert.match((await run('models', 'migrate', file, '--write')).out, /nothing to do/)
})

test('a second migration over a kept original, and a file of no shape, are refused', async context => {
  const { directory, run } = await world(context)
  const file = join(directory, 'model-registry.json')
  writeFileSync(file, JSON.stringify(old))
  writeFileSync(`${file}.original`, 'older still')
  assert.match((await run('models', 'migrate', file, '--write')).err, /^MIGRATION_DONE: /)
  assert.equal(readFileSync(`${file}.original`, 'utf8'), 'older still')
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), old)
  writeFileSync(file, '{"hello": 1}')
  const { code, err } = await run('models', 'migrate', file)
  assert.equal(code, 1)
  assert.match(err, /^REGISTRY_SHAPE: /)
})
