// Section A again, where the fault passes: what is waited for, what is resumed, and what is never sent (cases 1, 2, 4, 7 to 9, 11, 12).

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { httpPolicy } from '../../src/adapters/http/policy.ts'
import { virtualTime } from '../../src/base/fixtures/virtual-time.ts'
import { silentLog } from '../../src/base/log.ts'
import { seededRng } from '../../src/base/rng.ts'
import { secretText } from '../../src/base/secret.ts'
import { readObject } from '../../src/release/fetch.ts'
import { publishedPath } from '../../src/release/layout.ts'
import { certificate } from './certificate.ts'
import { fresh, keepingBot } from './http-bot.ts'
import { publishOn, sourceAt } from './http-world.ts'
import { type NetOptions, type NetRule, type NetServer, netServer } from './net.ts'

const long = process.env['RATCHET_LONG'] === '1'
const never = new AbortController().signal
const META = /meta_model/
const path = publishedPath('models/meta.onnx', fresh.manifest.label)
const bytes = fresh.files.get('models/meta.onnx')!
/** Deadlines on the network that no test may meet by being slow. */
const FOREVER = { connectMs: 1e9, headersMs: 1e9, idleMs: 1e9, pollMs: 1e8, totalMs: 1e8 }
/** Longest sleep that virtual time runs through: every wait, no deadline. */
const WAITS_MS = 1e7

async function server(t: TestContext, options: NetOptions = {}, ...rules: readonly NetRule[]): Promise<NetServer> {
  const started = await netServer(options)
  t.after(() => started.close())
  publishOn(started, fresh)
  started.schedule(...rules)
  return started
}

test('fault 1: five failed passes open the breaker; then nothing is asked for 60 s, and one answer closes it', async t => {
  const time = virtualTime(1e9)
  const net = await server(t, {}, { fault: { refuse: true } })
  const source = sourceAt(net.url, {
    ...time,
    limits: FOREVER,
    resilience: { ...time, budget: { least: 0, ratio: 0 } },
  })
  const bot = await keepingBot()
  const pass = () => time.through(bot.pass(source), WAITS_MS)
  for (let n = 0; n < 5; n++) assert.equal(await pass(), 'SOURCE_RESET')
  assert.equal(net.requests.length, 5)
  await time.advance(59_000)
  assert.equal(await pass(), 'BREAKER_OPEN')
  assert.equal(net.requests.length, 5)
  bot.assertKept('an open breaker')
  await time.advance(1_000)
  net.schedule()
  assert.equal(await pass(), 'installed')
  assert.equal(time.sleepers(), 0)
})

for (const [what, ignore] of [
  ['goes on where it was cut', undefined],
  ['starts again where the server knows no ranges', 'range' as const],
] as const) {
  test(`fault 2: a transfer that is reset after any byte ${what} and comes out whole`, async t => {
    const net = await server(t)
    const some = Array.from({ length: long ? 200 : 8 }, (_, n) => seededRng(`cut ${n}`).int(bytes.length))
    for (const at of [0, 1, bytes.length >> 1, bytes.length - 1, ...some]) {
      const fault = ignore === undefined ? {} : { ignore }
      net.schedule({ on: META, times: 1, fault: { cut: at, ...fault } }, { on: META, fault })
      const from = net.requests.length
      assert.deepEqual(await readObject(sourceAt(net.url), path, bytes.length, never), bytes, `cut after ${at}`)
      const asked = net.requests.slice(from).map(({ headers }) => headers['range'])
      assert.equal(asked.length, 2, `cut after ${at}`)
      if (at > 0) assert.match(asked[1]!, new RegExp(`^bytes=${at}-`))
    }
  })
}

test('fault 2: without a validator a broken transfer starts again, for the rest might be of another version', async t => {
  const net = await server(t)
  const weak = { etag: 'W/"1"', 'last-modified': new Date().toUTCString() }
  net.schedule({ on: META, times: 1, fault: { cut: 9, headers: weak } }, { on: META, fault: { headers: weak } })
  assert.deepEqual(await readObject(sourceAt(net.url), path, bytes.length, never), bytes)
  assert.equal(net.requests[1]!.headers['range'], undefined)
})

