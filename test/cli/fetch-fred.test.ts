import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { macroStore } from '../../src/adapters/files/macro-store.ts'
import { configuredFred } from '../../src/adapters/fred/configured.ts'
import { monotonicClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { silentLog } from '../../src/base/log.ts'
import { seededRng } from '../../src/base/rng.ts'
import { pointInTime } from '../../src/data/point-in-time.ts'
import { dayLabel, labelDay } from '../../src/market/calendars/zone.ts'
import { FRED_KEY, type FredOptions, type FredSeries, fredServer } from '../vendors/fred.ts'
import { world } from './host.ts'

const TODAY = '2026-01-05'

const GDP: FredSeries = {
  title: 'Gross Domestic Product',
  units: 'Billions of Dollars',
  frequency_short: 'Q',
  rows: [
    { date: '2023-10-01', value: 27_938.831, since: '2024-01-25' },
    { date: '2023-10-01', value: 27_944.627, since: '2024-02-28' },
    { date: '2023-10-01', value: 27_956.998, since: '2024-03-28' },
  ],
}
const OLD: FredSeries = {
  title: 'A series without history',
  units: 'Percent',
  frequency_short: 'M',
  rows: [{ date: '2024-01-01', value: 1.5, since: '2024-02-01' }],
  withoutVintages: true,
}

async function place(context: TestContext, series: FredOptions['series'], now = Date.parse(`${TODAY}T12:00:00Z`)) {
  const server = await fredServer(context, { series, today: TODAY })
  const environment = { FRED_API_KEY: FRED_KEY }
  const clock = { at: now, now: () => clock.at }
  const fred = () =>
    configuredFred({
      settings: { baseUrl: `${server.url}/fred`, requestsPerMinute: 60_000 },
      environment,
      disk: nodeDisk(),
      clock: monotonicClock,
      timer: systemTimer,
      rng: seededRng('fetch'),
      log: silentLog,
    })
  const made = await world(context, { environment, clock, ports: { fred } })
  return { server, clock, store: macroStore(nodeDisk(), join(made.state, 'data')), ...made }
}

test('every vintage is stored, and a moment sees only what had been published', async context => {
  const { json, run, store } = await place(context, { GDP, OLD })
  const { code, value } = await json('data', 'fetch', 'fred', '--series', 'GDP,OLD')
  assert.equal(code, 0)
  const stored = value['stored'] as readonly {
    readonly id: string
    readonly vintages: boolean
    readonly revisions: number
  }[]
  assert.deepEqual(
    stored.map(({ id, vintages, revisions }) => [id, vintages, revisions]),
    [
      ['GDP', true, 3],
      ['OLD', false, 1],
    ],
  )
  const gdp = pointInTime(await store.load('GDP'))
  assert.equal(gdp.latest(Date.parse('2024-01-25T12:00:00Z')), undefined)
  assert.equal(gdp.latest(Date.parse('2024-02-10T00:00:00Z'))?.value, 27_938.831)
  assert.equal(gdp.latest(Date.parse('2024-03-10T00:00:00Z'))?.value, 27_944.627)
  const old = pointInTime(await store.load('OLD'))
  assert.equal(old.latest(Date.parse('2024-03-01T00:00:00Z')), undefined, 'a month and 62 days')
  assert.equal(old.latest(Date.parse('2024-04-04T00:00:00Z'))?.value, 1.5)
  const { out } = await run('data', 'list')
  assert.match(out, /GDP +3 +published +fred +verified +2026-01-05 12:00:00Z +Gross Domestic Product/)
  assert.match(out, /OLD +1 +lagged/)
})

test('a series is shown as it was known at a moment', async context => {
  const { json, run } = await place(context, { GDP, OLD })
  await json('data', 'fetch', 'fred', '--series', 'GDP,OLD')
  const { code, out } = await run('data', 'known', 'GDP', '--at', '2024-02-10')
  assert.equal(code, 0)
  assert.match(out, /^Gross Domestic Product \(Billions of Dollars\), 1 period known at 2024-02-10 00:00:00Z\n/)
  assert.match(out, /2023-10-01 +27938\.831 +2024-01-26 06:00:00Z/)
  assert.match((await run('data', 'known', 'GDP', '--at', '2024-01-25T12:00:00Z')).out, / 0 periods known/)
  assert.match((await run('data', 'known', 'OLD')).out, /note: no vintages/)
  const none = await run('data', 'known', 'UNRATE')
  assert.deepEqual([none.code, /DATA_NONE_STORED.*\n.*data fetch fred --series UNRATE/.test(none.err)], [4, true])
})

test('more vintages than the archive gives at once are asked for in windows, and join without a seam', async context => {
  const rows = Array.from({ length: 2500 }, (_, i) => ({
    date: dayLabel(15_000 + i),
    value: i % 7,
    since: dayLabel(15_001 + i),
  }))
  // One value that stands through all windows, and is corrected in the last.
  const first = rows[0]!
  const all = [...rows, { ...first, value: 99, since: dayLabel(15_001 + 2400) }]
  const { json, store, server } = await place(context, { DFF: { ...GDP, frequency_short: 'D', rows: all } })
  assert.equal((await json('data', 'fetch', 'fred', '--series', 'DFF')).code, 0)
  const windows = server.requests.filter(({ url }) => url.pathname.endsWith('observations'))
  assert.deepEqual(
    windows.map(({ url }) => url.searchParams.get('realtime_start')),
    [0, 1000, 2000].map(i => rows[i]!.since),
  )
  const series = await store.load('DFF')
  assert.equal(series.revisions.length, 2501)
  const known = pointInTime(series)
  const before = known.asOf((labelDay(first.since) + 2300) * 86_400_000)
  assert.deepEqual([before[0]!.value, before.length], [0, 2299])
  assert.equal(known.asOf(Date.parse('2026-01-01T00:00:00Z'))[0]!.value, 99)
})

test('an unchanged series stays the version it was, a revised one becomes another, and both stay readable', async context => {
  const series: Record<string, FredSeries> = { GDP }
  const { json, state, clock } = await place(context, series)
  const poll = async () =>
    (
      (await json('data', 'fetch', 'fred', '--series', 'GDP')).value['stored'] as readonly {
        hash: string
        polledAt: number
      }[]
    )[0]!
  const one = await poll()
  clock.at += 3_600_000
  const two = await poll()
  assert.equal(two.hash, one.hash)
  assert.equal(two.polledAt, one.polledAt + 3_600_000)
  series['GDP'] = { ...GDP, rows: [...GDP.rows, { date: '2024-01-01', value: 28_269.17, since: '2024-04-25' }] }
  const three = await poll()
  assert.notEqual(three.hash, one.hash)
  assert.equal((await readdir(join(state, 'data/series/GDP'))).length, 3)
})

test('a series is expired an hour after it was last asked for', async context => {
  const { json, run, clock } = await place(context, { GDP })
  await json('data', 'fetch', 'fred', '--series', 'GDP')
  clock.at += 3_600_000
  assert.match((await run('data', 'list')).out, /GDP.*verified/)
  clock.at += 1
  assert.match((await run('data', 'list')).out, /GDP.*expired/)
})

test('what cannot be had is told, the rest is stored, and the exit code says partly', async context => {
  const { run } = await place(context, { GDP })
  const { code, out } = await run('data', 'fetch', 'fred', '--series', 'GDP,NOPE')
  assert.equal(code, 6)
  assert.match(out, /^GDP: 3 values of all vintages/)
  assert.match(out, /NOPE: DATA_REFUSED: fred refuses \(status 400\): Bad Request\. The series does not exist\./)
  assert.equal((await run('data', 'fetch', 'fred', '--series', 'NOPE')).code, 2)
})

test('without ids the default set is asked for', async context => {
  const { server, run } = await place(context, {})
  assert.equal((await run('data', 'fetch', 'fred')).code, 2)
  assert.deepEqual(
    server.requests.map(({ url }) => url.searchParams.get('series_id')),
    ['GDP', 'UNRATE', 'CPIAUCSL', 'DFF', 'DGS10', 'DEXUSEU', 'HOUST', 'INDPRO', 'PAYEMS', 'UMCSENT'],
  )
})

test('series are looked up by words, category and release; nothing is stored', async context => {
  const { run, state } = await place(context, { GDP })
  assert.match((await run('data', 'fetch', 'fred', '--search', 'gross')).out, /^GDP +Q +Billions of Dollars +Gross/)
  assert.match((await run('data', 'fetch', 'fred', '--search', 'moon')).out, /^nothing was found/)
  assert.match((await run('data', 'fetch', 'fred', '--category', '1')).out, /^Prices\nGDP/)
  assert.match((await run('data', 'fetch', 'fred', '--release', '10')).out, /^Consumer Price Index\nGDP/)
  await assert.rejects(readdir(state), { code: 'ENOENT' })
})

test('a stored series that was changed on disk is refused, and found by the check', async context => {
  const { json, run, state, store } = await place(context, { GDP })
  await json('data', 'fetch', 'fred', '--series', 'GDP')
  const folder = join(state, 'data/series/GDP')
  const version = (await readdir(folder)).find(name => name !== 'newest.json')!
  const text = await readFile(join(folder, version), 'utf8')
  await writeFile(join(folder, version), text.replace('27938.831', '27938.832'))
  await assert.rejects(store.load('GDP'), { code: 'DATA_SERIES_CORRUPT' })
  const checked = await run('data', 'check')
  assert.equal(checked.code, 1)
  assert.match(checked.out, /fail {2}GDP, version .*\n +fail hash: DATA_SERIES_CORRUPT/)
  await assert.rejects(store.load('UNRATE'), { code: 'DATA_NONE_STORED' })
  await assert.rejects(store.load('../../x'), { code: 'DATA_NONE_STORED' })
})

test('the key is in no file and no output', async context => {
  const { run, state } = await place(context, { GDP })
  const said = await run('data', 'fetch', 'fred', '--series', 'GDP,NOPE')
  assert.ok(!(said.out + said.err).includes(FRED_KEY))
  for (const entry of await readdir(state, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    assert.ok(!(await readFile(join(entry.parentPath, entry.name))).includes(FRED_KEY), entry.name)
  }
})
