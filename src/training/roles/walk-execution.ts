// The execution model through the folds of the walk-forward, and the one that ships.

import { EXECUTION_COLUMNS } from '../../market/roles.ts'
import { candidatesOf, type Dataset } from '../dataset.ts'
import type { ResultSeries } from '../ledger/results.ts'
import { executionSeries, executionStatistics } from '../metrics/execution.ts'
import type { Statistics } from '../metrics/interval.ts'
import { gatherRows, outcomesOf } from '../rows.ts'
import { type ExecutionInput, fitExecution } from './execution.ts'
import type { RoleModel } from './role-model.ts'

export type WalkedExecution = {
  /** Fitted on the fit part: what ships. */
  readonly model: RoleModel
  /** Fitted on the last fold's training part, for questions about validation rows. */
  readonly lastFold: RoleModel
  readonly folds: readonly Statistics[]
  /** Results of the validation candidates of each fold. */
  readonly results: readonly ResultSeries[]
}

function answersVary(data: Dataset, model: RoleModel): boolean {
  const { rows } = candidatesOf(data, data.split.holdout)
  const answers = model.predict(gatherRows(data.table, rows, EXECUTION_COLUMNS), rows.length)
  return answers.some(answer => answer !== answers[0])
}

/**
 * @param watched what ships is fitted under its `watch`, the folds are not
 * @param onFit awaited after each fit, for progress and cancelling
 */
export async function walkExecution(
  watched: Omit<ExecutionInput, 'events'>,
  onFit: () => Promise<void>,
): Promise<WalkedExecution> {
  const input = { ...watched, watch: undefined }
  const { data, rng } = input
  const models: RoleModel[] = []
  for (const [fold, { train }] of data.split.folds.entries()) {
    models.push(fitExecution({ ...input, events: train, rng: rng.fork(`fold ${fold}`) }))
    await onFit()
  }
  const judged = models.map((model, fold) => {
    const { rows } = candidatesOf(data, data.split.folds[fold]!.validate)
    return { rows, said: model.predict(gatherRows(data.table, rows, EXECUTION_COLUMNS), rows.length) }
  })
  const folds = judged.map(({ rows, said }) => executionStatistics(said, outcomesOf(data.table, rows)))
  const results = judged.map(({ rows, said }) => executionSeries(data.table, rows, said))
  const fitted = fitExecution({ ...watched, events: data.split.fit, rng: rng.fork('final') })
  // Where no tree helped on the inner fold the mean R is left: one answer for every candidate stands in for a model.
  const model = { ...fitted, baseline: !answersVary(data, fitted) }
  await onFit()
  return { model, lastFold: models.at(-1) ?? model, folds, results }
}
