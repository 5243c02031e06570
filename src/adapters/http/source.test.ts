import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { certificate } from '../../../test/faults/certificate.ts'
import { publishOn, sourceAt } from '../../../test/faults/http-world.ts'
import { type NetOptions, type NetServer, netServer } from '../../../test/faults/net.ts'
import { memoryDisk } from '../../../test/memory-disk.ts'
import { replayClock } from '../../base/clock.ts'
import { loadConfig } from '../../base/config.ts'
import { unwrap } from '../../base/fault.ts'
import { silentLog } from '../../base/log.ts'
import { bulkhead } from '../../base/resilience/bulkhead.ts'
import { seededRng } from '../../base/rng.ts'
import { secretText } from '../../base/secret.ts'
import { settingsSchema } from '../../loop/settings.ts'
import { candidateReader, readObject } from '../../release/fetch.ts'
import { built, NOW, testPolicy } from '../../release/fixtures/built.ts'
import { POINTER_PATH, publishedPath } from '../../release/layout.ts'
import { checkReleaseSource, type SourceUnderTest } from '../../release/source.checks.ts'
import type { ReleaseSource } from '../../release/source.ts'
import { verifyRelease } from '../../release/verify.ts'
import { monotonicClock } from '../system/clock.ts'
import { systemTimer } from '../system/timer.ts'
import { httpSources } from './configured.ts'
import { httpPolicy } from './policy.ts'

const signal = new AbortController().signal
const machine = {
  disk: memoryDisk(),
  clock: monotonicClock,
  timer: systemTimer,
  rng: seededRng('source'),
  log: silentLog,
}
const one = built({ version: 4, seed: 4 })
const two = built({ version: 5, seed: 5 })
const META = publishedPath('models/meta.onnx', one.manifest.label)

const authority = certificate({ name: 'authority' })
const tls = certificate({ name: 'localhost', hosts: ['localhost', '127.0.0.1'], issuer: authority })
const secret = { name: 'x-api-key', value: secretText('a key that nobody may see') }

type Variant = {
  readonly net?: NetOptions
  readonly over?: Parameters<typeof sourceAt>[1]
  readonly prepare?: (server: NetServer) => void
}

async function subject({ net, over, prepare }: Variant = {}): Promise<SourceUnderTest> {
  const server = await netServer(net)
  publishOn(server, one)
  prepare?.(server)
  return {
    source: sourceAt(`${server.url}?token=hidden-token`, over),
    publish: async () => publishOn(server, two),
    object: { path: META },
    bytes: one.files.get('models/meta.onnx')!,
    missing: { path: 'models/none' },
    secret: 'hidden-token',
    close: () => server.close(),
  }
}

checkReleaseSource('http', () => subject())
checkReleaseSource('https with a key', () =>
  subject({ net: { tls }, over: { authorities: authority.cert, secret, allowHttp: false } }),
)
checkReleaseSource('http from a server that knows neither ranges nor lengths', () =>
  subject({ prepare: server => server.schedule({ fault: { ignore: 'range', noLength: true } }) }),
)
checkReleaseSource('http from a server that knows no conditions', () =>
  subject({ prepare: server => server.schedule({ fault: { ignore: 'conditions', headers: { etag: 'W/"1"' } } }) }),
)

/** What a person would put before a folder: Node's own server, without ranges, with dates only. */
checkReleaseSource('http from a plain static server', async () => {
  const tree = new Map<string, { bytes: Uint8Array; modified: string }>()
  let writes = 0
  const put = (path: string, bytes: Uint8Array) => {
    tree.set(path, { bytes, modified: new Date(Date.UTC(2026, 0, 1, 0, 0, writes++)).toUTCString() })
  }
  publishOn({ put }, one)
  const server = createServer((request, response) => {
    const entry = tree.get(decodeURIComponent(request.url ?? '').slice(1))
    if (entry === undefined) return response.writeHead(404).end('<h1>nothing here</h1>')
    response.setHeader('last-modified', entry.modified)
    return request.headers['if-modified-since'] === entry.modified
      ? response.writeHead(304).end()
      : response.end(entry.bytes)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    source: sourceAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    publish: async () => publishOn({ put }, two),
    object: { path: META },
    bytes: one.files.get('models/meta.onnx')!,
    missing: { path: 'models/none' },
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
})

/** One pass over a source, to the verified release. */
async function verified(source: ReleaseSource) {
  const found = await source.discover(undefined, signal)
  assert.equal(found.kind, 'found')
  const [candidate] = found.kind === 'found' ? found.candidates : []
  const clock = replayClock(NOW)
  return verifyRelease(
    unwrap(await candidateReader(source, candidate!, testPolicy(), clock, signal)),
    testPolicy(),
    undefined,
    clock,
  )
}

test('a published tree is found, read and verified', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  const source = sourceAt(`${server.url}/`)
  const found = await source.discover(undefined, signal)
  assert.ok(found.kind === 'found')
  const clock = replayClock(NOW)
  const reader = unwrap(await candidateReader(source, found.candidates[0]!, testPolicy(), clock, signal))
  const verification = await verifyRelease(reader, testPolicy(), undefined, clock)
  assert.ok(verification.ok)
  assert.equal(verification.value.manifest.releaseId, one.releaseId)
})

test('what did not change is asked for by ETag, or by its date where there is none', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  const source = sourceAt(server.url)
  const first = await source.discover(undefined, signal)
  await source.discover(first.cursor, signal)
  assert.match(server.requests.at(-1)!.headers['if-none-match'] ?? '', /^"d41d8/)
  const undated = JSON.parse(first.cursor) as { modified: string; sha256: string }
  const { modified, sha256 } = undated
  const again = await source.discover(JSON.stringify({ modified, sha256 }), signal)
  assert.equal(again.kind, 'notModified')
  assert.equal(server.requests.at(-1)!.headers['if-modified-since'], modified)
})

test('a cursor of another kind of source asks for everything', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  for (const cursor of ['0'.repeat(64), '{"etag":7}', '{"et', '7']) {
    assert.equal((await sourceAt(server.url).discover(cursor, signal)).kind, 'found')
  }
})

