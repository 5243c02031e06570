// A run whose every fill and equity point is pinned (BT-02): what makes the engine faster must leave it as it is. A change of a rule changes
// it; then it is written again, and said in the change log: RATCHET_GOLDEN=write node --test src/trading/golden-run.test.ts

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { sp500Bars } from '../../test/sp500.ts'
import { DAY_MS } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { SPX } from '../market/instrument.ts'
import { backtest } from './backtest.ts'
import { baselineModels } from './baseline.ts'
import { replayAccount } from './limits.ts'
import { GENERAL_STRATEGIES } from './strategies/index.ts'

const PLACE = new URL('fixtures/golden-run.json', import.meta.url)

type Golden = { readonly fingerprint: string; readonly trades: number; readonly endMicros: number }

function goldenRun(): Golden {
  const { fingerprint, trades, equity } = backtest({
    series: {
      symbol: 'SPX',
      barMs: DAY_MS,
      hasVolume: true,
      bars: sp500Bars(2500),
      snapshotId: 'golden',
      source: 'file',
      provenance: 'real',
    },
    instrument: SPX,
    calendar: calendarOf('nyse'),
    models: baselineModels(GENERAL_STRATEGIES.map(({ name }) => name)),
    limits: replayAccount({ symbol: 'SPX' }),
    seed: 42,
    runs: 1,
  })
  return { fingerprint, trades: trades.length, endMicros: Math.round(equity.at(-1)! * 1e6) }
}

test('the golden run comes out as it was committed, bit for bit', () => {
  const run = goldenRun()
  if (process.env['RATCHET_GOLDEN'] === 'write') writeFileSync(PLACE, `${JSON.stringify(run, null, 2)}\n`)
  const golden = JSON.parse(readFileSync(PLACE, 'utf8')) as Golden
  assert.deepEqual(run, golden)
  assert.ok(golden.trades > 30, 'it trades enough to notice')
})
