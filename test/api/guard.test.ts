// What stands before every route: names, origins, types, sizes, rates, headers; and that nothing of the inside gets out.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { listen } from '../../src/api/listen.ts'
import { POLICIES } from '../../src/api/policies.ts'
import { type ApiWorld, HOST, JSON_HEADERS, openApiWorld, serve } from './world.ts'

let world: ApiWorld
const logged: unknown[] = []
before(async () => {
  world = await openApiWorld({ log: { write: (...line) => void logged.push(line) } })
})
after(() => world.close())

const codeOf = (body: string): string => (JSON.parse(body) as { code: string }).code

test('only the names of this machine are answered', async () => {
  for (const host of ['localhost', 'localhost:8000', '127.0.0.1:9', '[::1]:8000', 'LOCALHOST']) {
    assert.equal((await world.api.inject({ url: '/healthz', headers: { host } })).statusCode, 200, host)
  }
  for (const host of [
    'example.com',
    'localhost.example.com',
    '127.0.0.1.nip.io:8000',
    '10.0.0.1',
    'localhost:8000:1',
  ]) {
    const response = await world.api.inject({ url: '/api/status', headers: { host } })
    assert.deepEqual([response.statusCode, codeOf(response.body)], [403, 'HOST_REFUSED'], host)
  }
})

test('a change that another site asks for is refused, the kill switch included', async () => {
  const pause = { method: 'POST' as const, url: '/api/replay', payload: '{"action":"pause"}' }
  for (const origin of ['https://evil.example', 'null', 'http://localhost:9999', 'https://localhost:8000']) {
    for (const request of [pause, { method: 'POST' as const, url: '/api/kill' }]) {
      const response = await world.api.inject({ ...request, headers: { ...JSON_HEADERS, origin } })
      assert.deepEqual([response.statusCode, codeOf(response.body)], [403, 'ORIGIN_REFUSED'], origin)
    }
  }
  const own = await world.api.inject({ ...pause, headers: { ...JSON_HEADERS, origin: 'http://localhost:8000' } })
  assert.equal(own.statusCode, 200)
})

test('what a page elsewhere could send unasked is not read: bodies are JSON', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const response = await world.api.inject({
      method: 'POST',
      url: '/api/replay',
      payload: '{"action":"pause"}',
      headers: { ...HOST, 'content-type': type },
    })
    assert.deepEqual([response.statusCode, codeOf(response.body)], [415, 'MEDIA_TYPE'], type)
  }
  assert.equal((await world.api.inject({ method: 'POST', url: '/api/replay', headers: HOST })).statusCode, 400)
})

test('bodies that are too deep, too large or twofold are refused', async () => {
  const send = (payload: string) =>
    world.api.inject({ method: 'POST', url: '/api/replay', payload, headers: JSON_HEADERS })
  const deep = await send('['.repeat(33) + ']'.repeat(33))
  assert.deepEqual([deep.statusCode, codeOf(deep.body)], [400, 'JSON_INVALID'])
  const twice = await send('{"action":"pause","action":"continue"}')
  assert.deepEqual([twice.statusCode, codeOf(twice.body)], [400, 'JSON_INVALID'])
  const large = await send(`{"action":"${'x'.repeat(1 << 20)}"}`)
  assert.deepEqual([large.statusCode, codeOf(large.body)], [413, 'TOO_LARGE'])
})

test('every answer carries the headers that keep a page to itself', async () => {
  for (const url of ['/', '/api/status', '/api/nope', '/healthz', '/docs']) {
    const { headers } = await world.api.inject({ url, headers: HOST })
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/, url)
    assert.ok(!policy.includes('unsafe'))
    assert.match(policy, /frame-ancestors 'none'/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['access-control-allow-origin'], undefined)
    assert.ok(headers['x-request-id'])
  }
})

test('an address has a burst and then a rate; health and kill are never limited', async t => {
  let now = 1e12
  const clock = { now: () => now }
  const { api, close } = await serve(world.directory, { clock, limits: { requestsPerMinute: 600, burst: 100 } })
  t.after(close)
  const once = (url: string, method: 'GET' | 'POST' = 'GET') => api.inject({ url, method, headers: HOST })
  for (let i = 0; i < 100; i++) assert.equal((await once('/api/nope')).statusCode, 404)
  const refused = await once('/api/runs')
  assert.deepEqual([refused.statusCode, codeOf(refused.body)], [429, 'RATE_LIMITED'])
  assert.deepEqual(
    [refused.headers['ratelimit-limit'], refused.headers['ratelimit-remaining'], refused.headers['retry-after']],
    ['600', '0', '1'],
  )
  for (const url of ['/healthz', '/health', '/readyz', '/metrics']) assert.equal((await once(url)).statusCode, 200, url)
  assert.equal((await once('/api/kill', 'POST')).statusCode, 200)
  rmSync(join(world.directory, 'kill.txt'))
  now += 100
  assert.equal((await once('/api/runs')).statusCode, 200)
  assert.equal((await once('/api/runs')).statusCode, 429)
})

