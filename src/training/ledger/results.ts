// What an evaluation keeps in the ledger of the results it saw: enough for the deflated Sharpe ratio and the probability of overfitting of
// all that were tried, whatever becomes of their runs.

import { z } from 'zod'
import { canonicalJson } from '../../base/canonical-json.ts'
import { LEAST_PERIODS, type SharpeEvidence, sharpeEvidence } from '../../math/deflated-sharpe.ts'
import { PBO_BLOCKS, sumsByBlock } from '../../math/pbo.ts'
import { meanOverlap } from '../metrics/interval.ts'

/** Net R of each decision on rows that the model was not fitted on, 0 where it would not have traded; in order of time. */
export type ResultSeries = {
  /** When it was decided, ms, rising. */
  readonly start: Float64Array
  /** When its result was known, ms. */
  readonly end: Float64Array
  readonly r: Float64Array
}

const resultsSchema = z.strictObject({
  sharpe: z.number(),
  periods: z.number(),
  skewness: z.number(),
  kurtosis: z.number(),
  /** Decisions and first and last instant: results of equal spans can be compared block by block. */
  span: z.tuple([z.number(), z.number(), z.number()]),
  sums: z.array(z.number()),
  squares: z.array(z.number()),
})

export type TrialResults = Readonly<z.infer<typeof resultsSchema>>

/** Results of all folds in order of time. What several folds judged counts as often as it overlaps itself, which is once. */
export function joinedSeries(folds: readonly ResultSeries[]): ResultSeries {
  const all = folds.flatMap(({ start, end, r }) => Array.from(start, (from, at) => ({ from, to: end[at]!, r: r[at]! })))
  all.sort((a, b) => a.from - b.from)
  return {
    start: Float64Array.from(all, ({ from }) => from),
    end: Float64Array.from(all, ({ to }) => to),
    r: Float64Array.from(all, ({ r }) => r),
  }
}

export const evidenceOf = ({ start, end, r }: ResultSeries): SharpeEvidence =>
  sharpeEvidence(r, meanOverlap(start, end))

/** Null where there are too few results for a Sharpe ratio, or where they do not vary: such a trial is counted, and no more. */
export function trialResults(series: ResultSeries): TrialResults | null {
  const evidence = evidenceOf(series)
  const { start, end, r } = series
  if (evidence.periods < LEAST_PERIODS || !Object.values(evidence).every(Number.isFinite)) return null
  const [sums, squares] = sumsByBlock(r, PBO_BLOCKS)
  return { ...evidence, span: [r.length, start[0]!, end.at(-1)!], sums: [...sums], squares: [...squares] }
}

/** As the body of an entry. */
export const resultsBody = (results: TrialResults | null): string | null =>
  results === null ? null : canonicalJson(results)

/** The inverse. @throws ZodError for a body of another kind: the chain vouches for it, so that is a bug */
export const resultsOf = (body: string | null): TrialResults | null =>
  body === null ? null : resultsSchema.parse(JSON.parse(body))
