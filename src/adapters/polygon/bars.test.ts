import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { minuteBars, POLYGON_KEY, polygonServer } from '../../../test/vendors/polygon.ts'
import type { VendorFault } from '../../../test/vendors/server.ts'
import { virtualTime } from '../../base/fixtures/virtual-time.ts'
import { silentLog } from '../../base/log.ts'
import { seededRng } from '../../base/rng.ts'
import { secretText } from '../../base/secret.ts'
import type { BarRange } from '../../data/vendor.ts'
import { JSON_LIMITS, withinMinute } from '../http/json-api.ts'
import { polygonBars } from './bars.ts'

const DAY_MS = 86_400_000
const NOON = Date.parse('2026-01-05T12:00:00Z')
const BARS = minuteBars(['2024-03-08', '2024-03-11'])
const RANGE: BarRange = {
  symbol: 'AAPL',
  barMs: 60_000,
  from: Date.parse('2024-03-08T00:00:00Z'),
  to: Date.parse('2024-03-12T00:00:00Z'),
  adjusted: false,
}
const { signal } = new AbortController()

/** Deadlines stand beside real I/O: only shorter waits are passed over. */
const BELOW_DEADLINE_MS = 9_000

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setImmediate(resolve))
}

async function vendor(context: TestContext, { pageRows = 300, bars = BARS, perMinute = 100, key = POLYGON_KEY } = {}) {
  const server = await polygonServer(context, { bars, pageRows })
  const time = virtualTime(NOON)
  const retries: string[] = []
  const polygon = polygonBars({
    base: server.url,
    key: secretText(key),
    requestsPerMinute: perMinute,
    clock: time.clock,
    timer: time.timer,
    rng: seededRng('polygon'),
    log: { write: (_, event, text) => void (event === 'resilience.retry' && retries.push(text)) },
  })
  const collect = async (range = RANGE) => {
    const pages = []
    for await (const page of polygon.pages(range, signal)) pages.push(page)
    return pages
  }
  /** Waits are passed over; a deadline of an attempt passes only where it is waited for. */
  const fetch = (range = RANGE) => time.through(collect(range), BELOW_DEADLINE_MS)
  return { server, time, polygon, fetch, retries }
}

test('a range comes page by page, whole, in order and with the key in a header only', async context => {
  const { server, fetch } = await vendor(context)
  const pages = await fetch()
  assert.deepEqual(
    pages.flatMap(page => page.bars),
    BARS,
  )
  assert.deepEqual(
    pages.map(({ bars, last }) => [bars.length, last]),
    [
      [300, false],
      [300, false],
      [180, true],
    ],
  )
  const [first] = server.requests
  assert.equal(
    first!.url.pathname + first!.url.search,
    `/v2/aggs/ticker/AAPL/range/1/minute/${RANGE.from}/${RANGE.to - 1}?adjusted=false&sort=asc&limit=50000`,
  )
  assert.ok(
    server.requests.every(({ url, authorization }) => !url.href.includes(POLYGON_KEY) && authorization !== undefined),
  )
})

test('daily bars carry the label of their New York day, on both sides of a change to summer time', async context => {
  const days = ['2024-03-08', '2024-03-11', '2024-11-01', '2024-11-04']
  const bars = days.map(day => ({
    time: Date.parse(`${day}T00:00:00Z`),
    open: 1,
    high: 2,
    low: 1,
    close: 2,
    volume: 3,
  }))
  const { server, fetch } = await vendor(context, { bars })
  const range = { ...RANGE, barMs: DAY_MS, from: bars[0]!.time, to: bars[3]!.time + DAY_MS }
  const pages = await fetch(range)
  assert.deepEqual(
    pages.flatMap(page => page.bars),
    bars,
  )
  assert.match(server.requests[0]!.url.pathname, /\/range\/1\/day\/2024-03-08\/2024-11-04$/)
})

test('the previous close is the last finished session', async context => {
  const bars = [{ time: Date.parse('2024-03-11T00:00:00Z'), open: 1, high: 2, low: 1, close: 2, volume: 3 }]
  const { polygon, time } = await vendor(context, { bars })
  assert.deepEqual(await time.through(polygon.previousClose('AAPL', true, signal), BELOW_DEADLINE_MS), bars[0])
})

test('a range without bars is one empty page', async context => {
  const { fetch } = await vendor(context)
  const pages = await fetch({ ...RANGE, from: RANGE.from - 9 * DAY_MS, to: RANGE.from - 8 * DAY_MS })
  assert.deepEqual(
    pages.map(({ bars, last }) => [bars, last]),
    [[[], true]],
  )
})

