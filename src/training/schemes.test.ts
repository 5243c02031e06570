// Trainings under each scheme of SPLIT-01, and the floors and lengths that the configuration sets.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../market/bar.ts'
import { buildDataset } from './dataset.ts'
import { makeTable } from './fixtures/candidate-table.ts'
import { QUICK, runOf } from './fixtures/run.ts'
import type { DatasetOptions } from './options.ts'
import { lintSplit } from './split-lint.ts'
import { train } from './train.ts'

const table = makeTable({ bars: 900, edge: true })
const asOf = Date.UTC(2100, 0, 1)
const of = (options: Partial<DatasetOptions>) => buildDataset({ table, asOf, barMs: DAY_MS, options })

const SCHEMES = [
  { scheme: 'rolling', rolling: { trainDays: 300, validateDays: 60, stepDays: 60 } },
  { scheme: 'combinatorial', folds: 3 },
] as const

test('each scheme keeps its halves apart and trains to a release with an edge found', async () => {
  for (const [options, count] of [
    [SCHEMES[0], 6],
    [SCHEMES[1], 6],
  ] as const) {
    const { split, events } = of(options)
    assert.equal(split.folds.length, count, options.scheme)
    for (const fold of split.folds)
      assert.deepEqual(lintSplit({ start: events.time, end: events.end }, fold, DAY_MS), [])
    const outcome = await train(runOf(table, { options: { ...QUICK, ...options } }))
    assert.ok(outcome.ok, outcome.ok ? '' : outcome.fault.message)
    const { meta } = outcome.evaluation.roles
    assert.ok(meta!.folds['auc']!.every(auc => auc! > 0.6))
    assert.equal(meta!.folds['auc']!.length, count)
  }
})

test('floors, rows and half-life are those of the configuration', () => {
  assert.equal(of({}).thin, true)
  assert.equal(of({ minRows: 10, minTradesPerFold: 3, minRowsPerClass: 5 }).thin, false)
  assert.throws(() => of({ profile: 'live', minRows: 10_000 }), /effective rows of 10000/)
  assert.ok(of({ maxRows: 1_000 }).rows.length <= 1_000)
  assert.ok(of({ recencyHalfLifeDays: 300 }).effective < of({}).effective)
})
