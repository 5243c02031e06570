import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../../market/bar.ts'
import { buildDataset } from '../dataset.ts'
import { makeTable } from '../fixtures/candidate-table.ts'
import { SCHEMA } from '../fixtures/run.ts'
import { still } from './fixtures/landscapes.ts'
import { tpe } from './methods/tpe.ts'
import { type TrialWork, tryRole } from './role-objective.ts'
import { search } from './search.ts'
import { sizerFolds } from './sizer-trial.ts'
import type { Space } from './space.ts'
import { ROLE_SPACES, type SearchedRole } from './spaces.ts'
import { cautious } from './trial.ts'

const data = buildDataset({
  table: makeTable({ bars: 600, edge: true, maxSpan: 2 }),
  asOf: Date.UTC(2100, 0, 1),
  barMs: DAY_MS,
})
const folds = sizerFolds({ data, step: 0.01, sessionOf: time => `${time}`, drawdownLimitR: 20 })
const inputOf = (role: SearchedRole): TrialWork => ({
  role,
  data,
  columns: SCHEMA[role]!,
  embargoMs: DAY_MS,
  seed: 1,
  sizerFolds: role === 'rl_sizer' ? folds : [],
})
const full = { resource: 1, signal: new AbortController().signal }

test('parameters of a role change its folds, and the same ones never do', async () => {
  for (const role of ['meta', 'execution'] as const) {
    const of = (parameters: Record<string, number>, resource = 1) =>
      tryRole(inputOf(role), parameters, { ...full, resource })
    const shallow = await of({ trees: 25, depth: 2 })
    assert.equal(shallow.values.length, 5)
    assert.deepEqual(await of({ trees: 25, depth: 2 }), shallow)
    assert.notDeepEqual((await of({ trees: 25, depth: 6 })).values, shallow.values)
    assert.notDeepEqual((await of({ trees: 25, depth: 2 }, 1 / 9)).values, shallow.values)
  }
})

test('the sizer is fitted on every fold and judged on the trades after it, by one goal whatever it was fitted with', async () => {
  const of = (parameters: Record<string, number>, resource = 1) =>
    tryRole(inputOf('rl_sizer'), parameters, { ...full, resource })
  const quick = { steps: 100 }
  const first = await of(quick)
  assert.equal(first.values.length, 5)
  assert.equal(
    first.results?.span[0],
    folds.reduce((sum, { judge }) => sum + judge.r.length, 0),
  )
  assert.deepEqual(await of(quick), first)
  assert.notDeepEqual((await of({ ...quick, units: 4 })).values, first.values)
  assert.notDeepEqual((await of(quick, 1 / 9)).values, first.values)
  await assert.rejects(of({ lambda: 0 }), { code: 'PARAM_INVALID', place: 'training.rlSizer.lambda' })
})

test('the ledger gets what a trial earned on the folds', async () => {
  const { results } = await tryRole(inputOf('meta'), { trees: 25 }, full)
  const judged = data.split.folds.reduce((sum, { validate }) => sum + validate.length, 0)
  assert.equal(results?.span[0], judged)
  assert.ok(results.sharpe > 0.3 && results.periods > 30)
})

test('what is not in the space of a role is refused by its path', async () => {
  await assert.rejects(tryRole(inputOf('meta'), { depth: 99 }, full), {
    code: 'PARAM_INVALID',
    place: 'training.meta.depth',
  })
  await assert.rejects(tryRole(inputOf('execution'), { minLeaf: 2 }, full), {
    code: 'PARAM_INVALID',
    place: 'training.execution.minLeaf',
  })
})

test('a search finds trees deep enough for a planted edge', async () => {
  const space: Space = { ...ROLE_SPACES.meta, trees: { kind: 'whole', low: 25, high: 30 } }
  const input = inputOf('meta')
  const { best } = await search({
    ...still(2),
    space,
    method: tpe,
    trials: 8,
    objective: async (parameters, context) => (await tryRole(input, parameters, context)).values,
  })
  const stumps = await tryRole(input, { trees: 25, depth: 2, minLeaf: 40, features: 'sqrt' }, full)
  assert.ok(best!.value! > cautious(stumps.values), `${best!.value}`)
})
