// Every route over a state directory that a loop left: what it answers, what it refuses, what is not there.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type {
  BarView,
  DecisionView,
  EquityView,
  Explanation,
  FillView,
  OrderView,
  TradeView,
} from '../../src/api/schemas/market.ts'
import type { InChargeView, ReleaseDetail, ReleaseView, SlotEventView } from '../../src/api/schemas/releases.ts'
import type { RunView, Status } from '../../src/api/schemas/status.ts'
import type { TrainingDetail, TrainingView } from '../../src/api/schemas/trainings.ts'
import { FEATURE_NAMES } from '../../src/market/roles.ts'
import { publishedPath } from '../../src/release/layout.ts'
import { asker, type Page } from './asker.ts'
import { type ApiWorld, BARS, LIVE, openApiWorld } from './world.ts'

let world: ApiWorld
before(async () => {
  world = await openApiWorld()
})
after(() => world.close())

const { ask, get, refused, all } = asker(() => world)

test('status: the run, the account, the slot and the seq to subscribe from', async () => {
  const status = await get<Status>('/api/status')
  assert.equal(status.mode, 'PAPER')
  assert.deepEqual([status.run?.runId, status.run?.bars, status.run?.barsDone], ['replay-1', BARS, BARS])
  assert.equal(status.run?.provenance, 'simulated')
  assert.match(status.banner.join(' '), /hypothetical/)
  const { equity = 0, capital = 0, peak = 0, drawdown = -1 } = status.account ?? {}
  assert.equal(capital, 100_000)
  assert.ok(peak >= equity && Math.abs(drawdown - (peak - equity) / peak) < 1e-12)
  assert.equal(status.slots[0]?.label, world.installed.manifest.label)
  assert.equal(status.slots[0]?.sinceBar, 400)
  const { trainings, trainingsFailed, trainingsSkipped, published, installed, refused, decisions } = status.counts
  assert.deepEqual([trainings, trainingsFailed, trainingsSkipped, published, installed, refused], [3, 1, 1, 2, 1, 1])
  assert.ok(decisions > 100)
  assert.ok(status.lastSeq > BARS)
  assert.equal(status.live, null)
})

test('status shows what is true now while a loop runs', async () => {
  world.control.show(LIVE)
  assert.deepEqual((await get<Status>('/api/status')).live, LIVE)
})

test('runs, newest first', async () => {
  const { items } = await get<{ items: RunView[] }>('/api/runs')
  assert.deepEqual(
    items.map(({ runId, state, trainEvery }) => [runId, state, trainEvery]),
    [['replay-1', 'finished', 100]],
  )
  assert.match(items[0]!.eventHash ?? '', /^[0-9a-f]{64}$/)
  assert.equal(items[0]!.figures?.trials, 1)
})

test('bars: the newest that were asked for, never beyond what the run has passed', async () => {
  const { items, symbol } = await get<{ items: BarView[]; symbol: string }>('/api/bars?run=replay-1&limit=5')
  assert.deepEqual(
    [symbol, ...items.map(({ index }) => index)],
    ['SIM', BARS - 5, BARS - 4, BARS - 3, BARS - 2, BARS - 1],
  )
  const from = items[1]!.knownAt
  const to = items[3]!.knownAt
  const between = await get<{ items: BarView[] }>(`/api/bars?from=${from}&to=${to}`)
  assert.deepEqual(
    between.items.map(({ index }) => index),
    [BARS - 4, BARS - 3, BARS - 2],
  )
  await world.world.database.updateTable('runs').set({ bars_done: 10 }).execute()
  const { items: few } = await get<{ items: BarView[] }>('/api/bars?limit=50000')
  await world.world.database.updateTable('runs').set({ bars_done: BARS }).execute()
  assert.equal(few.at(-1)?.index, 9)
})

test('equity: thinned, the first and the last always there, and the same as the journal has', async () => {
  const { at, equity, hold, capital } = await get<EquityView>('/api/equity?points=50')
  const rows = await world.world.database.selectFrom('equity_points').selectAll().orderBy('at').execute()
  assert.ok(at.length <= 51 && at.length >= 40)
  assert.deepEqual([at[0], at.at(-1)], [rows[0]!.at, rows.at(-1)!.at])
  assert.equal(equity.at(-1), rows.at(-1)!.equity_micros / 1e6)
  assert.ok(hold.length === at.length && capital === 100_000)
  assert.ok(at.every((time, i) => rows.find(row => row.at === time)!.equity_micros / 1e6 === equity[i]))
})

