// What becomes of a trade that is open when another release takes charge, in whole replays (SRV-33).

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { RunEventBodies } from '../../src/loop/run-event.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import type { DecisionRecord } from '../../src/trading/decision.ts'
import type { StoredTrade } from '../../src/trading/read-model.ts'
import { openWorld } from './ports.ts'
import { decisionsOf, importSimulated, runReplay } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 1050, seed: 3 })
const defaults = settingsSchema.parse({})

/** In a trade most of the time, so that releases come while one is open. */
const busy = (policy: 'pinToEntry' | 'handoff') => ({
  tradingBot: {
    ...defaults.tradingBot,
    modelConfidenceThreshold: 0,
    maxDailyLoss: 0.9,
    maxDrawdown: 0.99,
    maxConsecutiveLosses: 100_000,
    cooldownMinutes: 0,
  },
  labels: { stopAtr: 4, targetAtr: 8, maxBars: 60 },
  brain: { minExpectedR: -10 },
  serving: { ...defaults.serving, swap: { ...defaults.serving.swap, policy } },
})

type Ran = {
  readonly decisions: readonly DecisionRecord[]
  readonly trades: readonly StoredTrade[]
  /** Bars with another release in charge than the bar before, and the position that was open. */
  readonly swaps: readonly { readonly at: number; readonly position: number }[]
}

async function ran(policy: 'pinToEntry' | 'handoff'): Promise<Ran> {
  const world = await openWorld(busy(policy))
  after(() => world.close())
  await runReplay(world, await importSimulated(world, BARS), { seed: 7, everyBars: 60, warmupBars: 800 })
  const { records } = world.state
  const [run] = await records.runs()
  const events = await records.events({ after: 0, limit: 100_000, topics: ['bar'] })
  const bars = events.map(({ at, body }) => ({ at, ...(JSON.parse(body) as RunEventBodies['bar']) }))
  const swaps = bars.filter(({ releaseId }, i) => i > 0 && releaseId !== bars[i - 1]!.releaseId)
  return {
    decisions: await decisionsOf(world, run!.runId),
    trades: await records.trades({ runId: run!.runId, limit: 10_000, newestFirst: false }),
    swaps: swaps.map(({ at, position }) => ({ at, position })),
  }
}

const managed = (decisions: readonly DecisionRecord[], { entryTime, exitTime }: StoredTrade) =>
  decisions.filter(({ time, outcome }) => outcome === 'hold' && time > entryTime && time < exitTime)

test('fault 157: pinned to its entry, a trade has one release from feature to exit, through every swap under it', async () => {
  const { decisions, trades, swaps } = await ran('pinToEntry')
  const under = trades.filter(({ entryTime, exitTime }) => swaps.some(({ at }) => at > entryTime && at < exitTime))
  assert.ok(under.length >= 1, `${swaps.length} swaps, ${trades.length} trades`)
  for (const trade of trades) {
    for (const { releaseId } of managed(decisions, trade)) assert.equal(releaseId, trade.releaseId)
    assert.equal(decisions.find(({ decisionId }) => decisionId === trade.decisionId)?.releaseId, trade.releaseId)
  }
})

test('handed over, a trade is underwritten once by each release that takes charge under it', async () => {
  const { decisions, trades, swaps } = await ran('handoff')
  const handed = decisions.filter(({ reasons }) => reasons.some(({ code }) => code.startsWith('HANDOFF_')))
  const under = trades.flatMap(({ entryTime, exitTime }) => swaps.filter(({ at }) => at > entryTime && at < exitTime))
  assert.ok(under.length >= 1)
  assert.equal(handed.length, under.length)
  for (const { outcome, orderId } of handed) assert.equal(outcome === 'exit', orderId !== null)
})