test('fault 2: resumed parts carry If-Range, so that they are of the version that was begun', async t => {
  const net = await server(t, {}, { on: META, times: 1, fault: { cut: 9 } })
  await readObject(sourceAt(net.url), path, bytes.length, never)
  assert.match(net.requests[1]!.headers['if-range'] ?? '', /^"d41d8/)
})

test('fault 4: of an endless body no more is taken than was signed and one byte', async t => {
  const net = await server(t, {}, { on: META, fault: { body: new Uint8Array(100), endless: true } })
  let taken = 0
  for await (const chunk of sourceAt(net.url).open({ path }, { offset: 0, limit: 5_000 }, never)) taken += chunk.length
  assert.equal(taken, 5_000)
  // What the system buffers on both ends is not ours; the rest of the 64 MiB was never asked for.
  assert.ok(net.requests[0]!.sent < 32 * 1024 * 1024, `${net.requests[0]!.sent} bytes sent`)
})

const date = (ms: number) => new Date(ms).toUTCString()
for (const [what, header, expectedMs] of [
  ['7 s', '7', 7_000],
  ['a date', date(Date.UTC(2030, 0, 1, 0, 0, 40)), 40_000],
  ['10 years', '315360000', 300_000],
  ['a date in ten years', date(Date.UTC(2040, 0, 1)), 300_000],
  ['a negative number', '-7', 0],
  ['a date that is over', date(Date.UTC(2029, 0, 1)), 0],
] as const) {
  test(`fault 7: Retry-After of ${what} is waited for ${expectedMs} ms, and nobody else asks meanwhile`, async t => {
    const time = virtualTime(1e9)
    const headers = { 'retry-after': header, date: date(Date.UTC(2030, 0, 1)) }
    const net = await server(t, {}, { times: 1, fault: { status: 503, headers } })
    const source = sourceAt(net.url, { ...time, limits: FOREVER, resilience: time })
    const began = time.clock.now()
    const first = source.discover(undefined, never)
    while (net.requests.length === 0) await time.advance(0)
    // Comes while the host wants to be left alone.
    const second = first.then(() => readObject(source, path, bytes.length, never))
    const found = await time.through(first, WAITS_MS)
    assert.equal(found.kind, 'found')
    assert.equal(time.clock.now() - began, expectedMs)
    assert.deepEqual(await time.through(second, WAITS_MS), bytes)
  })
}

test('fault 7: REL-44, retries too wait for their token: 60 a minute and a burst of 10, whatever the server says', async t => {
  const time = virtualTime(1e9)
  const net = await server(t, {}, { fault: { status: 503, headers: { 'retry-after': '0' } } })
  const stamps: number[] = []
  const policy = httpPolicy({
    ...time,
    rng: seededRng(1),
    log: silentLog,
    perMinute: 60,
    breaker: { failureThreshold: 1e9, failureShare: 2, slowShare: 2 },
    budget: { least: 1e9 },
  })
  const source = sourceAt(net.url, { ...time, policy, limits: FOREVER })
  for (let n = 0; n < 12; n++) {
    const before = net.requests.length
    await assert.rejects(time.through(source.discover(undefined, never), WAITS_MS), { code: 'SOURCE_UNAVAILABLE' })
    for (let k = before; k < net.requests.length; k++) stamps.push(time.clock.now())
  }
  const seconds = (time.clock.now() - 1e9) / 1_000
  assert.equal(net.requests.length, 48)
  assert.ok(net.requests.length <= 10 + seconds, `${net.requests.length} requests in ${seconds} s`)
})

test('fault 8: a redirect to a listed host over https is followed, and the key stays behind', async t => {
  const authority = certificate({ name: 'authority' })
  const tlsFor = (name: string) => certificate({ name, hosts: [name], issuer: authority })
  const cdn = await server(t, { tls: tlsFor('cdn.example') })
  const location = `https://cdn.example:${cdn.port}/${path}?signed=yes`
  const origin = await server(
    t,
    { tls: tlsFor('localhost') },
    { on: META, fault: { status: 302, headers: { location } } },
  )
  const resolved: string[] = []
  const source = sourceAt(origin.url, {
    authorities: authority.cert,
    allowHttp: false,
    allowedHosts: ['cdn.example'],
    secret: { name: 'authorization', value: secretText('Bearer hidden') },
    resolve: async host => {
      resolved.push(host)
      return [{ address: '127.0.0.1', family: 4 }]
    },
  })
  assert.deepEqual(await readObject(source, path, bytes.length, never), bytes)
  assert.equal(origin.requests[0]!.headers['authorization'], 'Bearer hidden')
  assert.ok(!JSON.stringify(cdn.requests).includes('hidden'))
  // One resolution for one connection: what was checked is what was connected to.
  assert.deepEqual(resolved, ['localhost', 'cdn.example'])
})

test('fault 9: an environment that switches verification off changes nothing', async t => {
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  t.after(() => {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
  })
  const net = await server(t, { tls: certificate({ name: 'localhost', hosts: ['localhost'] }) })
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  await assert.rejects(sourceAt(net.url).discover(undefined, never), { code: 'TLS_UNTRUSTED' })
  assert.equal(net.requests.length, 0)
})

test('fault 11: a model that comes a little after its pointer is waited for, and installed', async t => {
  const net = await server(t, {}, { on: META, times: 2, fault: { status: 404 } })
  const bot = await keepingBot()
  assert.equal(await bot.pass(sourceAt(net.url)), 'installed')
})

test('fault 11: a model that does not come is nobody\u2019s failure: the breaker stays closed', async t => {
  const net = await server(t, {}, { on: META, fault: { status: 404 } })
  const source = sourceAt(net.url)
  const bot = await keepingBot()
  for (let n = 0; n < 8; n++) {
    assert.equal(await bot.pass(source), 'RELEASE_MISSING_FILE')
    bot.assertKept('a missing model')
  }
  net.schedule()
  assert.equal(await bot.pass(source), 'installed')
})

test('fault 11: what is missing without a new pointer is missing, at once', async t => {
  const net = await server(t)
  const source = sourceAt(net.url, { limits: { settleMs: 0 } })
  await source.discover(undefined, never)
  await assert.rejects(readObject(source, 'models/none', 9, never), { code: 'FILE_MISSING' })
  assert.equal(net.requests.length, 2)
})

test('fault 12: an ETag of parts, as buckets give it, is no hash of anything: right bytes are right', async t => {
  const net = await server(t)
  const bot = await keepingBot()
  assert.equal(await bot.pass(sourceAt(net.url)), 'installed')
})