const PASSING: readonly (readonly [what: string, fault: VendorFault, leastMs: number])[] = [
  ['case 7: 429 with Retry-After in seconds', { status: 429, headers: { 'retry-after': '7' } }, 7_000],
  [
    'case 7: 429 with Retry-After as a date',
    { status: 429, headers: { 'retry-after': 'Mon, 05 Jan 2026 12:00:09 GMT', date: 'Mon, 05 Jan 2026 12:00:00 GMT' } },
    9_000,
  ],
  ['case 7: 429 with nothing', { status: 429 }, 0],
  ['500', { status: 500 }, 0],
  ['503', { status: 503 }, 0],
  ['case 2: a connection that breaks in the body', { cut: 500 }, 0],
  ['case 2: a connection that breaks before the body', { cut: 0 }, 0],
]

for (const [what, fault, leastMs] of PASSING) {
  test(`${what} is tried again, after at least ${leastMs / 1000} s, and nothing is lost or doubled`, async context => {
    const { server, time, fetch } = await vendor(context)
    server.schedule(undefined, fault)
    const began = time.clock.now()
    const pages = await fetch()
    assert.deepEqual(
      pages.flatMap(page => page.bars),
      BARS,
    )
    assert.equal(server.requests.length, 4)
    assert.ok(time.clock.now() - began >= leastMs)
  })
}

test('case 7: Retry-After of ten years is obeyed for five minutes, a negative one not at all', async context => {
  const { server, time, fetch, retries } = await vendor(context)
  server.schedule({ status: 429, headers: { 'retry-after': '315360000' } })
  const work = fetch(RANGE)
  await until(() => retries.length === 1)
  await time.advance(299_999)
  assert.equal(server.requests.length, 1)
  await time.advance(1)
  await work
  server.schedule({ status: 429, headers: { 'retry-after': '-5' } })
  const began = time.clock.now()
  await fetch(RANGE)
  assert.equal(retries.length, 2)
  assert.ok(time.clock.now() - began < 1000)
})

const bare = { status: 'OK', ticker: 'AAPL', adjusted: false }
const REFUSED: readonly (readonly [what: string, fault: VendorFault, code: string])[] = [
  ['a body that ends early as if it were whole', { short: 300 }, 'SOURCE_MALFORMED'],
  ['a page of the web', { body: '<html>maintenance</html>' }, 'SOURCE_MALFORMED'],
  ['an empty body', { body: '' }, 'SOURCE_MALFORMED'],
  [
    'prices that are words',
    { mend: body => ({ ...body, results: [{ t: RANGE.from, o: 'x', h: 1, l: 1, c: 1, v: 1 }] }) },
    'SOURCE_MALFORMED',
  ],
  ['an error in words', { body: JSON.stringify({ status: 'ERROR', error: 'no' }) }, 'SOURCE_MALFORMED'],
  ['another symbol', { mend: body => ({ ...body, ticker: 'MSFT' }) }, 'SOURCE_MALFORMED'],
  ['adjusted prices that were not asked for', { mend: body => ({ ...body, adjusted: true }) }, 'SOURCE_MALFORMED'],
  [
    'bars outside of the range',
    { mend: () => ({ ...bare, results: [{ t: RANGE.to, o: 1, h: 1, l: 1, c: 1 }] }) },
    'SOURCE_MALFORMED',
  ],
  [
    'a next page on another host',
    { mend: body => ({ ...body, next_url: 'https://evil.example/v2' }) },
    'SOURCE_NEXT_URL',
  ],
  ['a next page that is no URL', { mend: body => ({ ...body, next_url: 'cursor' }) }, 'SOURCE_NEXT_URL'],
  ['case 8: a redirect elsewhere', { status: 302, headers: { location: 'https://evil.example/' } }, 'REDIRECT_HOST'],
  ['case 10: a packed answer', { headers: { 'content-encoding': 'gzip' } }, 'CONTENT_ENCODING'],
  ['case 4: an answer beyond the cap', { body: ' '.repeat(JSON_LIMITS.bodyBytes + 1) }, 'FILE_TOO_LARGE'],
  [
    '403',
    { status: 403, body: JSON.stringify({ status: 'NOT_AUTHORIZED', message: 'Your plan does not include this.' }) },
    'SOURCE_FORBIDDEN',
  ],
  ['404', { status: 404, body: '{}' }, 'DATA_REFUSED'],
]

for (const [what, fault, code] of REFUSED) {
  test(`${what} is refused at once with ${code}`, async context => {
    const { server, fetch } = await vendor(context)
    server.schedule(fault)
    await assert.rejects(fetch(), { code })
    assert.equal(server.requests.length, 1)
  })
}

test('pages that bring nothing new are followed no further than three times', async context => {
  const { server, fetch } = await vendor(context)
  const stuck: VendorFault = {
    mend: () => ({ ...bare, next_url: `${server.url}/v2/aggs/ticker/AAPL/range/1/minute/${RANGE.from}/${RANGE.to}` }),
  }
  server.schedule(stuck, stuck, stuck, stuck)
  await assert.rejects(fetch(), { code: 'SOURCE_NO_PROGRESS' })
  assert.equal(server.requests.length, 3)
})