test('every route has a policy, and every policy a route', async () => {
  const known = Object.keys(POLICIES).filter(route => route !== 'GET /*')
  for (const route of known) {
    const [method, url] = route.split(' ') as ['GET' | 'POST', string]
    assert.ok(world.api.hasRoute({ method, url }), route)
  }
  const { paths } = world.api.swagger() as { paths: Record<string, Record<string, unknown>> }
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of Object.keys(operations)) {
      assert.ok(POLICIES[`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`], `${method} ${path}`)
    }
  }
})

test('whoever is not on this machine is refused by every route that has a role', async () => {
  for (const route of Object.keys(POLICIES)) {
    const [method, pattern] = route.split(' ') as ['GET' | 'POST', string]
    const url = pattern.replace(/:\w+/g, '1').replace('*', 'index.html')
    if (url === '/api/events') continue
    const response = await world.api.inject({ method, url, headers: HOST, remoteAddress: '192.0.2.7' })
    if (POLICIES[route] === 'open') assert.notEqual(response.statusCode, 403, route)
    else assert.deepEqual([response.statusCode, codeOf(response.body)], [403, 'FORBIDDEN'], route)
  }
})

test('the description is OpenAPI 3.1 and made of the schemas that check', async () => {
  const response = await world.api.inject({ url: '/openapi.json', headers: HOST })
  const { openapi, paths } = response.json<{
    openapi: string
    paths: Record<
      string,
      Record<
        string,
        {
          summary?: string
          responses: Record<string, { content?: Record<string, unknown> }>
          parameters?: { name: string }[]
        }
      >
    >
  }>()
  assert.equal(openapi, '3.1.0')
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  assert.equal(
    operations.length,
    Object.keys(POLICIES).filter(route => !/(?: \/(?:\*|docs|openapi\.json)?)$/.test(route)).length,
  )
  for (const { path, operation } of operations) {
    assert.ok(operation.summary, path)
    assert.ok(operation.responses['default']?.content?.['application/problem+json'], path)
  }
  assert.deepEqual(paths['/api/bars']?.['get']?.parameters?.map(({ name }) => name).sort(), [
    'from',
    'limit',
    'run',
    'to',
  ])
  assert.ok(paths['/api/trades']?.['get']?.responses['200']?.content?.['text/csv'])
})

test('the list of routes for people names every route of the API', async () => {
  const { body } = await world.api.inject({ url: '/docs', headers: HOST })
  for (const route of Object.keys(POLICIES).filter(route => route.includes('/api/')))
    assert.ok(body.includes(route.split(' ')[1]!), route)
})

test('without a built dashboard a page says how to build it; with one its files are served and its own paths lead to it', async t => {
  const bare = await world.api.inject({ url: '/training', headers: { ...HOST, accept: 'text/html' } })
  assert.match(bare.body, /npx vite build web/)
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-dashboard-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<p>the dashboard</p>')
  writeFileSync(join(folder, 'assets', 'app-1.js'), 'let x')
  writeFileSync(join(folder, '.secret'), 'hidden')
  const { api, close } = await serve(world.directory, { dashboard: folder })
  t.after(close)
  const get = (url: string, accept = 'text/html') => api.inject({ url, headers: { ...HOST, accept } })
  assert.equal((await get('/')).body, '<p>the dashboard</p>')
  assert.equal((await get('/models/releases?at=1')).body, '<p>the dashboard</p>')
  assert.equal((await get('/models')).headers['cache-control'], 'no-cache')
  const asset = await get('/assets/app-1.js', '*/*')
  assert.deepEqual([asset.body, asset.headers['cache-control']], ['let x', 'public, max-age=31536000, immutable'])
  assert.match(String(asset.headers['content-type']), /javascript/)
  for (const url of [
    '/.secret',
    '/assets/nope.js',
    '/..%2f..%2fetc/passwd',
    '/api/nope',
    '/%2e%2e/%2e%2e/etc/passwd',
  ]) {
    const response = await get(url, '*/*')
    assert.ok(response.statusCode >= 400 && response.statusCode < 500, `${url} ${response.statusCode}`)
    assert.ok(!response.body.includes('hidden') && !response.body.includes('root:'))
  }
})

