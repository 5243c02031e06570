import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { FRED_KEY, type FredSeries, fredServer } from '../../../test/vendors/fred.ts'
import { virtualTime } from '../../base/fixtures/virtual-time.ts'
import { silentLog } from '../../base/log.ts'
import { seededRng } from '../../base/rng.ts'
import { secretText } from '../../base/secret.ts'
import { dayLabel } from '../../market/calendars/zone.ts'
import { fredSeries } from './series.ts'

const TODAY = '2026-01-05'
const { signal } = new AbortController()

const CPI: FredSeries = {
  title: 'Consumer Price Index for All Urban Consumers',
  units: 'Index 1982-1984=100',
  frequency_short: 'M',
  rows: [
    { date: '2024-01-01', value: 308.417, since: '2024-02-13' },
    { date: '2024-01-01', value: 309.685, since: '2025-02-12' },
    { date: '2024-02-01', value: 310.326, since: '2024-03-12' },
    { date: '2024-03-01', value: null, since: '2024-04-10' },
  ],
}

async function vendor(context: TestContext, { series = { CPIAUCSL: CPI }, pageRows = 100_000, key = FRED_KEY } = {}) {
  const server = await fredServer(context, { series, today: TODAY, pageRows })
  const time = virtualTime(Date.parse(`${TODAY}T12:00:00Z`))
  const fred = fredSeries({
    base: `${server.url}/fred`,
    key: secretText(key),
    requestsPerMinute: 120,
    clock: time.clock,
    timer: time.timer,
    rng: seededRng('fred'),
    log: silentLog,
  })
  const through = <T>(work: Promise<T>) => time.through(work, 9_000)
  return { server, fred, through }
}

test('the facts, the days of publication and every value that ever stood', async context => {
  const { fred, through } = await vendor(context)
  assert.deepEqual(await through(fred.series('CPIAUCSL', signal)), {
    id: 'CPIAUCSL',
    title: CPI.title,
    units: CPI.units,
    frequency: 'M',
  })
  const days = await through(fred.vintageDates('CPIAUCSL', signal))
  assert.deepEqual(days, ['2024-02-13', '2024-03-12', '2024-04-10', '2025-02-12'])
  const { rows, hashes } = await through(fred.observations('CPIAUCSL', { from: days[0]!, to: '9999-12-31' }, signal))
  assert.deepEqual(rows, CPI.rows)
  assert.equal(hashes.length, 1)
})

test('without a window only what stands today comes, dated today', async context => {
  const { fred, through } = await vendor(context)
  const { rows } = await through(fred.observations('CPIAUCSL', undefined, signal))
  assert.deepEqual(rows[0], { date: '2024-01-01', value: 309.685, since: TODAY })
})

test('long lists come page by page', async context => {
  const rows = Array.from({ length: 25 }, (_, i) => ({
    date: dayLabel(19_000 + i),
    value: i,
    since: dayLabel(19_001 + i),
  }))
  const { server, fred, through } = await vendor(context, { series: { CPIAUCSL: { ...CPI, rows } }, pageRows: 10 })
  const found = await through(fred.observations('CPIAUCSL', { from: '1776-07-04', to: '9999-12-31' }, signal))
  assert.deepEqual(found.rows, rows)
  assert.equal(found.hashes.length, 3)
  assert.equal((await through(fred.vintageDates('CPIAUCSL', signal))).length, 25)
  assert.equal(server.requests.length, 6)
})

test('series are found by words, by category and by release', async context => {
  const { fred, through } = await vendor(context)
  assert.equal((await through(fred.search('consumer price', signal)))[0]!.id, 'CPIAUCSL')
  assert.deepEqual(await through(fred.search('moon', signal)), [])
  assert.equal((await through(fred.category(9, signal))).name, 'Prices')
  assert.equal((await through(fred.release(10, signal))).name, 'Consumer Price Index')
})

test('a series that does not exist and a wrong key are told in the words of the archive, without the key', async context => {
  const { fred, through } = await vendor(context)
  await assert.rejects(through(fred.series('NOPE', signal)), {
    code: 'DATA_REFUSED',
    message: /The series does not exist/,
  })
  const wrong = await vendor(context, { key: 'wrongcanary' })
  await assert.rejects(wrong.through(wrong.fred.series('CPIAUCSL', signal)), (fault: Error & { toJSON(): unknown }) => {
    const text = JSON.stringify(fault.toJSON()) + String(fault.stack)
    assert.match(text, /SOURCE_UNAUTHORIZED.*api_key is not registered.*FRED_API_KEY/)
    return !text.includes('wrongcanary')
  })
})

test('what is no answer of the archive is refused, what passes is tried again', async context => {
  for (const [fault, code] of [
    [{ body: '[]' }, 'SOURCE_MALFORMED'],
    [{ body: '{"seriess": []}' }, 'SOURCE_MALFORMED'],
    [
      { mend: (body: object) => ({ ...body, seriess: [{ id: 'GDP', title: '', units: '', frequency_short: 'Q' }] }) },
      'SOURCE_MALFORMED',
    ],
    [{ short: 20 }, 'SOURCE_MALFORMED'],
  ] as const) {
    const { server, fred, through } = await vendor(context)
    server.schedule(fault)
    await assert.rejects(through(fred.series('CPIAUCSL', signal)), { code })
  }
  for (const fault of [{ status: 429 }, { status: 500 }, { cut: 10 }] as const) {
    const { server, fred, through } = await vendor(context)
    server.schedule(fault)
    assert.equal((await through(fred.series('CPIAUCSL', signal))).id, 'CPIAUCSL')
    assert.equal(server.requests.length, 2)
  }
})

test('a list whose pages do not add up is refused', async context => {
  for (const mend of [
    (body: object) => ({ ...body, count: 99, vintage_dates: [] }),
    (body: object) => ({ ...body, offset: 7 }),
  ]) {
    const { server, fred, through } = await vendor(context)
    server.schedule({ mend })
    await assert.rejects(through(fred.vintageDates('CPIAUCSL', signal)), { code: 'SOURCE_MALFORMED' })
  }
})
