// A column that looks ahead ends every training before it begins, and nothing is entered or published. Seed of the series 2.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { replayClock } from '../../src/base/clock.ts'
import { leakGuard } from '../../src/loop/leak-guard.ts'
import { rowsOf } from '../../src/loop/series-rows.ts'
import { trainCycle } from '../../src/loop/training-cycle.ts'
import type { CandidateBook } from '../../src/trading/candidates.ts'
import { candidateBook } from '../../src/trading/candidates.ts'
import type { Observe } from '../../src/trading/leak-lint.ts'
import { memoryLedger } from '../../src/trading/ledger/memory-ledger.ts'
import { observeCandidates } from '../../src/trading/observe-candidates.ts'
import { GENERAL_STRATEGIES } from '../../src/trading/strategies/index.ts'
import { openWorld } from './ports.ts'
import { importSimulated } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const world = await openWorld()
after(() => world.close())
const market = await importSimulated(world, simulatedBars({ bars: 700, seed: 2 }))
const asOf = market.series.bars.at(-1)!.knownAt

const makeBook = (): CandidateBook =>
  candidateBook({
    ...market,
    ...market.series,
    strategies: GENERAL_STRATEGIES,
    excludedDates: new Set(),
    news: undefined,
  })

/** The rsi of the first stance knows the next close. */
const peeking: Observe = bars =>
  observeCandidates(makeBook)(bars).map((known, index) =>
    known.length < 24 ? known : known.with(9, bars[index + 1]?.close ?? 0),
  )

test('a model is not trained on a column that looks ahead: FEATURE_LEAK names the column and the roles that read it', async () => {
  const ledger = memoryLedger()
  const oracle = world.ports.oracle()
  try {
    const trained = await trainCycle(
      { seed: 1, number: 1, champion: undefined, act: { name: 'leaky', actor: 'test', scope: null } },
      {
        market,
        book: rowsOf(market, world.ports),
        ports: world.ports,
        clock: replayClock(asOf),
        oracle,
        ledger,
        guard: leakGuard(peeking),
        signal: new AbortController().signal,
      },
    )
    assert.ok(!trained.ok)
    assert.equal(trained.fault.code, 'FEATURE_LEAK')
    assert.match(trained.fault.message, /^feature rsi of stance 1 looks ahead: meta, execution, rl_sizer would/)
    assert.deepEqual([trained.report.phase, trained.report.code], ['dataset', 'FEATURE_LEAK'])
    assert.deepEqual(await ledger.entries(), [])
  } finally {
    await oracle.close()
  }
})
