// What the execution model stands beside: the mean R of the past, a ridge regression, and the release in charge.

import { EXECUTION_COLUMNS } from '../../market/roles.ts'
import { candidatesOf, type Dataset } from '../dataset.ts'
import { executionStatistics } from '../metrics/execution.ts'
import type { Statistics } from '../metrics/interval.ts'
import { gatherRows, outcomesOf } from '../rows.ts'
import type { Champion } from '../run.ts'
import { fitRidge } from './ridge.ts'

/** @param judged rows of the table that all are judged on */
export async function executionBaselines(
  data: Dataset,
  judged: Int32Array,
  champion?: Champion,
): Promise<Record<string, Statistics>> {
  const { rows, weight } = candidatesOf(data, data.split.fit)
  const targets = outcomesOf(data.table, rows)
  const actual = outcomesOf(data.table, judged)
  const asked = gatherRows(data.table, judged, EXECUTION_COLUMNS)
  let total = 0
  let sum = 0
  for (const [at, target] of targets.entries()) {
    total += weight[at]!
    sum += weight[at]! * target
  }
  const ridge = fitRidge({
    rows: gatherRows(data.table, rows, EXECUTION_COLUMNS),
    width: EXECUTION_COLUMNS.length,
    targets,
    weights: weight,
  })
  const last = await champion?.answer('execution', asked, judged.length)
  return {
    mean: executionStatistics(new Float32Array(judged.length).fill(sum / total), actual),
    ridge: executionStatistics(ridge(asked), actual),
    ...(last === undefined ? {} : { lastModel: executionStatistics(last.values, actual) }),
  }
}
