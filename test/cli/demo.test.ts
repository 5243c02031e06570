// `up --demo` and `demo reset`: what the demo left goes, and nothing else does (DEMO-06). Seed of the runs 7.

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openDatabase } from '../../src/adapters/sql/open.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
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

test('a reset that nobody confirmed erases nothing; a demo with bars of its own is a contradiction', async context => {
  const { run, state } = await world(context, { sampleBars, ask: async () => 'no' })
  assert.equal((await run('up', '--demo', ...RUN)).code, 0)
  const { code, err } = await run('demo', 'reset')
  assert.deepEqual([code, /NOT_CONFIRMED/.test(err)], [1, true])
  assert.ok(existsSync(join(state, 'channels', 'replay-1')))
  for (const more of [
    ['--bars', ownBars, '--symbol', 'X'],
    ['--clock', '--symbol', 'X'],
    ['--symbol', 'X'],
  ]) {
    const odd = await run('up', '--demo', ...more, ...RUN)
    assert.deepEqual([odd.code, /USAGE: --demo and/.test(odd.err)], [2, true], more.join(' '))
  }
})
