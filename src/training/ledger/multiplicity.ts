// What all that was tried says about the last of it: luck to be expected, chance of overfitting, level for the next look.

import { z } from 'zod'
import { canonicalJson } from '../../base/canonical-json.ts'
import { nextLevel } from '../../math/online-fdr.ts'
import { probabilityOfOverfitting } from '../../math/pbo.ts'
import { mean } from '../../math/statistics.ts'
import type { LedgerEntry } from '../../trading/ledger/entry.ts'
import type { TrialResults } from './results.ts'

/**
 * Variance of Sharpe ratios within each role: roles answer questions of their own, so what lies between them is not luck of trials.
 *
 * @returns NaN where no role has two
 */
export function varianceWithin(roles: readonly (readonly TrialResults[])[]): number {
  let squares = 0
  let freedom = 0
  for (const results of roles) {
    if (results.length < 2) continue
    const center = mean(results.map(({ sharpe }) => sharpe))
    for (const { sharpe } of results) squares += (sharpe - center) ** 2
    freedom += results.length - 1
  }
  return freedom === 0 ? Number.NaN : squares / freedom
}

/**
 * Probability of overfitting among the trials of one hypothesis that were judged on the same decisions, the largest such group; NaN where
 * no two were.
 */
export function overfittingOf(results: readonly TrialResults[]): number {
  const groups = Map.groupBy(results, ({ span }) => span.join())
  const largest = [...groups.values()].reduce<TrialResults[]>(
    (best, group) => (group.length >= best.length ? group : best),
    [],
  )
  return probabilityOfOverfitting({
    blocks: largest[0]?.sums.length ?? 2,
    strategies: largest.length,
    sums: Float64Array.from(largest.flatMap(({ sums }) => sums)),
    squares: Float64Array.from(largest.flatMap(({ squares }) => squares)),
  })
}

const testSchema = z.strictObject({ p: z.number(), level: z.number() })

/** The body of a `test` entry. */
export const testBody = (test: { readonly p: number; readonly level: number }): string => canonicalJson(test)

/**
 * The level of significance that the next look at a hypothesis may spend (LEDGER-04).
 *
 * @param entries of the hypothesis
 * @param key of the test that asks: one that is made again gets the level of the first time
 */
export function levelFor(entries: readonly LedgerEntry[], key: string, rate: number): number {
  const own = entries.findIndex(entry => entry.key === key)
  const tests = (own < 0 ? entries : entries.slice(0, own))
    .filter(({ kind }) => kind === 'test')
    .map(({ body }) => testSchema.parse(JSON.parse(body ?? 'null')))
  const discoveries = tests.flatMap(({ p, level }, at) => (p <= level ? [at + 1] : []))
  return nextLevel({ tests: tests.length, discoveries }, { rate })
}
