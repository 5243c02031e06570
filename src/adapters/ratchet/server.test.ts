import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Fault } from '../../base/fault.ts'
import { ratchetServer } from './server.ts'

const never = new AbortController().signal

async function serve(context: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof Fault ? error.code : String(error)),
  )

test('questions and commands come back as JSON; a command carries its body', async context => {
  const url = await serve(context, (request, response) => {
    let body = ''
    request.on('data', chunk => (body += String(chunk)))
    request.on('end', () => response.end(JSON.stringify({ method: request.method, path: request.url, body })))
  })
  const server = ratchetServer(url)
  assert.deepEqual(await server.get('/api/status', never), { method: 'GET', path: '/api/status', body: '' })
  const posted = await server.post('/api/kill', { reason: 'x' }, never)
  assert.deepEqual(posted, { method: 'POST', path: '/api/kill', body: '{"reason":"x"}' })
})

test('a refusal of the server keeps its code and says what to do', async context => {
  const url = await serve(context, (_, response) => {
    response.statusCode = 409
    response.end(JSON.stringify({ code: 'NOT_RUNNING', detail: 'no loop\u001B[2J runs here', hint: 'start one' }))
  })
  await assert.rejects(ratchetServer(url).post('/api/replay', {}, never), {
    code: 'NOT_RUNNING',
    message: 'no loop [2J runs here',
    fix: 'start one',
  })
})

test('nobody there, no JSON, a redirect and an endless answer are faults of their own', async context => {
  const page = await serve(context, (_, response) => response.end('<html>'))
  const redirect = await serve(context, (_, response) => response.writeHead(302, { location: page }).end())
  const endless = await serve(context, (_, response) => response.end(Buffer.alloc(9 * 1024 * 1024, 0x20)))
  assert.equal(await codeOf(ratchetServer('http://127.0.0.1:1').get('/', never)), 'SERVER_UNREACHABLE')
  assert.equal(await codeOf(ratchetServer(page).get('/', never)), 'SERVER_ANSWER')
  assert.equal(await codeOf(ratchetServer(redirect).get('/', never)), 'SERVER_UNREACHABLE')
  assert.equal(await codeOf(ratchetServer(endless).get('/', never)), 'SERVER_ANSWER')
})