test('case 6: an answer that never comes is given up after 30 s, tried four times in all, and told as what it is', async context => {
  const { server, time, fetch, retries } = await vendor(context)
  server.schedule(...Array.from({ length: 4 }, () => ({ silent: true }) as const))
  const failing = assert.rejects(fetch(RANGE), { code: 'SOURCE_ATTEMPT_TIMEOUT' })
  for (let attempt = 1; attempt <= 4; attempt++) {
    await until(() => server.requests.length === attempt)
    await time.advance(15_000)
    assert.equal(retries.length, attempt - 1)
    await time.advance(15_000)
    await until(() => retries.length === Math.min(3, attempt))
  }
  await failing
  assert.equal(server.requests.length, 4)
})

test('case 1: a vendor that is not there is tried four times and told as unreachable', async () => {
  const time = virtualTime(NOON)
  const retries: string[] = []
  const polygon = polygonBars({
    base: 'http://127.0.0.1:1',
    key: secretText('k'),
    requestsPerMinute: 100,
    clock: time.clock,
    timer: time.timer,
    rng: seededRng('x'),
    log: { write: (_, event, text) => void (event === 'resilience.retry' && retries.push(text)) },
  })
  const asked = polygon.previousClose('AAPL', false, signal)
  await assert.rejects(time.through(asked, BELOW_DEADLINE_MS), { code: 'SOURCE_UNREACHABLE' })
  assert.equal(retries.length, 3)
})

test('a wrong key is named as the thing to check, and the key is in no part of the fault', async context => {
  const { server, fetch } = await vendor(context, { key: 'pk-wrong-canary' })
  server.schedule({
    status: 401,
    body: JSON.stringify({ status: 'ERROR', error: 'Unknown API Key pk-wrong-canary\u001b[2J' }),
  })
  const fault = await fetch().then(
    () => assert.fail('was accepted'),
    (cause: unknown) => cause as Error & { toJSON(): { fix?: string } },
  )
  assert.match(JSON.stringify(fault.toJSON()), /SOURCE_UNAUTHORIZED.*POLYGON_API_KEY/)
  const all = inspect(fault, { depth: 9, showHidden: true })
  assert.ok(!all.includes('pk-wrong-canary') && !fault.message.includes('\u001b'))
})

test('after five failed questions the vendor is left alone for 60 s, then asked once', async context => {
  const { server, time, fetch } = await vendor(context)
  server.schedule(...Array.from({ length: 50 }, () => ({ body: 'no' })))
  for (let i = 0; i < 5; i++) await assert.rejects(fetch(), { code: 'SOURCE_MALFORMED' })
  await assert.rejects(fetch(), { code: 'BREAKER_OPEN' })
  assert.equal(server.requests.length, 5)
  await time.advance(60_000)
  server.schedule()
  assert.equal((await fetch()).length, 3)
})

test('no minute sees more requests than the limit, and all of it is used', async context => {
  for (const limit of [1, 5, 100]) {
    const { burst, perMinute } = withinMinute(limit)
    assert.equal(burst - 1 + perMinute, limit)
  }
  const { server, time, fetch } = await vendor(context, { perMinute: 20, pageRows: 13 })
  const at: number[] = []
  server.onRequest(() => at.push(time.clock.now()))
  await fetch()
  assert.equal(at.length, 60)
  for (const start of at) assert.ok(at.filter(moment => moment >= start && moment < start + 60_000).length <= 20)
  assert.ok(at.at(-1)! - at[0]! < 190_000)
})

test('a mean answer above 10 s is told as degraded', async context => {
  const { server, time, polygon, fetch } = await vendor(context)
  assert.deepEqual(polygon.health(), { requests: 0, meanMs: null, degraded: false })
  server.onRequest(() => void time.advance(11_000))
  await fetch()
  assert.equal(polygon.health().degraded, true)
  assert.equal(polygon.health().requests, 3)
})

test('plain http to another machine is refused before the key is used', () => {
  const time = virtualTime(NOON)
  const open = (base: string) =>
    polygonBars({ base, key: secretText('k'), requestsPerMinute: 1, ...time, rng: seededRng('x'), log: silentLog })
  for (const base of ['http://api.polygon.io', 'http://10.0.0.1', 'http://127.evil.example']) {
    assert.throws(() => open(base), { code: 'SECRET_UNPROTECTED' })
  }
  assert.throws(() => open('https://me:secret@api.polygon.io'), { code: 'URL_CREDENTIALS' })
})

test('a bar length that Polygon does not have is refused', async context => {
  const { fetch } = await vendor(context)
  await assert.rejects(fetch({ ...RANGE, barMs: 2 * DAY_MS }), { code: 'USAGE', place: '--bar' })
})
