// `ratchet report daily` and `monthly`: days add up to months and months to the run, and the command makes the same report again (REP-01, REP-03).

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { periodOf } from '../../src/loop/period.ts'
import type { Report } from '../../src/report/report.ts'
import { SAMPLE, world } from './host.ts'

type Saved = { readonly json: string; readonly sha256: string }

test('days add up to months, months to the run, and a report is made again by its command', async context => {
  const { run, json, ports, state, directory } = await world(context)
  const bars = join(directory, 'bars.csv')
  writeFileSync(bars, readFileSync(SAMPLE, 'utf8').split('\n').slice(0, 481).join('\n'))
  const up = [
    'up',
    '--bars',
    bars,
    '--symbol',
    'SPX',
    '--seed',
    '7',
    '--headless',
    '--until-end',
    '--train-every',
    '400',
  ]
  const made = await json(...up)
  assert.equal(made.code, 0)
  const { trades, decisions } = made.value as { readonly trades: number; readonly decisions: number }
  assert.ok(trades > 3)

  const opened = await ports.openState(state)
  context.after(() => opened.close())
  let months = 0
  let monthTrades = 0
  let monthDecisions = 0
  let worth = 1
  const counted = (of: Readonly<Record<string, number>>): number => Object.values(of).reduce((sum, n) => sum + n, 0)
  for (let at = Date.UTC(2000, 0); at <= Date.UTC(2001, 10); at = Date.UTC(2000, ++months)) {
    const month = await periodOf({ kind: 'monthly', name: new Date(at).toISOString().slice(0, 7) }, opened)
    monthTrades += month.trades.length
    monthDecisions += counted(month.decisions.outcomes)
    for (const session of month.sessions) worth *= 1 + session.return
  }
  assert.equal(monthTrades, trades)
  assert.equal(monthDecisions, decisions)
  const last = (await opened.records.lastPoint('replay-1'))!
  assert.ok(Math.abs(worth - last.equityMicros / 100_000e6) < 1e-9)

  const month = await periodOf({ kind: 'monthly', name: '2001-06' }, opened)
  const dailyTrades = await Promise.all(
    month.sessions.map(async ({ date, return: gain }) => {
      const day = await periodOf({ kind: 'daily', name: date }, opened)
      assert.deepEqual(
        day.sessions.map(session => session.return),
        [gain],
      )
      return day.trades.length
    }),
  )
  assert.equal(
    dailyTrades.reduce((sum, n) => sum + n, 0),
    month.trades.length,
  )

  const { code, value } = await json('report', 'monthly', '--month', '2001-06')
  assert.equal(code, 0)
  const { json: path, sha256 } = value['report'] as Saved
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report
  assert.equal(report.kind, 'monthly')
  assert.equal(report.sections[0]!.title, 'Beside the baselines')
  const command = report.sections.flatMap(({ blocks }) => blocks).find(block => block.kind === 'command')!.text
  const again = await json(...command.split(' ').slice(1))
  assert.equal((again.value['report'] as Saved).sha256, sha256)

  assert.match((await run('report', 'daily')).out, /^2001-\d\d-\d\d: [+-]\d+\.\d\d % after costs/)
  const { out } = await run('report', 'list')
  for (const kind of ['daily', 'monthly']) assert.match(out, new RegExp(`^${kind} +\\d{8}_\\d{6} `, 'm'))
  const weekend = await run('report', 'daily', '--date', '2001-06-09')
  assert.equal(weekend.code, 4)
  assert.match(weekend.err, /PERIOD_UNKNOWN: run replay-1 has no bars on 2001-06-09/)
  assert.equal((await run('report', 'daily', '--run', 'replay-9')).code, 4)
})

test('without a run there is nothing to tell about, and no report', async context => {
  const { run } = await world(context)
  const { code, err } = await run('report', 'daily')
  assert.equal(code, 4)
  assert.match(err, /PERIOD_UNKNOWN: there is no run to tell about/)
  assert.match((await run('report', 'list')).out, /no report lies in/)
})