test('a host without a release is SOURCE_EMPTY', async t => {
  const server = await netServer()
  t.after(() => server.close())
  await assert.rejects(sourceAt(server.url).discover(undefined, signal), { code: 'SOURCE_EMPTY' })
})

test('a 304 that nobody asked for is refused', async t => {
  const server = await netServer()
  t.after(() => server.close())
  server.schedule({ fault: { status: 304 } })
  await assert.rejects(sourceAt(server.url).discover(undefined, signal), { code: 'SOURCE_STATUS' })
})

test('polls that bring nothing new cost nothing of the rate limit (REL-44)', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  const source = sourceAt(server.url, { policy: httpPolicy({ ...machine, perMinute: 1, burst: 2 }) })
  const first = await source.discover(undefined, signal)
  for (let n = 0; n < 5; n++) {
    assert.equal((await source.discover(first.cursor, signal)).kind, 'notModified')
  }
})

test('a server with little left of our quota is asked nothing until that is full again', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  server.schedule({ fault: { headers: { 'x-ratelimit-remaining': '50', 'x-ratelimit-reset': '600' } } })
  const source = sourceAt(server.url)
  await source.discover(undefined, signal)
  const asked = server.requests.length
  await assert.rejects(source.discover(undefined, signal), { code: 'RATE_PAUSED' })
  assert.equal(server.requests.length, asked)
})

test('the key goes to the origin, and with every request the query of the base URL', async t => {
  const server = await netServer({ tls })
  t.after(() => server.close())
  publishOn(server, one)
  const source = sourceAt(`${server.url}?sig=abc`, { authorities: authority.cert, secret })
  await source.discover(undefined, signal)
  assert.equal(server.requests[0]!.headers['x-api-key'], 'a key that nobody may see')
  assert.equal(server.requests[0]!.path, `${POINTER_PATH}?sig=abc`)
  // JSON may come packed; what is signed by its bytes comes as it is.
  assert.equal(server.requests[0]!.headers['accept-encoding'], 'gzip')
  await readObject(source, META, 1e6, signal)
  assert.equal(server.requests[1]!.headers['accept-encoding'], 'identity')
})

test('a pointer that comes as gzip is the same pointer', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  const source = sourceAt(server.url)
  const { cursor } = await source.discover(undefined, signal)
  const body = gzipSync(one.pointerBytes)
  server.schedule({
    times: 1,
    fault: { body, ignore: 'conditions', headers: { 'content-encoding': 'gzip', etag: '"z"' } },
  })
  assert.deepEqual(await source.discover(cursor, signal), { kind: 'notModified', cursor })
})

test('the members of a release come three at a time, and never more, however many sources there are', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  server.schedule({ fault: { latencyMs: 5 } })
  for (const places of [1, 3]) {
    let [inside, peak] = [0, 0]
    const hall = bulkhead(places)
    const counting = {
      async enter(by: AbortSignal) {
        const leave = await hall.enter(by)
        peak = Math.max(peak, ++inside)
        return () => {
          inside--
          leave()
        }
      },
    }
    const sources = [1, 2].map(() => sourceAt(server.url, { downloads: { hall: counting, places } }))
    const found = await Promise.all(sources.map(verified))
    assert.ok(found.every(({ ok }) => ok))
    assert.deepEqual([peak, inside], [places, 0])
  }
  assert.equal(settingsSchema.parse({}).cloudTrainer.performance.maxConcurrentDownloads, 3)
  assert.equal(settingsSchema.parse({}).cloudTrainer.performance.maxFileSizeBytes, 1024 ** 3)
  assert.equal(sourceAt(server.url).parallel, 3)
})

