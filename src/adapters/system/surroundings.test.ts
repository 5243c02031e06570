import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { systemSurroundings } from './surroundings.ts'

test('a port that is taken is told with who listens there, a free one is free', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const listener = await systemSurroundings.listener(address.port)
  assert.ok(listener !== undefined)
  if (process.platform === 'linux') assert.equal(listener.pid, process.pid)
  await systemSurroundings.reach('127.0.0.1', address.port)
  server.close()
  await once(server, 'close')
  assert.equal(await systemSurroundings.listener(address.port), undefined)
  await assert.rejects(systemSurroundings.reach('127.0.0.1', address.port), { code: 'HOST_UNREACHABLE' })
  t.diagnostic(JSON.stringify(await systemSurroundings.walls()))
})
