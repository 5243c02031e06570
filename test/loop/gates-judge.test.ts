// A model that learned the truth is in charge; candidates that learned something else from the same bars are built into properly signed
// releases and offered. The gates refuse them by name, and the model in charge stays. Seed of the series 1; seeds of trainings by name.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { replayClock } from '../../src/base/clock.ts'
import { unwrap } from '../../src/base/fault.ts'
import { seededRng } from '../../src/base/rng.ts'
import { installationOf } from '../../src/loop/installation-of.ts'
import { leakGuard } from '../../src/loop/leak-guard.ts'
import { replayLimits } from '../../src/loop/limits-of.ts'
import { rowsOf } from '../../src/loop/series-rows.ts'
import { slotModels } from '../../src/loop/set-lease.ts'
import type { Settings } from '../../src/loop/settings.ts'
import { signingKey } from '../../src/loop/signing-key.ts'
import { syncOnce } from '../../src/loop/sync-once.ts'
import { buildCycle, trainCycle } from '../../src/loop/training-cycle.ts'
import { buildRelease } from '../../src/release/build.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { verifyHistory } from '../../src/serving/history.ts'
import { modelSlot } from '../../src/serving/slot.ts'
import type { SyncResult } from '../../src/serving/updater.ts'
import type { CandidateTable } from '../../src/trading/candidate-table.ts'
import { memoryLedger } from '../../src/trading/ledger/memory-ledger.ts'
import { recordedEvents } from '../../src/trading/recorded-events.ts'
import { run } from '../../src/trading/run.ts'
import { knownBars } from '../../src/training/events.ts'
import { openWorld } from './ports.ts'
import { importSimulated, SYMBOL } from './runs.ts'
import { simulatedBars } from './simulated.ts'

const world = await openWorld()
const oracle = world.ports.oracle()
after(async () => {
  await oracle.close()
  await world.close()
})
const { ports, state, folder } = world
const market = await importSimulated(world, simulatedBars({ bars: 3000, seed: 1 }))
const { bars, barMs, hasVolume } = market.series
const book = rowsOf(market, ports)
/** Trainings see this much; what follows is unseen by all of them. */
const TRAINED_BARS = 2200
const asOf = bars[TRAINED_BARS - 1]!.knownAt
const signal = new AbortController().signal

/** Outcomes dealt out anew among the events, whole events at a time: every feature keeps its place, nothing tells who wins. */
function shuffled(table: CandidateTable, seed: number): CandidateTable {
  const rng = seededRng(seed)
  const made = { ...table, r: table.r.slice(), win: table.win.slice() }
  const groups = knownBars(table, asOf)
  const deal = groups.map((_, at) => at)
  for (let i = deal.length - 1; i > 0; i--) {
    const j = rng.int(i + 1)
    const held = deal[i]!
    deal[i] = deal[j]!
    deal[j] = held
  }
  for (const [at, { row, size }] of groups.entries()) {
    const from = groups[deal[at]!]!
    for (let k = 0; k < size; k++) {
      made.r[row + k] = table.r[from.row + (k % from.size)]!
      made.win[row + k] = table.win[from.row + (k % from.size)]!
    }
  }
  return made
}

/** Within every event what earned most earns least and the other way round; where all lost, all still lose. */
function flipped(table: CandidateTable): CandidateTable {
  const made = { ...table, r: table.r.slice(), win: table.win.slice() }
  for (const { row, size } of knownBars(table, asOf)) {
    const own = table.r.subarray(row, row + size)
    const mirror = Math.max(...own) + Math.min(...own)
    for (let other = row; other < row + size; other++) {
      made.r[other] = mirror - table.r[other]!
      made.win[other] = made.r[other]! > 0 ? 1 : 0
    }
  }
  return made
}

type Trained = Extract<Awaited<ReturnType<typeof trainCycle>>, { ok: true }>

async function trainedOn(table: CandidateTable, seed: number): Promise<Trained> {
  const ledger = memoryLedger()
  const context = {
    market,
    book: { table, schema: book.schema },
    ports,
    clock: replayClock(asOf),
    oracle,
    ledger,
    guard: leakGuard(),
    signal,
  }
  const act = { name: `training ${seed}`, actor: 'test', scope: null }
  const trained = await trainCycle({ seed, number: seed, champion: undefined, act }, context)
  if (!trained.ok) throw trained.fault
  return trained
}

let version = 0
let previous: string | null = null

/** Builds the next release of the channel from what was trained, signs it, and offers it to the bot. */
async function offer(trained: Trained, gates: Partial<Settings['gates']> = {}): Promise<SyncResult> {
  version++
  const { channel } = ports.settings.release
  const keys = [await signingKey(state.directory, ports)]
  const request = { trained, channel, symbol: SYMBOL, version, prevManifestSha256: previous, keys }
  const built = unwrap(
    buildCycle({ ...request, baseUrl: 'https://models.example.com/' }, { ports, clock: ports.clock }),
  )
  previous = built.manifestSha256
  const source = join(folder, `release-${version}`)
  await writeReleaseDirectory(ports.disk, source, built.files)
  const settings = { ...ports.settings, gates: { ...ports.settings.gates, ...gates } }
  return syncOnce({ source, symbol: SYMBOL, signal }, state, { ...ports, settings })
}

