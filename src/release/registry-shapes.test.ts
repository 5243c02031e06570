// Five older shapes of a registry file come to the image of today, and nothing that they said is lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { unwrap } from '../base/fault.ts'
import { entryArbitrary, imageArbitrary } from './fixtures/registry-images.ts'
import { registryDiff } from './registry-diff.ts'
import {
  type RegistryEntry,
  type RegistryImage,
  readRegistryFile,
  readRegistryImage,
  registryImageBytes,
} from './registry-image.ts'
import { migrated, shapeOf } from './registry-shapes.ts'

const NOW = '2026-01-15T14:30:00.000Z'
const digest = 'ab'.repeat(32)
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const read = (value: unknown): RegistryImage =>
  unwrap(migrated(unwrap(readRegistryFile(json(value), 'old.json')), 'old.json', NOW))

test('lists: available, installed and what was active', () => {
  const image = read({
    Version: '2.0',
    LastUpdated: '2025-11-01T00:00:00Z',
    Available: [{ Id: 'b', Name: 'b', Version: '1.1.0', DownloadUrl: 'https://cdn.example.com/b.onnx' }],
    Installed: [
      { Id: 'a', Name: 'a', Checksum: digest.toUpperCase(), SizeBytes: 1_000, Metrics: { Sharpe: 1.2, Note: 'thin' } },
    ],
    Active: { main: 'a' },
    Owner: 'desk 3',
  })
  assert.deepEqual(
    [image.updatedAt, image.active, image.extra],
    ['2025-11-01T00:00:00Z', { main: 'a' }, { Owner: 'desk 3' }],
  )
  assert.deepEqual(
    [image.available[0]!.state, image.available[0]!.url],
    ['available', 'https://cdn.example.com/b.onnx'],
  )
  const [a] = image.installed
  assert.deepEqual([a!.state, a!.sha256, a!.sizeBytes, a!.metrics], ['active', digest, 1_000, { Sharpe: 1.2 }])
  assert.deepEqual(a!.extra, { Metrics: { Note: 'thin' } })
})

test('models: a list or an object of models with their states', () => {
  const models = { x: { status: 'active', role: 'meta' }, y: { status: 'pending' }, z: { Status: 'Deprecated' } }
  const image = read({ LastUpdated: '2025-11-01T00:00:00Z', Models: models, TotalModels: 3 })
  assert.deepEqual(
    image.installed.map(({ id, state }) => [id, state]),
    [
      ['x', 'active'],
      ['z', 'retired'],
    ],
  )
  assert.deepEqual(
    image.available.map(({ id, state }) => [id, state]),
    [['y', 'available']],
  )
  assert.deepEqual(image.active, { meta: 'x' })
})

test('version: one model with all its metrics', () => {
  const image = read({ model_name: 'rl', version: 'v3', created_at: NOW, metrics: { accuracy: 0.6 }, layers: [64, 64] })
  const [only] = image.available
  assert.deepEqual([only!.id, only!.version, only!.publishedAt], ['rl', 'v3', NOW])
  assert.deepEqual([only!.metrics, only!.extra], [{ accuracy: 0.6 }, { layers: [64, 64] }])
})

test('digests: states of a digest-keyed list', () => {
  const states = ['pending', 'active', 'rollback', 'deprecated']
  const file = Object.fromEntries(states.map((status, at) => [`${at}`.repeat(64), { status, name: `m${at}` }]))
  const image = read(file)
  assert.deepEqual(
    [...image.available, ...image.installed].map(({ state }) => state),
    ['available', 'active', 'rolledBack', 'retired'],
  )
  assert.equal(image.available[0]!.sha256, '0'.repeat(64))
})

test('names: the parts of file names, whose eight digits are no identity', () => {
  const image = read({ files: ['cloud.ES.trend.low_vol.v1.2.3+71fed988.onnx'] })
  const [only] = image.available
  assert.deepEqual(
    [only!.family, only!.symbol, only!.strategy, only!.regime, only!.version, only!.sha256, only!.extra],
    ['cloud', 'ES', 'trend', 'low_vol', '1.2.3', null, { sha8: '71fed988' }],
  )
})

test('a file of no known shape, and an entry that is none, are refused in words', () => {
  const code = (value: unknown) => {
    const outcome = migrated(unwrap(readRegistryFile(json(value), 'old.json')), 'old.json', NOW)
    return outcome.ok ? 'accepted' : `${outcome.fault.code} ${outcome.fault.place}`
  }
  assert.equal(code({ hello: 1 }), 'REGISTRY_SHAPE old.json')
  assert.equal(code({}), 'REGISTRY_SHAPE old.json')
  assert.equal(code({ Available: [7], Installed: [] }), 'REGISTRY_SCHEMA old.json Available[0]')
  assert.equal(code({ Models: [{ status: 'active' }], TotalModels: 1 }), 'REGISTRY_SCHEMA old.json Models[0]')
  assert.equal(code({ files: ['../evil.onnx'] }), 'REGISTRY_SCHEMA old.json files[0]')
})

/** Every text and number that a document holds, but for keys. */
function leaves(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (typeof value === 'object') return Object.values(value).flatMap(leaves)
  return [JSON.stringify(value).toLowerCase()]
}

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
const LATER = new Set(['training', 'metadata', 'performance', 'extra'])
const older = (entry: RegistryEntry): Record<string, unknown> => {
  const known = Object.entries(entry).filter(([name]) => !LATER.has(name))
  return { ...Object.fromEntries(known.map(([name, value]) => [pascal(name), value])), Extras: entry.extra }
}

test('whatever an older file says is found in the image again, and the image comes back equal', () => {
  const entries = fc.array(entryArbitrary, { minLength: 1, maxLength: 3 }).map(made => made.map(older))
  const shapes = fc.oneof(
    fc.tuple(entries, entries).map(([Available, Installed]) => ({ Version: '2.0', Available, Installed, Active: {} })),
    entries.map(Models => ({ LastUpdated: NOW, Models, TotalModels: Models.length })),
    entryArbitrary.map(entry => ({ ...older(entry), Version: 'v1' })),
    entries.map(made => Object.fromEntries(made.map((entry, at) => [`${at}`.repeat(64), entry]))),
  )
  fc.assert(
    fc.property(shapes, file => {
      const image = read(file)
      const known = new Set(leaves(image))
      const counted = new Set(['"2.0"', ...('TotalModels' in file ? leaves(file.TotalModels) : [])])
      for (const leaf of leaves(file))
        assert.ok(known.has(leaf) || counted.has(leaf), `${leaf} of ${JSON.stringify(file)}`)
      assert.deepEqual(unwrap(readRegistryImage(registryImageBytes(image))), image)
      // Migrating what was migrated changes nothing.
      assert.deepEqual(read(JSON.parse(new TextDecoder().decode(registryImageBytes(image)))), image)
    }),
    { seed: 56, numRuns: 300 },
  )
})

test('an image is an image, and the difference to itself is nothing', () => {
  fc.assert(
    fc.property(imageArbitrary, image => {
      assert.equal(shapeOf(image), 'image')
      assert.deepEqual(registryDiff(image, image), [])
    }),
    { seed: 57, numRuns: 50 },
  )
})

test('a difference shows what goes and what comes, with a little around it', () => {
  const before = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }
  assert.deepEqual(registryDiff(before, { ...before, d: 44 }), [
    '   "b": 2,',
    '   "c": 3,',
    '-  "d": 4,',
    '+  "d": 44,',
    '   "e": 5,',
    '   "f": 6,',
    '...',
  ])
})
