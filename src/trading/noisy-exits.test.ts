import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { sp500Bars } from '../../test/sp500.ts'
import { seededRng } from '../base/rng.ts'
import { DAY_MS } from '../market/bar.ts'
import { SPX } from '../market/instrument.ts'
import { mean } from '../math/statistics.ts'
import { baselineModels } from './baseline.ts'
import { candidateBook } from './candidates.ts'
import { replayAccount } from './limits.ts'
import { noisyExits } from './noisy-exits.ts'
import { observedRun } from './observed-run.ts'
import { GENERAL_STRATEGIES } from './strategies/index.ts'

const bars = sp500Bars(1300)
const limits = replayAccount({ symbol: 'SPX' })
const market = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS, hasVolume: true }
const book = candidateBook({ ...market, strategies: GENERAL_STRATEGIES, labels: limits })
const models = baselineModels(GENERAL_STRATEGIES.map(({ name }) => name))
const { trades, conditions, entries } = observedRun(book, bars, { ...market, limits, models, seed: 42 })
const options = { bars, conditions, ...market, limits, trades }
const decidedAt = ({ decisionId }: { readonly decisionId: string }) => entries.get(decisionId)!.bar

test('without noise each trade that left by its bracket makes what it made', () => {
  // A generator that always gives the middle moves nothing.
  const still = { ...seededRng(1), next: () => 0.5 }
  const redone = noisyExits({ ...options, decidedAt })(still)
  const byBracket = trades.flatMap((trade, i) =>
    trade.exitReason === 'stop' || trade.exitReason === 'target' ? [[redone[i]!, trade.netMicros / 1e6]] : [],
  )
  assert.ok(byBracket.length >= 20, `${byBracket.length} trades`)
  // Slippage of one lot and that of the position may differ by a step.
  for (const [again, net] of byBracket)
    assert.ok(Math.abs(again! - net!) < 0.02 * Math.abs(net!) + 5, `${again} ${net}`)
})

test('noise changes some exits, the same seed the same ones, and entries stay', () => {
  const redo = noisyExits({ ...options, decidedAt })
  const first = redo(seededRng(3))
  assert.deepEqual(redo(seededRng(3)), first)
  assert.notDeepEqual(redo(seededRng(4)), first)
  assert.equal(first.length, trades.length)
  // A tenth of an ATR does not turn a run of trades into another one.
  const net = mean(trades.map(({ netMicros }) => netMicros / 1e6))
  const planned = mean(trades.map(({ plannedLossMicros }) => plannedLossMicros / 1e6))
  assert.ok(Math.abs(mean(first) - net) < planned / 2)
})