/** As a configuration would say it: likeness and drawdown, which are asked first, refuse nothing any more. */
const RESULTS_ONLY = { maxTotalVariation: 1e3, maxKlDivergence: 1e3, maxDrawdownRatio: 1e3 } as const

const truth = await trainedOn(book.table, 11)
const champion = await offer(truth)

test('what learned the truth passes every gate and takes charge', () => {
  assert.deepEqual([champion.installed, champion.refused], [1, []])
  assert.equal(champion.gateReport?.verdict, 'pass')
  assert.ok(truth.evaluation.roles['meta']!.holdout['auc']!.low! > 0.6)
})

for (const [name, mislead] of [
  ['shuffled among the events', (table: CandidateTable) => shuffled(table, 5)],
  ['turned upside down', flipped],
] as const) {
  test(`a model that learned outcomes ${name} is refused for what it earns and predicts: G10`, async () => {
    const trained = await trainedOn(mislead(book.table), 12)
    const refused = await offer(trained, RESULTS_ONLY)
    assert.equal(refused.installed, 0)
    assert.deepEqual(
      refused.refused.map(({ code, file }) => [code, file]),
      [['GATE_REFUSED', 'G10']],
    )
    const report = refused.gateReport!
    assert.equal(report.decidedBy, 'G10')
    assert.equal(report.champion, champion.gateReport!.digest)
    const judged = report.results.find(({ gate }) => gate === 'G10')!
    assert.equal(judged.result, 'fail')
    assert.ok((judged.value as number) < 0.001)
    assert.equal(refused.inCharge, champion.releaseId)

    const byDefault = await offer(trained)
    assert.equal(byDefault.installed, 0)
    assert.equal(byDefault.gateReport?.verdict, 'fail')
    assert.equal(byDefault.inCharge, champion.releaseId)
  })
}

test('the model that stayed in charge is the one that goes on deciding', async () => {
  const slot = modelSlot()
  const installation = installationOf({ state, ports, slot, clock: ports.clock, actor: 'test' })
  const booted = unwrap(await bootSlot(installation))
  assert.deepEqual([booted.state, booted.inCharge?.releaseId], ['active', champion.releaseId])
  const deciders = new Set<string>()
  let chosen = 0
  const { trades } = run({
    events: recordedEvents(book.table, bars, TRAINED_BARS, bars.length),
    table: book.table,
    instrument: market.instrument,
    calendar: market.calendar,
    barMs,
    hasVolume,
    models: slotModels(slot, book.table.strategies),
    limits: replayLimits(ports.settings, SYMBOL),
    seed: 1,
    onDecision(decision) {
      deciders.add(decision.releaseId)
      if (decision.chosen !== null) chosen++
    },
  })
  assert.deepEqual([...deciders], [champion.releaseId])
  assert.ok(chosen > 50 && trades.length > 5, `${chosen} ${trades.length}`)
})

test('the refusals stand in the registry and in a history that is whole', async () => {
  const releases = await state.registry.releases()
  assert.deepEqual(releases.map(row => row.state).sort(), ['active', 'refused', 'refused', 'refused', 'refused'])
  const events = await state.registry.events()
  verifyHistory(events)
  const said = events.filter(({ event }) => event === 'refused')
  assert.equal(said.length, 4)
  for (const { from, cause } of said) {
    assert.equal(from, champion.gateReport!.digest)
    assert.match(cause, /^G\d+: /)
  }
})

test('another model of the truth is refused only where it is surely worse, else it takes charge: the gates tell them apart', async () => {
  const worse = await offer(await trainedOn(book.table, 13))
  assert.equal(worse.installed, 0)
  assert.deepEqual(
    worse.refused.map(({ file }) => file),
    ['G10'],
  )
  assert.match(worse.refused[0]!.detail ?? '', /predicts worse .* loss better by -[0-4]\./)
  const again = await offer(await trainedOn(book.table, 15))
  assert.deepEqual([again.installed, again.refused], [1, []])
  assert.equal(again.previous, champion.releaseId)
})

test('nothing made from simulated bars is even built for a live bot', () => {
  const { members, evaluation, graphSignatures, trainingSamples } = truth
  const built = buildRelease({
    members,
    graphSignatures,
    trainingSamples,
    channel: 'stable',
    audience: { profile: 'live', symbols: [SYMBOL] },
    epoch: 1,
    version: 1,
    label: '20200101_000000_1',
    prevManifestSha256: null,
    gates: { ciBacktest: 'pass', driftScore: 0, verdict: evaluation.verdict },
    minRatchet: ports.facts.codeVersion,
    onnx: { opset: 17, ir: 8 },
    provenance: evaluation.provenance,
    keys: [],
    baseUrl: 'https://models.example.com/',
    clock: ports.clock,
  })
  assert.equal(built.ok ? 'built' : built.fault.code, 'RELEASE_PROVENANCE')
})
