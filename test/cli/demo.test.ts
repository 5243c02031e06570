// `up --demo` and `demo reset`: what the demo left goes, and nothing else does (DEMO-06). Seed of the runs 7.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../src/adapters/sql/open.ts'
import { loadConfig } from '../../src/base/config.ts'
import type { Window } from '../../src/loop/ports.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { SAMPLE, world } from './host.ts'

const folder = mkdtempSync(join(tmpdir(), 'ratchet-demo-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const sampleBars = join(folder, 'sample.csv')
const ownBars = join(folder, 'own.csv')
const lines = readFileSync(SAMPLE, 'utf8').split('\n')
writeFileSync(sampleBars, lines.slice(0, 301).join('\n'))
writeFileSync(ownBars, lines.slice(0, 281).join('\n'))

const RUN = ['--headless', '--until-end', '--seed', '7', '--train-every', '200'] as const

test('demo reset previews, erases runs, releases, slot and bars of the demo, and leaves what is yours', async context => {
  const { run, json, state, ports } = await world(context, { sampleBars, ask: async () => 'demo' })
  assert.match((await run('demo', 'reset')).out, /^no demo has run in .*: nothing to erase/)
  assert.equal((await run('up', '--demo', ...RUN)).code, 0)
  assert.equal((await run('up', '--bars', ownBars, '--symbol', 'OWN', ...RUN)).code, 0)
  assert.equal((await run('up', ...RUN, '--restart')).code, 0)
  const busy = await ports.withLock(runLockOf(state), () => run('demo', 'reset'))
  assert.deepEqual([busy.code, /LOCK_BUSY/.test(busy.err)], [5, true])

  const { code, out, err } = await run('demo', 'reset')
  assert.equal(code, 0, err)
  assert.match(err, /your own bars, runs and releases stay/)
  assert.match(out, /^erased: 2 runs of the demo \(replay-3, replay-1\) with \d+ release/)

  const database = await openDatabase(`${state}/ratchet.db`)
  context.after(() => database.destroy())
  const runs = await database.selectFrom('runs').select(['run_id', 'symbol']).execute()
  assert.deepEqual(
    runs.map(({ run_id: id, symbol }) => `${id} ${symbol}`),
    ['replay-2 OWN'],
  )
  for (const table of ['decisions', 'equity_points', 'events_outbox', 'training_runs', 'cycles'] as const) {
    const left = await database.selectFrom(table).select('run_id').distinct().execute()
    assert.ok(
      left.every(({ run_id: id }) => id === 'replay-2'),
      table,
    )
  }
  const channels = await database.selectFrom('releases').select('channel').distinct().execute()
  assert.ok(channels.every(({ channel }) => channel === 'replay-2'))
  assert.deepEqual(
    ['replay-1', 'replay-2', 'replay-3'].map(name => existsSync(join(state, 'channels', name))),
    [false, true, false],
  )
  assert.equal(existsSync(join(state, 'state', 'CURRENT.replay')), false)
  const { value } = await json('data', 'list')
  assert.deepEqual(
    (value['series'] as readonly { readonly symbol: string }[]).map(({ symbol }) => symbol),
    ['OWN'],
  )
  assert.equal((await run('models', 'history', '--verify')).code, 0)
  // A number is never given twice: what the erased runs tried stays in the ledger under it.
  const again = await run('up', '--demo', ...RUN)
  assert.equal(again.code, 0, again.err)
  assert.equal(
    (await database.selectFrom('runs').select('run_id').where('symbol', '=', 'SPX').execute())[0]?.run_id,
    'replay-4',
  )
})

test('a reset that nobody confirmed erases nothing', async context => {
  const { run, state } = await world(context, { sampleBars, ask: async () => 'no' })
  assert.equal((await run('up', '--demo', ...RUN)).code, 0)
  const { code, err } = await run('demo', 'reset')
  assert.deepEqual([code, /NOT_CONFIRMED/.test(err)], [1, true])
  assert.ok(existsSync(join(state, 'channels', 'replay-1')))
})

test('options of up that contradict each other, or are not built, are usage errors in words', async context => {
  const { run } = await world(context, { sampleBars })
  for (const [line, said] of [
    ['--demo --bars own.csv', /--demo and --bars say different things/],
    ['--demo --clock --symbol X', /--demo and --symbol say different things/],
    ['--symbol X', /--symbol was given without --bars/],
    ['--source here', /--source was given without --clock/],
    ['--open --headless', /do not go together: there is no page to show/],
    ['--once --clock --symbol X', /the loop stays; for one turn use ratchet train and ratchet sync/],
    ['--once --until-end', /--once and --until-end say different things/],
    ['--smoke --headless', /the page is part of what is tried/],
    ['--role worker', /ratchet up runs as all only: no other role is built/],
  ] as const) {
    const { code, err } = await run('up', ...line.split(' '))
    assert.equal(code, 2, line)
    assert.match(err, said)
  }
  const serve = await run('serve', '--role', 'worker')
  assert.deepEqual([serve.code, /runs as api only/.test(serve.err)], [2, true])
})

test('up --once ends after one training each time it is called, and goes on where it was', async context => {
  const settings = loadConfig(settingsSchema, { env: {}, sets: ['demo.warmupBars=200'] })
  const { json, state } = await world(context, { sampleBars, ports: { settings } })
  for (const number of [1, 2]) {
    const { code, value } = await json('up', '--once', '--headless', '--seed', '7', '--train-every', '40')
    assert.equal(code, 0)
    assert.deepEqual([value['once'], value['released']], [true, false])
    const database = await openDatabase(`${state}/ratchet.db`)
    const trainings = await database.selectFrom('training_runs').select('number').execute()
    const runs = await database.selectFrom('runs').select('state').execute()
    await database.destroy()
    assert.deepEqual([trainings.length, runs.length, runs[0]!.state], [number, 1, 'interrupted'])
  }
})

test('up --smoke proves bars, training, signing, gates and page in one go and leaves nothing; with a part missing it ends with 1', async context => {
  const state = join(folder, 'smoke')
  const app = fileURLToPath(new URL('../../src/app.ts', import.meta.url))
  const child = spawn(process.execPath, [app, 'up', '--smoke', '--json', '--state', state], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  assert.equal(code, 0, err)
  assert.equal((JSON.parse(out) as { readonly ok: unknown }).ok, true)
  assert.deepEqual(
    readdirSync(state).filter(name => name !== 'logs'),
    [],
  )

  const { run } = await world(context, { sampleBars })
  const broken = await run('up', '--smoke')
  assert.deepEqual([broken.code, /NO_WINDOW/.test(broken.err)], [1, true])
})

test('up --open asks for a browser with the address of the page, and says so where there is none', async context => {
  const asked: string[] = []
  const window = async (): Promise<Window> => ({
    url: 'http://127.0.0.1:8123',
    port: 8123,
    committed: () => undefined,
    live: () => undefined,
    close: () => Promise.resolve(),
  })
  const openPage = async (url: string): Promise<boolean> => {
    asked.push(url)
    return false
  }
  const { run } = await world(context, { sampleBars, openPage, ports: { window } })
  const { code, err } = await run('up', '--open', '--until-end', '--speed', 'max', '--seed', '7')
  assert.deepEqual([code, asked], [0, ['http://127.0.0.1:8123']])
  assert.match(err, /no browser could be started here; open http:\/\/127\.0\.0\.1:8123/)
})
