// Every trade of a run is explained down to what its models learned from, and its models still say what they said, bit for bit (SRV-76).

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { seededRng } from '../../src/base/rng.ts'
import { type ExplainedDecision, explainer } from '../../src/loop/explain-decision.ts'
import { publishedPath } from '../../src/release/layout.ts'
import type { StoredTrade } from '../../src/trading/read-model.ts'
import { openWorld, type World } from './ports.ts'
import { importSimulated, runReplay } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const LONG = process.env['RATCHET_LONG'] === undefined ? 'set RATCHET_LONG=1: it takes minutes' : false
const HASH = /^[0-9a-f]{64}$/

/** A bot that trades on little evidence: what is asked here is how a trade is explained, not whether it was wise. */
const EAGER = {
  tradingBot: {
    maxRiskPerTrade: 1,
    minRiskRewardRatio: 1,
    modelConfidenceThreshold: 0,
    maxDailyLoss: 0.9,
    maxDrawdown: 0.99,
    maxPositionSize: 5,
    maxMiniEquivalent: 5,
    maxOpenPositions: 1,
    maxTradesPerDay: 50,
    maxTradesPerSession: 50,
    maxConsecutiveLosses: 100_000,
    cooldownMinutes: 0,
  },
  labels: { stopAtr: 1, targetAtr: 1.5, maxBars: 5 },
  brain: { minExpectedR: -10 },
}

async function ranWorld(bars: number, everyBars: number): Promise<{ world: World; runId: string }> {
  const world = await openWorld(EAGER)
  after(() => world.close())
  await runReplay(world, await importSimulated(world, simulatedBars({ bars, seed: 3 })), {
    seed: 7,
    everyBars,
    warmupBars: 800,
  })
  const [run] = await world.state.records.runs()
  return { world, runId: run!.runId }
}

const explainerOf = ({ state, ports }: World) =>
  explainer({ ...ports, ...state, version: '0', control: { live: () => undefined } }, ports.timer)

async function tradesOf({ state }: World, runId: string): Promise<readonly StoredTrade[]> {
  return state.records.trades({ runId, limit: 100_000, newestFirst: false })
}

/** Names its release and everything that the release came from. */
function checkWhole({ explanation, origin, proof, order, fills }: ExplainedDecision, trade: StoredTrade): void {
  const { lineage, features } = explanation
  assert.equal(explanation.decision.decisionId, trade.decisionId)
  assert.equal(explanation.trade?.releaseId, trade.releaseId)
  assert.equal(order?.role, 'entry')
  assert.deepEqual([...new Set(fills.map(({ decisionId }) => decisionId))], [trade.decisionId])
  assert.ok(lineage !== null && origin !== null)
  assert.equal(lineage.releaseId, trade.releaseId)
  assert.match(lineage.digest, HASH)
  assert.ok(lineage.fit[0] < lineage.fit[1] && lineage.fit[1] <= explanation.decision.at)
  assert.ok(lineage.dataHash.length > 0)
  assert.ok(origin.job !== null)
  assert.deepEqual([origin.signature.valid, origin.signature.keyIds.length], [true, 1])
  assert.equal(origin.gates?.verdict, 'pass')
  assert.ok(origin.gates.results.some(({ gate, result }) => gate === 'G5' && result === 'pass'))
  assert.deepEqual(proof.models.map(({ role }) => role).sort(), ['execution', 'meta', 'rl_sizer'])
  for (const { sha256 } of proof.models) assert.match(sha256, HASH)
  assert.match(features.hash ?? '', HASH)
  assert.equal(features.columns.length, 17)
  const asked = proof.roles.map(({ role }) => role)
  assert.ok(asked.includes('meta') && asked.includes('rl_sizer'), asked.join())
  assert.deepEqual([proof.reproduced, proof.reason], [true, null])
}

async function checkTrades(world: World, runId: string, wanted: number): Promise<number> {
  const byModels = (await tradesOf(world, runId)).filter(({ releaseId }) => releaseId !== 'baseline')
  const explain = explainerOf(world)
  const rng = seededRng(1)
  const drawn = byModels.map(trade => ({ trade, lot: rng.next() })).sort((a, b) => a.lot - b.lot)
  const chosen = drawn.slice(0, wanted).map(({ trade }) => trade)
  // In the order of the bars: features are folded forward once.
  for (const trade of chosen.sort((a, b) => a.decisionSeq - b.decisionSeq)) {
    checkWhole(await explain.of(trade.decisionId), trade)
  }
  return chosen.length
}

const { world, runId } = await ranWorld(1400, 200)

test('trades of a replay are explained by release, digests, window, data, signer and gates, and their numbers come again', async () => {
  const checked = await checkTrades(world, runId, 25)
  assert.ok(checked >= 10, `${checked} trades by models`)
  const explain = explainerOf(world)

  const [trade] = await tradesOf(world, runId)
  const byOrder = await explain.of((await explain.of(trade!.decisionId)).order!.id)
  assert.equal(byOrder.explanation.decision.decisionId, trade!.decisionId)
  const byNumber = await explain.of(String(trade!.decisionSeq), runId)
  assert.equal(byNumber.explanation.decision.decisionId, trade!.decisionId)
  const [rules] = (await tradesOf(world, runId)).filter(({ releaseId }) => releaseId === 'baseline')
  const ruled = await explain.of(rules!.decisionId)
  assert.deepEqual([ruled.origin, ruled.proof.reproduced], [null, null])
  assert.match(ruled.proof.reason ?? '', /the rules decided/)

  const records = await world.state.records.decisions({ runId, limit: 10_000, newestFirst: false, outcome: 'noTrade' })
  const quiet = records.findLast(({ probabilities }) => probabilities.length > 0)!
  const until = await explain.of(new Date(quiet.time).toISOString())
  assert.equal(until.explanation.decision.decisionId, quiet.decisionId)
  assert.match(until.explanation.summary, /^No trade: /)
  assert.equal(until.proof.reproduced, true)

  for (const name of ['999999', '1999-01-01', 'nonsense', '0'.repeat(26)]) {
    await assert.rejects(explain.of(name), { code: 'DECISION_UNKNOWN' }, name)
  }
})

test('a model file that was changed since is told, and proves nothing', async () => {
  const trade = (await tradesOf(world, runId)).find(({ releaseId }) => releaseId !== 'baseline')!
  const rows = await world.state.registry.releases(runId)
  const { label } = rows.find(({ releaseId }) => releaseId === trade.releaseId)!
  const path = `${world.state.directory}/channels/${runId}/${publishedPath('models/meta.onnx', label)}`
  const bytes = Uint8Array.from(await world.ports.disk.read(path, 2 ** 25))
  bytes[bytes.length >> 1]! ^= 1
  await world.ports.disk.remove(path)
  const file = await world.ports.disk.create(path)
  await file.write(bytes)
  await file.close()
  const { proof, origin } = await explainerOf(world).of(trade.decisionId)
  assert.deepEqual([origin?.signature.valid, proof.reproduced], [false, null])
  assert.match(proof.reason ?? '', /do not hold: MEMBER_HASH/)
})

test('1,000 random trades of one replay are explained and made again', { skip: LONG }, async context => {
  const long = await ranWorld(9800, 1200)
  const checked = await checkTrades(long.world, long.runId, 1000)
  context.diagnostic(`${checked} trades`)
  assert.equal(checked, 1000)
})
