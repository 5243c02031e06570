import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { configuredPolygon } from '../../src/adapters/polygon/configured.ts'
import { monotonicClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { Fault } from '../../src/base/fault.ts'
import { silentLog } from '../../src/base/log.ts'
import { seededRng } from '../../src/base/rng.ts'
import type { ImportReport } from '../../src/data/report.ts'
import type { VendorBar } from '../../src/data/vendor.ts'
import { minuteBars, POLYGON_KEY, polygonServer } from '../vendors/polygon.ts'
import type { VendorServer } from '../vendors/server.ts'
import { world } from './host.ts'

const DAYS = ['2024-03-07', '2024-03-08', '2024-03-11']
const FETCH = ['data', 'fetch', 'polygon', '--symbol', 'AAPL', '--from', '2024-03-07', '--to', '2024-03-11'] as const
const APP = fileURLToPath(new URL('../../src/app.ts', import.meta.url))

/** A state directory whose Polygon is the server, with quick retries forgone: a fault ends the fetch. */
async function place(context: TestContext, server: VendorServer, environment: Record<string, string> = {}) {
  const env = { POLYGON_API_KEY: POLYGON_KEY, ...environment }
  return world(context, {
    environment: env,
    ports: {
      polygon: () =>
        configuredPolygon({
          settings: { baseUrl: server.url, requestsPerMinute: 60_000 },
          environment: env,
          disk: nodeDisk(),
          clock: monotonicClock,
          timer: systemTimer,
          rng: seededRng('fetch'),
          log: silentLog,
        }),
    },
  })
}

type Fetched = ImportReport & { readonly snapshotId: string; readonly pages: number; readonly resumedPages: number }
const fetchedOf = (value: Record<string, unknown>): Fetched => (value['fetched'] as readonly Fetched[])[0]!

test('minute bars are fetched, checked and stored with their lineage, and nothing of the way there stays', async context => {
  const bars = minuteBars(DAYS)
  const server = await polygonServer(context, { bars, pageRows: 500 })
  const { json, run, state } = await place(context, server)
  const { code, value } = await json(...FETCH)
  assert.equal(code, 0)
  const fetched = fetchedOf(value)
  assert.deepEqual(
    [fetched.stored, fetched.rejected, fetched.duplicates, fetched.missingBars, fetched.calendar, fetched.pages],
    [bars.length, 0, 0, 0, 'nyse', 3],
  )
  assert.match(fetched.lineage!.path, /^polygon:AAPL/)
  assert.equal(fetched.lineage!.adjusted, false)
  assert.match(fetched.lineage!.sha256, /^[0-9a-f]{64}$/)
  assert.ok(Date.parse(fetched.lineage!.fetchedAt) > 0)
  assert.deepEqual(
    (await readdir(join(state, 'data/fetch'))).filter(name => !name.includes('.lock')),
    [],
  )
  const { out } = await run('data', 'list')
  assert.match(out, /AAPL +1m +1170 +2024-03-07 to 2024-03-11 +real +polygon +expired/)
  assert.equal((await run('data', 'check')).code, 0)
})

test('a fetch that broke off goes on behind its last page, and the result is that of an unbroken one', async context => {
  const bars = minuteBars(DAYS)
  const whole = await polygonServer(context, { bars, pageRows: 100 })
  const reference = fetchedOf((await (await place(context, whole)).json(...FETCH)).value)
  assert.equal(whole.requests.length, 12)
  const server = await polygonServer(context, { bars, pageRows: 100 })
  const { json } = await place(context, server)
  const pages: number[] = []
  for (const whole of [3, 4, 2]) {
    server.schedule(...Array.from({ length: whole }, () => undefined), { body: 'nonsense' })
    const { code, value } = await json(...FETCH)
    assert.deepEqual([code, (value['error'] as { readonly code: string }).code], [3, 'SOURCE_MALFORMED'])
    pages.push(server.requests.length)
  }
  assert.deepEqual(pages, [4, 9, 12])
  server.schedule()
  const { code, value } = await json(...FETCH)
  assert.equal(code, 0)
  const fetched = fetchedOf(value)
  assert.deepEqual([fetched.pages, fetched.resumedPages], [12, 9])
  assert.deepEqual([fetched.stored, fetched.duplicates, fetched.conflicts], [bars.length, 0, 0])
  assert.equal(fetched.snapshotId, reference.snapshotId)
  // Nine whole pages, three broken ones, three that were left.
  assert.equal(server.requests.length, 15)
})

test('Ctrl-C ends a fetch with 130 and keeps what came', async context => {
  const server = await polygonServer(context, { bars: minuteBars(DAYS), pageRows: 100 })
  const whole = await place(context, server)
  const stop = new AbortController()
  const stopped = await world(context, { signal: stop.signal, ports: { polygon: () => whole.ports.polygon() } })
  server.onRequest(() => {
    if (server.requests.length === 5) stop.abort(new Fault('INTERRUPTED', 'stopped by a signal'))
  })
  assert.equal((await stopped.run(...FETCH, '--state', stopped.state)).code, 130)
  const again = await world(context, { ports: { polygon: () => whole.ports.polygon() } })
  const { value } = await again.json(...FETCH, '--state', stopped.state)
  assert.deepEqual([fetchedOf(value).resumedPages, fetchedOf(value).stored], [4, 1170])
})

test('two fetches of one range at once: one goes on, the other is told to wait', async context => {
  const server = await polygonServer(context, { bars: minuteBars(DAYS), pageRows: 100 })
  const { run } = await place(context, server)
  const codes = (await Promise.all([run(...FETCH), run(...FETCH)])).map(({ code }) => code)
  assert.deepEqual(
    codes.toSorted((a, b) => a - b),
    [0, 5],
  )
})

test('what the checks refuse is not kept: the next fetch asks anew, and takes what the vendor mended', async context => {
  const server = await polygonServer(context, { bars: minuteBars(DAYS), pageRows: 50_000 })
  const { json } = await place(context, server)
  server.schedule({
    mend: body => ({ ...body, results: (body['results'] as object[]).map(bar => ({ ...bar, h: 0.01 })) }),
  })
  const { code, value } = await json(...FETCH)
  assert.deepEqual([code, (value['error'] as { readonly code: string }).code], [2, 'DATA_BAD_ROWS'])
  const again = await json(...FETCH)
  assert.deepEqual([again.code, fetchedOf(again.value).resumedPages, fetchedOf(again.value).stored], [0, 0, 1170])
})

test('a symbol without bars is told with its range', async context => {
  const server = await polygonServer(context, { bars: [], pageRows: 10 })
  const { json } = await place(context, server)
  const { code, value } = await json(...FETCH)
  const error = value['error'] as { readonly code: string; readonly place: string }
  assert.deepEqual([code, error.code], [2, 'DATA_EMPTY'])
  assert.match(error.place, /AAPL 60000 ms, 2024-03-07 to 2024-03-11/)
})

test('a page that was damaged on disk is fetched again', async context => {
  const bars = minuteBars(DAYS)
  const server = await polygonServer(context, { bars, pageRows: 300 })
  const { json, state } = await place(context, server)
  server.schedule(undefined, undefined, { body: 'nonsense' })
  await json(...FETCH)
  const root = join(state, 'data/fetch')
  const folder = join(root, (await readdir(root)).find(name => !name.endsWith('.lock'))!)
  const [, second] = await readdir(folder)
  const text = await readFile(join(folder, second!), 'utf8')
  await writeFile(join(folder, second!), text.replace('100', '101'))
  const { code, value } = await json(...FETCH)
  assert.equal(code, 0)
  assert.deepEqual([fetchedOf(value).resumedPages, fetchedOf(value).stored], [1, bars.length])
})

test('a killed fetch leaves nothing half-written, and the next one goes on; the key is nowhere', async context => {
  const bars = minuteBars(DAYS)
  const server = await polygonServer(context, { bars, pageRows: 100 })
  const { directory, state, run } = await world(context)
  const args = [APP, ...FETCH, '--state', state, '--set', `data.polygon.baseUrl=${server.url}`, '--json']
  const start = (): { readonly output: () => string; readonly child: ReturnType<typeof spawn> } => {
    const child = spawn(process.execPath, args, {
      cwd: directory,
      env: { PATH: process.env['PATH'], POLYGON_API_KEY: POLYGON_KEY },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
    return { output: () => output, child }
  }
  const first = start()
  await new Promise<void>(resolve => {
    server.onRequest(() => {
      if (server.requests.length === 6) {
        first.child.kill('SIGKILL')
        resolve()
      }
    })
  })
  await once(first.child, 'close')
  assert.match((await run('data', 'list')).out, /nothing is stored yet/)
  const second = start()
  const [code] = (await once(second.child, 'close')) as [number]
  assert.equal(code, 0, second.output())
  assert.match(second.output(), /"stored":1170,/)
  assert.match(second.output(), /"resumedPages":[45]/)
  assert.ok(!(first.output() + second.output()).includes(POLYGON_KEY))
  for (const entry of await readdir(state, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = await readFile(join(entry.parentPath, entry.name))
    assert.ok(!bytes.includes(POLYGON_KEY), entry.name)
  }
})

test('a later fetch adds to what is stored; corrected bars replace, and are counted', async context => {
  const bars = minuteBars(DAYS)
  const server = await polygonServer(context, { bars, pageRows: 50_000 })
  const { json, run } = await place(context, server)
  const until = (day: string) => [...FETCH.slice(0, -1), day]
  await json(...until('2024-03-08'))
  server.schedule({
    mend: body => {
      const [first, ...rest] = body['results'] as Record<string, number>[]
      return { ...body, results: [{ ...first, v: 4711 }, ...rest] }
    },
  })
  const { value } = await json(
    'data',
    'fetch',
    'polygon',
    '--symbol',
    'AAPL',
    '--from',
    '2024-03-08',
    '--to',
    '2024-03-11',
  )
  const fetched = fetchedOf(value)
  assert.deepEqual([fetched.stored, fetched.duplicates, fetched.conflicts], [1170, 389, 1])
  assert.match(fetched.lineage!.path, /2024-03-08 to 2024-03-11, added to snapshot [0-9a-f]{64}$/)
  const listed = (await json('data', 'list')).value['series'] as readonly unknown[]
  assert.equal(listed.length, 2, 'the earlier version is still there')
  assert.equal((await run('data', 'check')).code, 0)
})

test('adjusted prices are stored by themselves and say what they know', async context => {
  const server = await polygonServer(context, { bars: minuteBars(DAYS), pageRows: 50_000 })
  const { json } = await place(context, server)
  await json(...FETCH)
  const fetched = fetchedOf(
    (await json(...FETCH.slice(0, 5), '--from', '2024-03-11', '--to', '2024-03-11', '--adjusted')).value,
  )
  assert.equal(fetched.stored, 390)
  assert.equal(fetched.lineage!.adjusted, true)
  assert.ok(fetched.warnings.some(warning => warning.includes('splits that came later')))
})

test('bars before and after the session are told and left out, unfinished ones are not asked for', async context => {
  const bars = minuteBars(DAYS)
  const early: VendorBar = { ...bars[0]!, time: bars[0]!.time - 3_600_000 }
  const server = await polygonServer(context, { bars: [early, ...bars], pageRows: 50_000 })
  const now = bars[500]!.time + 30_000
  const env = { POLYGON_API_KEY: POLYGON_KEY }
  const base = await place(context, server, env)
  const clocked = await world(context, { clock: { now: () => now }, ports: { polygon: () => base.ports.polygon() } })
  const { value } = await clocked.json(...FETCH)
  const fetched = fetchedOf(value)
  assert.equal(fetched.stored, 500)
  assert.ok(fetched.warnings.some(warning => warning.startsWith('1 bars outside')))
  const late = await clocked.json(...FETCH.slice(0, 5), '--from', '2024-03-11', '--to', '2024-03-11')
  assert.deepEqual([late.code, (late.value['error'] as { readonly code: string }).code], [2, 'DATA_RANGE'])
})

test('the daily bar of a session is asked for when the session is over', async context => {
  const bars = DAYS.map(day => ({
    time: Date.parse(`${day}T00:00:00Z`),
    open: 1,
    high: 2,
    low: 1,
    close: 2,
    volume: 3,
  }))
  const server = await polygonServer(context, { bars, pageRows: 10 })
  const { ports } = await place(context, server)
  for (const [now, stored] of [
    ['2024-03-11T19:59:59Z', 2],
    ['2024-03-11T20:00:00Z', 3],
  ] as const) {
    const clocked = await world(context, {
      clock: { now: () => Date.parse(now) },
      ports: { polygon: () => ports.polygon() },
    })
    assert.equal(fetchedOf((await clocked.json(...FETCH, '--bar', '1d')).value).stored, stored, now)
  }
})

test('the previous close is shown and nothing is stored', async context => {
  const bars = [{ time: Date.parse('2024-03-11T00:00:00Z'), open: 1, high: 2, low: 1, close: 2, volume: 3 }]
  const server = await polygonServer(context, { bars, pageRows: 10 })
  const { run, state } = await place(context, server)
  const { code, out } = await run('data', 'fetch', 'polygon', '--symbol', 'AAPL', '--previous')
  assert.deepEqual([code, out], [0, 'AAPL 2024-03-11: open 1, high 2, low 1, close 2, volume 3\n'])
  await assert.rejects(readdir(state), { code: 'ENOENT' })
})

test('without a key one fault says what to provide; a key file will do; a wrong request is refused before anything is asked', async context => {
  const server = await polygonServer(context, { bars: minuteBars(DAYS), pageRows: 10_000 })
  const none = await place(context, server, { POLYGON_API_KEY: '' })
  const { code, err } = await none.run(...FETCH)
  assert.equal(code, 2)
  assert.match(
    err,
    /^SECRET_MISSING: POLYGON_API_KEY is not set.*\n {2}To do: set POLYGON_API_KEY to a key from polygon\.io/,
  )
  const file = join(none.directory, 'key')
  await writeFile(file, `${POLYGON_KEY}\n`)
  const { run } = await place(context, server, { POLYGON_API_KEY: '', POLYGON_API_KEY_FILE: file })
  for (const [args, said] of [
    [['data', 'fetch', 'polygon'], /USAGE.*--symbol/],
    [['data', 'fetch', 'polygon', '--symbol', 'AAPL'], /USAGE.*--from/],
    [
      ['data', 'fetch', 'polygon', '--symbol', 'ES', '--from', '2024-03-07'],
      /DATA_SYMBOL_AMBIGUOUS: ES is a future here/,
    ],
    [['data', 'fetch', 'polygon', '--symbol', 'SPX', '--from', '2024-03-07'], /SPX is an index here.*\n.*I:SPX/],
    [['data', 'fetch', 'polygon', '--symbol', 'AAPL', '--series', 'GDP'], /USAGE: --series means nothing to polygon/],
    [['data', 'fetch', 'fred', '--symbol', 'AAPL'], /USAGE: --symbol means nothing to fred/],
    [['data', 'fetch', 'reuters'], /choices|Allowed/],
  ] as const) {
    const refused = await run(...args)
    assert.equal(refused.code, 2, args.join(' '))
    assert.match(refused.err, said)
  }
  assert.equal(server.requests.length, 0)
  assert.equal((await run(...FETCH)).code, 0)
})

test('gaps of what was fetched are filled by the vendor; those that it has too are told, and nothing is made up', async context => {
  const bars = minuteBars(DAYS)
  const server = await polygonServer(context, { bars, pageRows: 50_000 })
  const { json, run } = await place(context, server)
  const without = (...lost: readonly number[]) => ({
    mend: (body: Record<string, unknown>) => {
      const results = body['results'] as Record<string, number>[]
      return { ...body, results: results.filter(({ t }) => !lost.includes(t!)) }
    },
  })
  const [first, second] = [bars[10]!.time, bars[700]!.time]
  server.schedule(without(first, second))
  await json(...FETCH)
  server.schedule(without(second))
  const { out } = await run('data', 'check', '--fix-gaps')
  assert.match(
    out,
    /AAPL 1m: gaps on 1 day of 2 filled from the vendor; the vendor lacks bars on 1 day too \(2024-03-08\)/,
  )
  const { value } = await json('data', 'check', '--fix-gaps')
  const [gaps] = value['gaps'] as readonly { readonly dates: readonly string[]; readonly left: readonly string[] }[]
  assert.deepEqual(gaps, { symbol: 'AAPL', barMs: 60_000, dates: ['2024-03-08'], left: [], unasked: null })
})

test('gaps of a file stay, and are told with what would fill them', async context => {
  const { run, directory } = await world(context)
  const file = join(directory, 'days.csv')
  const days = ['2023-07-05', '2023-07-06', '2023-07-10', '2023-07-11']
  await writeFile(file, `date,open,high,low,close\n${days.map(day => `${day},5,6,4,5`).join('\n')}\n`)
  assert.equal((await run('data', 'import', file, '--symbol', 'FUND', '--calendar', 'nyse')).code, 0)
  const { code, out } = await run('data', 'check', '--fix-gaps', '--symbol', 'FUND')
  assert.equal(code, 0)
  assert.match(out, /^FUND 1d: gaps on 1 day stay \(2023-07-07\): its bars are of source file: import a file/)
})