test('the key of releases may lie in a file, which is read when it is needed', async t => {
  const server = await netServer({ tls })
  t.after(() => server.close())
  publishOn(server, one)
  const settings = loadConfig(settingsSchema, { env: {}, sets: [] })
  const disk = memoryDisk()
  const at = httpSources({ ...machine, disk, settings, environment: { RELEASES_API_KEY_FILE: '/key' } })
  const asked = at('https://localhost:1')
  await assert.rejects(asked.discover(undefined, signal), { code: 'SECRET_UNREADABLE' })
  const file = await disk.create('/key')
  await file.write(new TextEncoder().encode('Bearer from-a-file\n'))
  await file.close()
  // The certificate of this server is nobody's: that the key was read shows in getting as far as that.
  const again = httpSources({ ...machine, disk, settings, environment: { RELEASES_API_KEY_FILE: '/key' } })
  await assert.rejects(again(server.url).discover(undefined, signal), { code: 'TLS_UNTRUSTED' })
  assert.throws(() => at('http://127.0.0.1:1'), { code: 'SECRET_UNPROTECTED' })
})

test('a part that is announced larger than was asked for is refused', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  server.schedule({ fault: { lengthOff: 1_000 } })
  const reading = async () => {
    for await (const chunk of sourceAt(server.url).open({ path: META }, { offset: 2, limit: 5 }, signal)) {
      assert.fail(`${chunk.length} bytes came through`)
    }
  }
  await assert.rejects(reading, { code: 'CONTENT_LENGTH' })
})

test('faults name the place without the secrets of its URL', async () => {
  const source = sourceAt('http://127.0.0.1:1/x?sig=abc', { resilience: { maxRetries: 0 } })
  await assert.rejects(source.discover(undefined, signal), {
    code: 'SOURCE_UNREACHABLE',
    place: 'http://127.0.0.1:1/x/models/pointer.json',
  })
})

for (const [base, code, place] of [
  ['https://user:pass@host.example/x?y=z', 'URL_CREDENTIALS', 'https://host.example/x'],
  ['https://user@host.example/', 'URL_CREDENTIALS', 'https://host.example/'],
  ['ftp://host.example/', 'URL_SCHEME', 'ftp://host.example/'],
  ['file:///etc/passwd', 'URL_SCHEME', 'file:///etc/passwd'],
  ['https://', 'URL_INVALID', undefined],
] as const) {
  test(`the source ${base} is refused`, () => {
    assert.throws(() => sourceAt(base), { code, place })
  })
}

test('plain http is refused outside development, and with a key always', () => {
  assert.throws(() => sourceAt('http://127.0.0.1:1', { allowHttp: false }), { code: 'URL_INSECURE' })
  for (const place of ['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1'])
    sourceAt(place, { allowHttp: true })
  for (const place of ['http://cdn.example.com', 'http://192.168.0.2', 'http://127.0.0.1.example.com']) {
    assert.throws(() => sourceAt(place, { allowHttp: true }), { code: 'URL_INSECURE' })
  }
  assert.throws(() => sourceAt('http://127.0.0.1:1', { secret }), { code: 'SECRET_UNPROTECTED' })
})

for (const path of [
  '../secret',
  '/etc/passwd',
  'models/../../x',
  'a//b',
  '',
  'models/%2e%2e/x',
  'http://evil.example/',
]) {
  test(`the path ${JSON.stringify(path)} is refused`, async () => {
    const reading = async () => readObject(sourceAt('http://127.0.0.1:1'), path, 1, signal)
    await assert.rejects(reading, { code: 'PATH_OUTSIDE' })
  })
}

test('a file of more bytes than the configuration allows is not read on, whether its length is told or not', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  const size = one.files.get('models/meta.onnx')!.length
  const read = (maxFileBytes: number, whole: boolean) =>
    Array.fromAsync(
      sourceAt(server.url, { maxFileBytes }).open({ path: META }, { offset: 0, limit: size + 1, whole }, signal),
    )
  for (const whole of [true, false]) {
    assert.equal(Buffer.concat(await read(size, whole)).length, size)
    await assert.rejects(read(size - 1, whole), { code: 'FILE_TOO_LARGE' })
  }
  server.schedule({ fault: { ignore: 'range', noLength: true } })
  await assert.rejects(read(size - 1, true), { code: 'FILE_TOO_LARGE' })
})

test('the time that a place says is told, with the age that a cache has added', async t => {
  const server = await netServer()
  t.after(() => server.close())
  publishOn(server, one)
  const said: number[] = []
  const headers = { date: 'Mon, 05 Jan 2026 10:00:00 GMT', age: '30' }
  server.schedule({ fault: { headers } })
  await sourceAt(server.url, { onDate: at => said.push(at) }).discover(undefined, signal)
  assert.deepEqual(said, [Date.UTC(2026, 0, 5, 10, 0, 30)])
})
