// The image of the registry comes back as it was written, with whatever a newer or foreign writer put beside it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { unwrap } from '../base/fault.ts'
import { imageArbitrary } from './fixtures/registry-images.ts'
import { readRegistryImage, registryImageBytes } from './registry-image.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const image = {
  schema: 'ratchet.registry/3',
  updatedAt: '2026-01-15T14:30:00.000Z',
  channel: 'stable',
  available: [],
  installed: [{ id: 'r-1/meta', name: 'meta', state: 'active' }],
}

test('any image comes back equal, and equal images are equal bytes', () => {
  fc.assert(
    fc.property(imageArbitrary, made => {
      const written = registryImageBytes(made)
      const read = unwrap(readRegistryImage(written))
      assert.deepEqual(read, made)
      assert.deepEqual(registryImageBytes(read), written)
    }),
    { seed: 55, numRuns: 300 },
  )
})

test('members that this version does not know are kept in extra, at the top and in entries', () => {
  const later = { ...image, shards: 3, installed: [{ ...image.installed[0], quantised: true, extra: { old: 1 } }] }
  const read = unwrap(readRegistryImage(bytes(later)))
  assert.deepEqual(read.extra, { shards: 3 })
  assert.deepEqual(read.installed[0]!.extra, { old: 1, quantised: true })
  assert.deepEqual(unwrap(readRegistryImage(registryImageBytes(read))), read)
})

test('what is no image is refused with the field', () => {
  const code = (value: unknown) => {
    const outcome = readRegistryImage(bytes(value))
    return outcome.ok ? 'accepted' : `${outcome.fault.code} ${outcome.fault.message}`
  }
  assert.match(code({ ...image, schema: 'other/1' }), /^REGISTRY_SCHEMA schema/)
  assert.match(
    code({ ...image, installed: [{ id: 'a', name: 'a', state: 'lost' }] }),
    /^REGISTRY_SCHEMA installed.0.state/,
  )
  assert.match(code({ ...image, installed: [{ id: 'a', name: 'a', state: 'active', sha256: 'none' }] }), /sha256/)
  assert.match(code([]), /^MANIFEST_SCHEMA/)
  assert.match(code({ ...image, active: { __proto__: 1, main: 7 } }), /^REGISTRY_SCHEMA active/)
})
