// The whole loop on a series in which what is visible decides who wins: releases are learned, judged, installed and followed, the database
// says so row by row, and nothing made from simulated bars can reach a live bot. Seed of the series 1, of the run 42.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { replayClock } from '../../src/base/clock.ts'
import { REPLAY_SLOT } from '../../src/loop/model-catalogue.ts'
import { signingKey } from '../../src/loop/signing-key.ts'
import { candidateReader } from '../../src/release/fetch.ts'
import { type VerifyPolicyOptions, verifyPolicy } from '../../src/release/policy.ts'
import type { ReleaseManifest } from '../../src/release/release.ts'
import { verifyRelease } from '../../src/release/verify.ts'
import { handoversOf, inChargeAt, verifyHistory } from '../../src/serving/history.ts'
import { openWorld } from './ports.ts'
import { decisionsOf, importSimulated, runReplay, SYMBOL } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const RUN = 'replay-1'
const BARS = simulatedBars({ bars: 3000, seed: 1 })
const world = await openWorld()
after(() => world.close())
const { database, state, ports } = world
const market = await importSimulated(world, BARS)
const summary = await runReplay(world, market, { seed: 42, everyBars: 250, warmupBars: 1400 })
const decisions = await decisionsOf(world, RUN)
const releases = await state.registry.releases()
const events = await state.registry.events()
const byModel = decisions.filter(({ releaseId }) => releaseId !== 'baseline')
const inTrend = (bar: number): boolean => BARS[bar]!.trend

test('models are learned from the series and take charge one after the other', () => {
  assert.equal(summary.trainings, 7)
  assert.deepEqual(summary.trainingsFailed, {})
  assert.ok(summary.releases.installed >= 2, JSON.stringify(summary.refusedBy))
  assert.equal(summary.releases.installed + summary.releases.refused, summary.releases.published)
})

test('every decision is made by the release that the history says was in charge, or by the one whose trade is open', () => {
  verifyHistory(events)
  const handovers = handoversOf(events, REPLAY_SLOT)
  // The first one empties the slot: a replay starts with nothing in charge.
  assert.deepEqual([handovers[0]?.event, handovers.length], ['restarted', summary.releases.installed + 1])
  const idOf = new Map(releases.map(({ digest, releaseId }) => [digest, releaseId]))
  let entered: (typeof decisions)[number] | undefined
  for (const decision of decisions) {
    const { time, releaseId, position, bar } = decision
    // A bar is decided before a release may be swapped in at the same instant.
    const digest = inChargeAt(handovers, time - 1)?.to
    const inCharge = digest == null ? 'baseline' : idOf.get(digest)
    // From its entry order on a trade is managed by the set that entered it.
    const open = position !== 0 || entered?.bar === bar - 1
    assert.ok(releaseId === inCharge || (open && releaseId === entered?.releaseId), `bar ${bar}: ${releaseId}`)
    if (decision.outcome === 'enter') entered = decision
  }
  const followed = new Set(byModel.map(({ releaseId }) => releaseId))
  assert.equal(followed.size, summary.releases.installed)
})

test('where trends go on the models trade with them, where moves are taken back against them', () => {
  const entries = byModel.filter(({ outcome }) => outcome === 'enter')
  const share = (trend: boolean): number => {
    const own = entries.filter(({ bar }) => inTrend(bar) === trend)
    return own.filter(({ chosen }) => chosen === 'MeanReversion').length / own.length
  }
  assert.ok(share(true) < 0.2, `${share(true)}`)
  assert.ok(share(false) > 0.5, `${share(false)}`)
})

test('a trade of the models earns more than a trade of the rules that decided before them', async () => {
  const outcomes = await database.selectFrom('outcomes').select(['release_id', 'r']).execute()
  const meanR = (own: readonly { r: number }[]) => own.reduce((sum, { r }) => sum + r, 0) / own.length
  const ofModels = outcomes.filter(({ release_id }) => release_id !== 'baseline')
  const ofRules = outcomes.filter(({ release_id }) => release_id === 'baseline')
  assert.ok(ofModels.length > 30 && ofRules.length > 30)
  assert.ok(meanR(ofModels) > 1.2 && meanR(ofModels) > meanR(ofRules) + 0.5, `${meanR(ofModels)} ${meanR(ofRules)}`)
})

test('whatever is made from simulated bars says so', async () => {
  assert.equal(summary.provenance, 'simulated')
  assert.equal(releases.length, summary.releases.published)
  for (const { digest } of releases) {
    const { manifest, evaluation } = (await state.registry.documents(digest))!
    assert.equal((JSON.parse(manifest) as ReleaseManifest).provenance, 'simulated')
    assert.equal((JSON.parse(evaluation) as { provenance: string }).provenance, 'simulated')
  }
})

