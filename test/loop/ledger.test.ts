// What was tried is entered once, by hypothesis: by a replay for itself, by people for the state directory; a search counts every trial.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../src/base/fault.ts'
import type { SearchRequest } from '../../src/loop/search-training.ts'
import { trainOnce } from '../../src/loop/train-once.ts'
import type { GateReport } from '../../src/serving/gates/run.ts'
import { type LedgerEntry, verifyLedger } from '../../src/trading/ledger/entry.ts'
import { openWorld } from './ports.ts'
import { importSimulated, runReplay, seriesIn } from './runs.ts'
import { simulatedBars, writeBars } from './simulated.ts'

const BARS = simulatedBars({ bars: 1250, seed: 3 })
const world = await openWorld()
const { state, ports, folder, database } = world

/** Kind -> count of what one actor entered for one role. */
function kinds(entries: readonly LedgerEntry[], actor: string, role: string): Record<string, number> {
  const own = entries.filter(entry => entry.actor === actor && entry.subject.startsWith(`${role} of`))
  return Object.fromEntries([...Map.groupBy(own, ({ kind }) => kind)].map(([kind, some]) => [kind, some.length]))
}

test('a replay enters one configuration a role, refits as looks, and each reading of the holdout', async () => {
  const summary = await runReplay(world, await importSimulated(world, BARS), {
    seed: 7,
    everyBars: 200,
    warmupBars: 800,
  })
  const entries = await state.ledger.entries()
  verifyLedger(entries)
  for (const role of ['meta', 'execution', 'rl_sizer']) {
    assert.deepEqual(kinds(entries, 'replay-1', role), { configuration: 1, holdout: 3, look: 2 })
  }
  const looks = kinds(entries, 'replay-1', 'set')['test'] ?? 0
  assert.equal(looks, summary.releases.published - 1)
})

test('G13 is measured on each release: the first by its Sharpe ratio, the others by the level they are granted', async () => {
  const rows = await database.selectFrom('gate_results').select('report').orderBy('seq').execute()
  const found = rows.map(({ report }) => JSON.parse(report) as GateReport)
  const measured = found.map(({ results }) => results.find(({ gate }) => gate === 'G13')!)
  const [first, ...others] = measured
  // Simulated decisions overlap so much that too few of them are independent: shown, and no reason to refuse in paper.
  assert.deepEqual([first?.result, first?.limit, first?.paper], ['pass', 0.95, true])
  assert.match(first?.reason ?? '', /periods, 30 are needed/)
  assert.ok(others.length > 0)
  for (const { result, value, limit } of others) {
    assert.equal(result, 'pass')
    assert.ok(Number(value) > 0 && Number(value) <= 1 && Number(limit) < 0.01)
  }
})

const file = join(folder, 'bars.csv')
writeBars(file, BARS.slice(0, 900))
const asOf = Date.UTC(2100, 0, 1)

async function trained(out: string, over: { readonly seed?: number; readonly search?: SearchRequest } = {}) {
  const { signal } = new AbortController()
  const request = { data: seriesIn(file), seed: 1, asOf, out: join(folder, out), signal, onProgress: () => {}, ...over }
  return (await trainOnce(request, state, ports)).evaluation
}

test('people are told of all they tried: the same again is one try, another seed is another', async () => {
  const first = await trained('one')
  assert.deepEqual([first.trials, first.multiplicity?.looks, first.multiplicity?.holdoutViews], [1, 0, 1])
  assert.equal((await trained('again')).trials, 1)
  // Three roles were tried once more.
  assert.equal((await trained('other seed', { seed: 2 })).trials, 4)
  // The first one made again is the same release.
  assert.deepEqual(await trained('made again'), first)
})

test('each trial of a search counts, also those of one that was killed and went on', async () => {
  const search = { role: 'execution', method: 'random', trials: 3, patience: 3 } as const
  const before = (await state.ledger.entries()).length
  let written = 0
  const killed: typeof ports = {
    ...ports,
    machine: async place => {
      // Asked at the end of each trial: the second never ends.
      if (++written === 4) throw new Fault('KILLED', 'the power went')
      return ports.machine(place)
    },
  }
  const { signal } = new AbortController()
  const request = {
    data: seriesIn(file),
    seed: 1,
    asOf,
    out: join(folder, 'killed'),
    search,
    signal,
    onProgress: () => {},
  }
  await assert.rejects(trainOnce(request, state, killed), { code: 'KILLED' })
  assert.ok((await state.ledger.entries()).length > before)
  const evaluation = await trained('searched', { search })
  const entries = (await state.ledger.entries()).slice(before)
  // The defaults and three more, and the refit of what was chosen is a look.
  assert.equal(entries.filter(({ kind }) => kind === 'trial').length, 4)
  assert.equal(entries.filter(({ kind }) => kind === 'look').length, 1)
  // The other two roles were tried again beside it: with their two of before, three each.
  assert.equal(entries.filter(({ kind }) => kind === 'rerun').length, 2)
  assert.equal(evaluation.trials, 1 + (2 + 4 - 1) + (3 - 1) + (3 - 1))
  assert.deepEqual(
    evaluation.search?.trials.map(({ number }) => number),
    [1, 2, 3],
  )
  verifyLedger(await state.ledger.entries())
})

test('an unknown method is refused with those there are', async () => {
  const search = { role: 'meta', method: 'annealing', trials: 3, patience: 3 } as const
  await assert.rejects(trained('refused', { search }), { code: 'PARAM_INVALID', place: 'search.method' })
})

test('where nothing was tried before, a search of three trials makes four with the defaults', async () => {
  const fresh = await openWorld()
  const { signal } = new AbortController()
  const search = { role: 'execution', method: 'random', trials: 3, patience: 3 } as const
  const request = {
    data: seriesIn(file),
    seed: 1,
    asOf,
    out: join(folder, 'fresh'),
    search,
    signal,
    onProgress: () => {},
  }
  const { evaluation } = await trainOnce(request, fresh.state, fresh.ports)
  assert.deepEqual([evaluation.trials, evaluation.multiplicity?.looks], [4, 1])
})