test('whatever is asked, the answer is never a mistake of ours and shows nothing of the inside', async () => {
  const paths = Object.keys(POLICIES)
    .filter(route => route.startsWith('GET /api/') && route !== 'GET /api/events')
    .map(route => route.slice(4))
  const word = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.integer().map(String),
    fc.constantFrom('', '0', '-1', '1e309', 'NaN', 'null', '../..', '%00', '__proto__', 'replay-1', '9'.repeat(30)),
  )
  const name = fc.oneof(
    fc.constantFrom('run', 'from', 'to', 'limit', 'cursor', 'outcome', 'order', 'points', 'at', 'all'),
    word,
  )
  const url = fc
    .tuple(fc.constantFrom(...paths), word, fc.array(fc.tuple(name, word), { maxLength: 4 }))
    .map(([path, id, query]) => {
      const search = query.map(
        ([key, value]) => `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`,
      )
      return `${path.replace(/:\w+/, encodeURIComponent(id.toWellFormed()))}?${search.join('&')}`
    })
  logged.length = 0
  await fc.assert(
    fc.asyncProperty(url, async path => {
      const { statusCode, body } = await world.api.inject({ url: path, headers: HOST })
      assert.ok(statusCode < 500, `${path}: ${statusCode} ${body}`)
      if (statusCode >= 400) assert.doesNotMatch(body, /\bat .*:\d+:\d+|node_modules|\.ts\b|\/tmp\//, path)
    }),
    { numRuns: 250, seed: 20261122 },
  )
  assert.deepEqual(logged, [])
})

test('a mistake of ours is answered as such, with an id that leads to the log', async t => {
  let broken = false
  const live = () => {
    if (broken) throw new Error('secret inside')
    return undefined
  }
  const log = { write: (...line: unknown[]) => void logged.push(line) }
  const { api, close } = await serve(world.directory, { control: { ...world.control, live }, log })
  t.after(close)
  broken = true
  logged.length = 0
  const response = await api.inject({ url: '/api/trainings', headers: HOST })
  const problem = response.json<{ code: string; requestId: string }>()
  assert.deepEqual([response.statusCode, problem.code], [500, 'INTERNAL'])
  assert.ok(!response.body.includes('secret inside'))
  assert.match(JSON.stringify(logged), new RegExp(`${problem.requestId}.*secret inside`))
})

test('a busy port is passed over in development and a fault otherwise, and a host that others reach is refused', async t => {
  const first = await serve(world.directory)
  const second = await serve(world.directory)
  t.after(() => Promise.all([first.close(), second.close()]))
  const { port } = await listen(first.api, { host: '127.0.0.1', port: 0, development: false })
  const on = (host: string, development: boolean) => listen(second.api, { host, port, development })
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com', '127.0.0.1.example.com']) {
    await assert.rejects(on(host, true), { code: 'HOST_NOT_LOOPBACK' })
  }
  await assert.rejects(on('127.0.0.1', false), { code: 'PORT_BUSY' })
  const ownerOf = () => 'node, process 12'
  await assert.rejects(listen(second.api, { host: '127.0.0.1', port, development: false, ownerOf }), {
    message: `port ${port} is taken by node, process 12`,
  })
  await assert.rejects(listen(second.api, { host: '127.0.0.1', port, development: true, more: 0 }), {
    code: 'PORT_BUSY',
  })
  const { port: next, url } = await on('127.0.0.1', true)
  assert.ok(next > port && next <= port + 20)
  assert.equal(url, `http://127.0.0.1:${next}`)
})

test('bytes that are no HTTP are answered and nothing falls over', async t => {
  const { api, close } = await serve(world.directory)
  t.after(close)
  const { port, url } = await listen(api, { host: '127.0.0.1', port: 0, development: false })
  const raw = (text: string) =>
    new Promise<string>(resolve => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text))
      let said = ''
      socket.on('data', data => (said += data.toString('latin1')))
      socket.on('close', () => resolve(said))
      socket.on('error', () => resolve(said))
    })
  assert.match(await raw('nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /)
  const unreadable = await raw('GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  assert.match(unreadable, /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*REQUEST_INVALID/)
  assert.match(await raw('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /)
  assert.match(await raw('GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 403 /)
  const alive = await new Promise<number | undefined>(resolve => {
    ask(`${url}/healthz`, response => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })
  assert.equal(alive, 200)
})
