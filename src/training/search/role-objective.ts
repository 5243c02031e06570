// A role's model as the objective of a search: its loss on the inner folds of the walk-forward, which never see the holdout (SPLIT-02).

import { seededRng } from '../../base/rng.ts'
import type { FeatureColumn } from '../../market/feature-schema.ts'
import { mean } from '../../math/statistics.ts'
import type { Dataset } from '../dataset.ts'
import { joinedSeries, type TrialResults, trialResults } from '../ledger/results.ts'
import { valueOf } from '../metrics/interval.ts'
import { eventLosses, metaSeries } from '../metrics/meta.ts'
import { walkExecution } from '../roles/walk-execution.ts'
import { walkMeta } from '../roles/walk-meta.ts'
import type { TrialContext } from './search.ts'
import { type SizerFold, trySizer } from './sizer-trial.ts'
import type { Parameters } from './space.ts'
import { executionOptions, metaOptions, type SearchedRole, sizerOptions } from './spaces.ts'

export type Tried = {
  /** Per fold: minus the log loss of the classifier, minus the squared error of the execution model, the objective of the sizer. */
  readonly values: readonly number[]
  /** What the ledger keeps. */
  readonly results: TrialResults | null
}

/** Plain data: it travels to threads. */
export type TrialWork = {
  readonly role: SearchedRole
  readonly data: Dataset
  readonly columns: readonly FeatureColumn[]
  readonly embargoMs: number
  /** The same for every trial: what differs between two is their parameters and not their luck. */
  readonly seed: number
  /** What the sizer needs; empty for the other roles. */
  readonly sizerFolds: readonly SizerFold[]
}

/** Less effort is fewer trees, or fewer steps of the sizer. */
const share = (of: number, resource: number): number => Math.max(1, Math.round(of * resource))
const effort = <T extends { readonly trees: number }>(options: T, resource: number): T => ({
  ...options,
  trees: share(options.trees, resource),
})

/** Faults: `PARAM_INVALID` for parameters outside the role's space. */
export async function tryRole(
  { role, seed, sizerFolds, ...shared }: TrialWork,
  parameters: Parameters,
  { resource, signal }: Pick<TrialContext, 'resource' | 'signal'>,
): Promise<Tried> {
  const rng = seededRng(seed)
  const onFit = async (): Promise<void> => signal.throwIfAborted()
  if (role === 'meta') {
    const options = effort(metaOptions(parameters), resource)
    const { folds } = await walkMeta({ ...shared, options, rng: rng.fork('meta') }, onFit)
    return {
      values: folds.map(fold => -mean(eventLosses(fold))),
      results: trialResults(joinedSeries(folds.map(metaSeries))),
    }
  }
  if (role === 'rl_sizer') {
    const given = sizerOptions(parameters)
    const options = { ...given, steps: share(given.steps, resource) }
    const folds = []
    for (const [at, fold] of sizerFolds.entries()) {
      folds.push(trySizer(fold, shared.columns, options, rng.fork(`rl_sizer ${at}`)))
      await onFit()
    }
    const results = trialResults(joinedSeries(folds.map(fold => fold.results)))
    return { values: folds.map(({ value }) => value), results }
  }
  const options = effort(executionOptions(parameters), resource)
  const { folds, results } = await walkExecution({ ...shared, options, rng: rng.fork('execution') }, onFit)
  return { values: folds.map(({ mse }) => -valueOf(mse!)), results: trialResults(joinedSeries(results)) }
}
