import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryRegistry } from './memory-registry.ts'
import { checkRegistry } from './registry.checks.ts'

checkRegistry('memory registry', async () => ({ registry: memoryRegistry() }))

test('a saved registry goes on where it stopped', async () => {
  const one = memoryRegistry()
  await one.block({ digest: 'd', at: 1, code: 'GATE_REFUSED', reason: 'G6' })
  const two = memoryRegistry(JSON.parse(JSON.stringify(one.save())))
  assert.deepEqual(two.save(), one.save())
})