test('decisions: whole in pages, each once, newest first or oldest first, narrowed by outcome and time', async () => {
  const decisions = await all<DecisionView>('/api/decisions?limit=97')
  assert.deepEqual(
    decisions.map(({ seq }) => seq),
    Array.from({ length: decisions.length }, (_, i) => decisions.length - 1 - i),
  )
  const oldest = await all<DecisionView>('/api/decisions?limit=500&order=oldest')
  assert.deepEqual(
    oldest.map(({ seq }) => seq),
    decisions.map(({ seq }) => seq).reverse(),
  )
  const entered = await all<DecisionView>('/api/decisions?limit=7&outcome=enter')
  assert.deepEqual(
    entered,
    decisions.filter(({ outcome }) => outcome === 'enter'),
  )
  const [from, to] = [decisions[20]!.at, decisions[10]!.at]
  assert.deepEqual(await all(`/api/decisions?limit=3&from=${from}&to=${to}`), decisions.slice(10, 21))
})

test('trades and fills: whole in pages, each once, prices in the unit of the bars', async () => {
  const trades = await all<TradeView>('/api/trades?limit=6')
  const fills = await all<FillView>('/api/fills?limit=11&order=oldest')
  const { count } = await world.world.database
    .selectFrom('outcomes')
    .select(select => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  assert.equal(trades.length, count)
  assert.equal(new Set(fills.map(({ tradeId }) => tradeId)).size, fills.length)
  assert.ok(fills.every(({ at }, i) => i === 0 || at >= fills[i - 1]!.at))
  for (const trade of trades) {
    const own = fills.filter(({ decisionId }) => decisionId === trade.decisionId)
    assert.equal(own.find(({ role }) => role === 'entry')?.price, trade.entry)
    assert.ok(Math.abs(trade.gross - trade.costs - trade.net) < 1e-6)
    assert.ok(trade.decisionSeq >= 0)
  }
  const [first] = trades
  const opener = await get<Explanation>(`/api/decisions/${first!.decisionSeq}/explain`)
  assert.equal(opener.decision.decisionId, first!.decisionId)
  assert.deepEqual(opener.trade, first)
})

test('orders: each with what was filled of it, in pages, by role, and as CSV', async () => {
  const orders = await all<OrderView>('/api/orders?limit=7')
  const fills = await all<FillView>('/api/fills?limit=500')
  assert.ok(orders.length > 0)
  assert.equal(new Set(orders.map(({ orderId }) => orderId)).size, orders.length)
  for (const { orderId, quantity, filled, side } of orders) {
    const own = fills.filter(fill => fill.orderId === orderId)
    assert.equal(
      filled,
      own.reduce((lots, fill) => lots + fill.quantity, 0),
    )
    assert.ok(filled <= quantity)
    assert.ok(own.every(fill => fill.side === side))
  }
  const entries = await all<OrderView>('/api/orders?role=entry')
  assert.deepEqual(
    entries,
    orders.filter(({ role }) => role === 'entry'),
  )
  const [entry] = entries
  const { decision } = await get<Explanation>(`/api/decisions/${entry!.decisionSeq}/explain`)
  assert.equal(decision.decisionId, entry!.decisionId)
  assert.ok(entry!.stopDistance! > 0 && entry!.targetDistance! > 0 && entry!.maxBars! > 0)
  const csv = (await ask('/api/orders?limit=500', { accept: 'text/csv' })).body.trim().split('\r\n')
  assert.match(csv[0]!, /^orderId,decisionId,decisionSeq,at,strategy,side,quantity,filled,role,/)
  assert.equal(csv.length, orders.length + 1)
})

test('fills by role and trades by what ended them are those of the whole lists', async () => {
  const fills = await all<FillView>('/api/fills?limit=500')
  const trades = await all<TradeView>('/api/trades?limit=500')
  assert.deepEqual(
    await all('/api/fills?role=entry&limit=3'),
    fills.filter(({ role }) => role === 'entry'),
  )
  const { exitReason } = trades[0]!
  assert.deepEqual(
    await all(`/api/trades?exitReason=${exitReason}&limit=3`),
    trades.filter(trade => trade.exitReason === exitReason),
  )
  assert.equal((await ask('/api/trades?exitReason=luck')).statusCode, 400)
})

test('a list as CSV has the columns of its schema and the cursor in a header', async () => {
  const response = await ask('/api/decisions?limit=2', { accept: 'text/csv' })
  const lines = response.body.split('\r\n')
  assert.equal(lines[0], 'seq,decisionId,at,bar,outcome,releaseId,chosen,side,confidence,regime,riskState,reason')
  assert.equal(lines.length, 4)
  const { next } = await get<Page<DecisionView>>('/api/decisions?limit=2')
  assert.equal(response.headers['x-next-cursor'], next)
  assert.match((await ask('/api/trades', { accept: 'text/csv' })).body, /^decisionId,decisionSeq,/)
})

test('an entry is explained down to the inputs, whose hash is the recorded one', async () => {
  const [entry] = await all<DecisionView>('/api/decisions?limit=1&outcome=enter&order=oldest')
  const { summary, features, sizing, checks, stop, target, price, votes, candidates, decision } =
    await get<Explanation>(`/api/decisions/${entry!.seq}/explain?run=replay-1`)
  assert.match(summary, /^Entered (?:long|short) with \d+ lots on \w+, confidence 100 %: every rule allowed it\.$/)
  assert.deepEqual(
    features.columns.map(({ name }) => name),
    [...FEATURE_NAMES],
  )
  assert.ok(Math.abs(features.columns[0]!.value! - price) < 1e-4)
  assert.equal(sizing?.at(-1)?.step, 'lots')
  assert.ok(checks.every(({ passed }) => passed))
  assert.ok(decision.side === 1 ? stop! < target! : stop! > target!)
  assert.equal(votes.length, candidates.length + 1)
})

test('a decision without trade says why in words', async () => {
  const [none] = await all<DecisionView>('/api/decisions?limit=1&outcome=noTrade&order=oldest')
  const { summary, reasons, lineage } = await get<Explanation>(`/api/decisions/${none!.seq}/explain`)
  assert.match(summary, /^No trade: /)
  assert.ok(reasons.length > 0 && reasons.every(({ text, code }) => text !== code && text.length > 10))
  assert.equal(lineage, null, 'the baseline has no lineage')
})

test('a decision of a release leads to the data that its models learned from', async () => {
  const [last] = (await get<Page<DecisionView>>('/api/decisions?limit=1')).items
  const { database } = world.world
  const row = await database.selectFrom('decisions').selectAll().where('seq', '=', last!.seq).executeTakeFirstOrThrow()
  const { releaseId } = world.installed.manifest
  const explanation = JSON.stringify({ ...(JSON.parse(row.explanation) as object), releaseId })
  await database.updateTable('decisions').set({ explanation }).where('seq', '=', last!.seq).execute()
  const { lineage } = await get<Explanation>(`/api/decisions/${last!.seq}/explain`)
  await database.updateTable('decisions').set({ explanation: row.explanation }).where('seq', '=', last!.seq).execute()
  assert.deepEqual(
    [lineage?.digest, lineage?.signatureValid, lineage?.dataHash, lineage?.codeVersion],
    [world.installed.manifestSha256, true, 'a'.repeat(64), '0.1.0'],
  )
})

test('releases: who was in charge when, who was refused by what', async () => {
  const { items } = await get<{ items: ReleaseView[] }>('/api/releases')
  assert.deepEqual(
    items.map(({ state, decidedBy, reason }) => [state, decidedBy, reason]),
    [
      ['active', null, null],
      ['refused', 'G6', 'answers everything alike'],
    ],
  )
  assert.equal(items[0]!.tenures.length, 1)
  assert.equal(items[0]!.tenures[0]!.to, null)
  assert.equal((await get<{ items: unknown[] }>('/api/releases?run=replay-1')).items.length, 2)
})

test('one release by label, version, id, digest and its beginning', async () => {
  const { manifest, manifestSha256 } = world.installed
  const names = [
    manifest.label,
    `v${manifest.label}`,
    '1',
    manifest.releaseId,
    manifestSha256,
    manifestSha256.slice(0, 8),
  ]
  for (const name of names) {
    const { digest, signature, lineage, card, gates, members, roles } = await get<ReleaseDetail>(
      `/api/releases/${name}`,
    )
    assert.equal(digest, manifestSha256, name)
    assert.deepEqual(signature, {
      valid: true,
      keyIds: ['hmac:development:1'],
      algorithms: ['hmac-sha256'],
      fault: null,
    })
    assert.equal(lineage.platform, 'a machine')
    assert.equal(card, '# Model 1\n')
    assert.deepEqual(
      gates.map(({ gate, asks, result }) => [gate, asks.length > 0, result]),
      [
        ['G1', true, 'pass'],
        ['G6', true, 'pass'],
      ],
    )
    assert.equal(members.length, manifest.members.length)
    assert.deepEqual(roles.map(({ role }) => role).sort(), ['execution', 'meta', 'rl_sizer'])
    assert.ok(roles.every(({ parity, file }) => parity?.rows === 1000 && file.bytes > 0))
  }
})

test('a changed byte of a release shows: its signature no longer holds, and nothing of it is shown as evidence', async () => {
  const { manifest, manifestSha256 } = world.refused
  const path = join(world.directory, 'channels/replay-1', publishedPath('card.md', manifest.label))
  const card = readFileSync(path, 'utf8')
  writeFileSync(path, card.replace('Model', 'Modem'))
  const broken = await get<ReleaseDetail>(`/api/releases/${manifestSha256}`)
  writeFileSync(path, card)
  assert.equal(broken.signature.valid, false)
  assert.match(broken.signature.fault ?? '', /^MEMBER_HASH: /)
  assert.deepEqual([broken.card, broken.lineage.dataHash], ['', ''])
  assert.equal((await get<ReleaseDetail>(`/api/releases/${manifestSha256}`)).signature.valid, true)
})

test('what was in charge then, and the history with a chain that holds', async () => {
  const { manifest } = world.installed
  const since = Date.parse(manifest.issuedAt)
  const before = await get<InChargeView>(`/api/models/history?at=${since - 1}`)
  assert.deepEqual([before.verified, before.slots[0]?.digest], [true, null])
  const then = await get<InChargeView>(`/api/models/history?at=${since}`)
  assert.deepEqual([then.slots[0]?.label, then.slots[0]?.since], [manifest.label, since])
  const timeline = await get<{ verified: boolean; items: SlotEventView[] }>('/api/models/timeline')
  assert.deepEqual(
    timeline.items.map(({ event }) => event),
    ['restarted', 'activated', 'refused'],
  )
  assert.equal(timeline.verified, true)
  await world.world.database.updateTable('slot_events').set({ cause: 'another' }).where('seq', '=', 2).execute()
  const broken = await get<{ verified: boolean }>('/api/models/timeline?all=true')
  await world.world.database.updateTable('slot_events').set({ cause: 'gates passed' }).where('seq', '=', 2).execute()
  assert.equal(broken.verified, false)
})

test('trainings: every cycle with what came of it', async () => {
  const { items, now } = await get<{ items: TrainingView[]; now: unknown }>('/api/trainings')
  assert.equal(now, null)
  assert.deepEqual(
    items.map(({ number, status, verdict }) => [number, status, verdict]),
    [
      [1, 'released', 'installed'],
      [2, 'released', 'G6'],
      [3, 'failed', null],
      [4, 'skipped', null],
    ],
  )
  assert.equal(items[2]!.reason, 'TRAIN_TOO_FEW: too little data to train')
  assert.equal(items[3]!.reason, 'the file SKIP_TRAINING is there')
  assert.deepEqual(
    items[0]!.headline.map(({ name, baselineName, model }) => [name, baselineName, model.value]),
    [['logLoss', 'majority', 1.2]],
  )
})

test('one training with its curves and how long each part took', async () => {
  const { curves, durations, folds, fit } = await get<TrainingDetail>('/api/trainings/replay-1-1')
  assert.deepEqual(curves, [{ role: 'meta', curve: 'train', x: 1, y: 0.7, unit: 'logLoss' }])
  assert.deepEqual([durations, folds, fit], [{ dataset: 12 }, 2, [0, 1000]])
  assert.deepEqual((await get<TrainingDetail>('/api/trainings/replay-1-3')).curves, [])
})

test('a single thing that has not changed is not sent again', async () => {
  for (const url of ['/api/releases/1', '/api/trainings/replay-1-1', '/api/decisions/3/explain']) {
    const { etag } = (await ask(url)).headers
    assert.match(etag ?? '', /^"[0-9a-f]{32}"$/)
    const again = await ask(url, { 'if-none-match': etag! })
    assert.deepEqual([again.statusCode, again.body], [304, ''])
    assert.equal((await ask(url, { 'if-none-match': '"other"' })).statusCode, 200)
  }
})

test('what is not there is 404 with a stable code', async () => {
  await refused('/api/bars?run=nope', 404, 'RUN_UNKNOWN')
  await refused('/api/decisions/99999/explain', 404, 'DECISION_UNKNOWN')
  await refused('/api/releases/nope', 404, 'RELEASE_UNKNOWN')
  await refused('/api/trainings/nope', 404, 'TRAINING_UNKNOWN')
  await refused('/api/nope', 404, 'NOT_FOUND')
})

test('a form that is not as expected is 400 and names the field', async () => {
  for (const [url, field] of [
    ['/api/bars?limit=0', 'querystring.limit'],
    ['/api/bars?from=yesterday', 'querystring.from'],
    ['/api/equity?points=1', 'querystring.points'],
    ['/api/decisions?limit=501', 'querystring.limit'],
    ['/api/decisions?outcome=maybe', 'querystring.outcome'],
    ['/api/trades?order=random', 'querystring.order'],
    ['/api/models/history', 'querystring.at'],
    ['/api/decisions/x/explain', 'params.seq'],
    ['/api/events?topics=gossip', 'querystring.topics.0'],
  ] as const) {
    const response = await ask(url)
    const { code, fields } = response.json<{ code: string; fields: { path: string }[] }>()
    assert.deepEqual([response.statusCode, code, fields[0]?.path], [400, 'FORM_INVALID', field], url)
  }
  assert.equal((await ask('/api/fills?colour=red')).statusCode, 400)
  await refused('/api/fills?cursor=abc', 400, 'CURSOR_INVALID')
})
