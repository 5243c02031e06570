// More requests than can be answered: what is let in is answered, the rest is sent away with a time to come back, and what stops trading or
// says how we are does not wait behind any of them. Connections that say nothing cost nothing.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { listen } from '../../src/api/listen.ts'
import { type ApiWorld, HOST, openApiWorld, type Served, serve } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())

type Answer = { readonly path: string; readonly status: number; readonly retryAfter: string | undefined }

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  // Being cut off is what some of them are for.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Asks on a connection of its own that stands already, so that many can ask at the same moment. */
async function askOn(socket: Socket, path: string, method = 'GET', body = ''): Promise<Answer> {
  const type = body === '' ? '' : 'content-type: application/json\r\n'
  socket.write(
    `${method} ${path} HTTP/1.1\r\nhost: ${HOST.host}\r\nconnection: close\r\n${type}content-length: ${body.length}\r\n\r\n${body}`,
  )
  // A connection that is reset says nothing.
  const text = await buffer(socket).then(
    bytes => bytes.toString('latin1'),
    () => '',
  )
  const [head = ''] = text.split('\r\n\r\n', 1)
  return { path, status: Number(head.split(' ')[1] ?? 0), retryAfter: /^retry-after: (\S+)/im.exec(head)?.[1] }
}

const ask = async (port: number, path: string, method?: string): Promise<Answer> =>
  askOn(await connected(port), path, method)

async function listening(served: Served): Promise<number> {
  return (await listen(served.api, { host: '127.0.0.1', port: 0, development: true })).port
}

const killPath = (): string => join(world.directory, 'kill.txt')

test('fault 163: under ten times what it can hold all are answered, the rest with 503 and Retry-After, kill and health before the queue', async t => {
  const served = await serve(world.directory, { limits: { queuedRequests: 20, activeRequests: 8 } })
  t.after(() => served.close())
  const port = await listening(served)
  const answered: string[] = []
  const sockets = await Promise.all(Array.from({ length: 283 }, () => connected(port)))
  const told = async (path: string, method?: string): Promise<Answer> => {
    const answer = await askOn(sockets.pop()!, path, method)
    answered.push(answer.path)
    return answer
  }
  rmSync(killPath(), { force: true })
  const flood = Array.from({ length: 280 }, () => told('/api/decisions?limit=500'))
  const first = [told('/api/kill', 'POST'), told('/healthz'), told('/readyz')]
  const [kill, ...health] = await Promise.all(first)
  assert.deepEqual([kill!.status, ...health.map(({ status }) => status)], [200, 200, 200])
  assert.ok(existsSync(killPath()))
  const answers = await Promise.all(flood)
  const admitted = answers.filter(({ status }) => status === 200)
  const shed = answers.filter(({ status }) => status === 503)
  assert.equal(admitted.length + shed.length, answers.length)
  assert.ok(shed.every(({ retryAfter }) => Number(retryAfter) >= 1))
  assert.ok(admitted.length >= 20 && shed.length > 0, `${admitted.length} admitted, ${shed.length} shed`)
  const before = answered.indexOf('/api/kill')
  assert.ok(before < flood.length / 2, `${before} were answered before the kill switch`)
  t.diagnostic(`${admitted.length} admitted, ${shed.length} shed, kill answered after ${before} others`)
  // Nothing was left behind: the next one is let in.
  assert.equal((await ask(port, '/api/status')).status, 200)
  rmSync(killPath())
})

test('fault 163: while every place is taken by requests that wait for the loop the kill switch is answered, and the rest is sent away', async t => {
  const served = await serve(world.directory, {
    control: { ...world.control, send: () => new Promise(() => {}) },
    limits: { queuedRequests: 2, activeRequests: 3 },
  })
  t.after(() => served.close())
  const port = await listening(served)
  // Never answered; they end with the server.
  for (let i = 0; i < 3; i++) void askOn(await connected(port), '/api/replay', 'POST', '{"action":"pause"}')
  const shed = async (): Promise<boolean> => {
    const { status } = await Promise.race([1, 2, 3].map(() => ask(port, '/api/status')))
    return status === 503
  }
  // Until the three stand in their places a question may still be answered.
  while (!(await shed()));
  assert.equal((await ask(port, '/healthz')).status, 200)
  assert.equal((await ask(port, '/api/kill', 'POST')).status, 200)
  rmSync(killPath())
})

test('fault 164: a connection that does not say what it wants in time is closed, and one that never says anything costs nothing', async t => {
  const served = await serve(world.directory, { limits: { headerMs: 150, requestMs: 300 } })
  t.after(() => served.close())
  const port = await listening(served)
  const idle = await Promise.all(Array.from({ length: 500 }, () => connected(port)))
  t.after(() => idle.forEach(socket => socket.destroy()))
  const slow = await connected(port)
  slow.write('GET /healthz HTTP/1.1\r\nhost: loc')
  const said = buffer(slow)
  // Beside them all others are answered.
  for (let i = 0; i < 20; i++) assert.equal((await ask(port, '/api/status')).status, 200)
  assert.match((await said).toString(), /^HTTP\/1\.1 408 /)
})

test('fault 164: beyond the cap of connections a new one is closed, and there is room again when others end', async t => {
  const served = await serve(world.directory, { limits: { connections: 5 } })
  t.after(() => served.close())
  const port = await listening(served)
  const idle = await Promise.all(Array.from({ length: 5 }, () => connected(port)))
  assert.equal((await ask(port, '/healthz')).status, 0)
  for (const socket of idle) socket.destroy()
  while ((await ask(port, '/healthz')).status !== 200);
})
