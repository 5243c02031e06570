// The ledger's numbers as a release states them: trials, looks, luck to be expected, chance of overfitting.

import { deflatedSharpe } from '../../math/deflated-sharpe.ts'
import type { Metric, Multiplicity } from '../../release/evaluation.ts'
import type { StandardRole } from '../../release/release.ts'
import { overfittingOf, varianceWithin } from './multiplicity.ts'
import { evidenceOf, type ResultSeries, type TrialResults } from './results.ts'
import type { Standing } from './standing.ts'

export type StatedInput = {
  /** Absent: the first configuration of its hypotheses. */
  readonly standing: Readonly<Record<StandardRole, Standing>> | undefined
  /** Of this run. */
  readonly results: Readonly<Record<StandardRole, TrialResults | null>>
  /** Results of the decisions of the holdout. */
  readonly holdout: ResultSeries
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null)

/**
 * Roles are tried one at a time, so a set that a role's n-th configuration stands in is one of n: trials of all roles add up.
 *
 * @example statedMultiplicity({ standing: undefined, results, holdout }).trials // 1
 */
export function statedMultiplicity({ standing, results, holdout }: StatedInput): Multiplicity {
  const standings = Object.values(standing ?? {})
  const trials = 1 + standings.reduce((sum, role) => sum + role.trials - 1, 0)
  const tried = Object.entries(results).map(([role, own]) => [
    ...(standing?.[role as StandardRole].others ?? []),
    ...(own === null ? [] : [own]),
  ])
  const variance = varianceWithin(tried)
  // The role that is overfitted most speaks for the set.
  const pbo = tried
    .map(overfittingOf)
    .reduce((worst, own) => (own > worst || Number.isNaN(worst) ? own : worst), Number.NaN)
  return {
    trials,
    looks: Math.max(0, ...standings.map(({ looks }) => looks)),
    holdoutViews: Math.max(1, ...standings.map(({ holdoutViews }) => holdoutViews)),
    sharpeVariance: known(variance),
    pbo: known(pbo),
    deflatedSharpe: metricOf(deflatedSharpe(evidenceOf(holdout), { trials, variance })),
  }
}

function metricOf(measure: ReturnType<typeof deflatedSharpe>): Metric {
  const { value, n } = measure
  return { value, low: null, high: null, n, ...(measure.value === null ? { note: measure.reason } : {}) }
}
