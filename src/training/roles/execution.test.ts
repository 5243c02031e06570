import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { DAY_MS } from '../../market/bar.ts'
import { EXECUTION_COLUMNS } from '../../market/roles.ts'
import { rankIc } from '../../math/regression.ts'
import type { CandidateTable } from '../../trading/candidate-table.ts'
import { FEATURE_COUNT } from '../../trading/candidate-table.ts'
import { buildDataset, candidatesOf } from '../dataset.ts'
import { makeTable } from '../fixtures/candidate-table.ts'
import { SCHEMA } from '../fixtures/run.ts'
import { EXECUTION_DEFAULTS } from '../options.ts'
import { gatherRows, outcomesOf } from '../rows.ts'
import { walkExecution } from './walk-execution.ts'

async function walk(table: CandidateTable) {
  const data = buildDataset({ table, asOf: Date.UTC(2100, 0, 1), barMs: DAY_MS })
  const walked = await walkExecution(
    {
      data,
      columns: SCHEMA['execution']!,
      options: { ...EXECUTION_DEFAULTS, trees: 30 },
      embargoMs: DAY_MS,
      rng: seededRng(1),
    },
    async () => {},
  )
  const { rows } = candidatesOf(data, data.split.holdout)
  const said = walked.model.predict(gatherRows(table, rows, EXECUTION_COLUMNS), rows.length)
  return { walked, said, actual: outcomesOf(table, rows), data }
}

test('R that follows signal strength is ranked rightly on unseen candidates', async () => {
  const table = makeTable({ bars: 700 })
  for (let row = 0; row < table.length; row++) table.r[row]! += 2 * table.features[row * FEATURE_COUNT + 11]! - 1
  const { walked, said, actual } = await walk(table)
  assert.equal(walked.model.baseline, false)
  assert.ok(rankIc({ actual, predicted: said }) > 0.3)
})

test('where nothing can be learned the mean R is left and is marked as a stand-in', async () => {
  const table = makeTable({ bars: 700 })
  // What happens in the newest fifth of the fit part contradicts what came before.
  const turn = table.time[Math.floor(700 * 0.64) * 4]!
  for (let row = 0; row < table.length; row++) {
    const tilt = 2 * table.features[row * FEATURE_COUNT + 11]! - 1
    table.r[row]! += table.time[row]! < turn ? tilt : -tilt
  }
  const { walked, said } = await walk(table)
  assert.equal(walked.model.baseline, true)
  assert.ok(said.every(answer => answer === said[0]))
})