/** What a bot with this policy makes of the newest published release, at the end of the replay. */
async function verifiedWith(over: Partial<VerifyPolicyOptions>): Promise<string> {
  const source = ports.source(`${state.directory}/channels/${RUN}`)
  const keys = [await signingKey(state.directory, ports)]
  const policy = verifyPolicy({ profile: 'paper', channel: RUN, symbols: [SYMBOL], keys, ...over })
  const clock = replayClock(market.series.bars.at(-1)!.knownAt)
  const { signal } = new AbortController()
  const discovery = await source.discover(undefined, signal)
  assert.ok(discovery.kind === 'found')
  const reader = await candidateReader(source, discovery.candidates[0]!, policy, clock, signal)
  if (!reader.ok) return reader.fault.code
  const verified = await verifyRelease(reader.value, policy, undefined, clock)
  return verified.ok ? 'verified' : verified.fault.code
}

test('a live bot refuses it, even one that would be content with its signature and its backtest', async () => {
  assert.equal(await verifiedWith({}), 'verified')
  assert.equal(await verifiedWith({ profile: 'live' }), 'SIGNATURE_MISSING')
  assert.equal(await verifiedWith({ profile: 'live', required: ['hmac'], requireBacktest: false }), 'AUDIENCE')
})

test('every table of the database is written by a run, but those of what people do', async () => {
  const tables = (await database.introspection.getTables()).map(({ name }) => name)
  assert.ok(tables.length >= 15)
  const empty: string[] = []
  for (const table of tables) {
    const { rows } = await database.executeQuery<object>(
      database
        .selectFrom(table as 'runs')
        .selectAll()
        .limit(1)
        .compile(),
    )
    if (rows.length === 0) empty.push(table)
  }
  assert.deepEqual(empty, ['data_marks', 'idempotency_keys', 'kill_events', 'parameter_changes', 'run_inputs'])
})

test('the rows of a run fit together', async () => {
  const count = async (table: 'decisions' | 'orders' | 'fills' | 'outcomes' | 'equity_points' | 'training_runs') => {
    const rows = await database.selectFrom(table).select('run_id').where('run_id', '=', RUN).execute()
    return rows.length
  }
  assert.equal(await count('decisions'), summary.decisions)
  assert.equal(await count('outcomes'), summary.trades)
  assert.equal(await count('equity_points'), summary.bars)
  assert.equal(await count('training_runs'), summary.trainings)
  const run = await database.selectFrom('runs').selectAll().executeTakeFirstOrThrow()
  assert.equal(run.state, 'finished')
  assert.deepEqual(JSON.parse(run.summary!), summary)
  assert.equal(run.data_hash, market.series.snapshotId)
  const dataSet = await database.selectFrom('data_sets').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual([dataSet.hash, dataSet.provenance], [run.data_hash, 'simulated'])
  const config = await database.selectFrom('config_snapshots').selectAll().executeTakeFirstOrThrow()
  assert.equal(config.snapshot_id, run.config_snapshot)
})

test('every fill belongs to an order and every order to a decision that says so', async () => {
  const ids = new Set(decisions.map(({ decisionId }) => decisionId))
  const orders = await database.selectFrom('orders').selectAll().execute()
  for (const { decision_id } of orders) assert.ok(ids.has(decision_id))
  const entered = decisions.filter(({ outcome }) => outcome === 'enter').map(({ orderId }) => orderId)
  assert.deepEqual(
    orders.filter(({ role }) => role === 'entry').map(({ order_id }) => order_id),
    entered,
  )
  for (const { decision_id } of await database.selectFrom('fills').selectAll().execute())
    assert.ok(ids.has(decision_id))
})

test('every published release has its gate report, its members and their artifacts', async () => {
  for (const { digest } of releases) {
    const { manifest } = (await state.registry.documents(digest))!
    const { members } = JSON.parse(manifest) as ReleaseManifest
    assert.equal((await state.registry.gateReports(digest)).length, 1)
    const rows = await database
      .selectFrom('release_members')
      .innerJoin('artifacts', 'artifacts.sha256', 'release_members.sha256')
      .select(['name', 'artifacts.sha256', 'size'])
      .where('digest', '=', digest)
      .orderBy('name')
      .execute()
    assert.deepEqual(
      rows.map(({ name, sha256, size }) => ({ name, sha256, size })),
      members.map(({ name, sha256, size }) => ({ name, sha256, size })),
    )
  }
})
