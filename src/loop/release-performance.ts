// How a model did, as an entry of the performance store: from the evaluation inside a release, and from trades that were closed (REL-57).

import { worstMean } from '../math/cvar.ts'
import { drawdown } from '../math/performance.ts'
import { mean, standardDeviation } from '../math/statistics.ts'
import type { Evaluation, RoleEvaluation } from '../release/evaluation.ts'
import {
  type CustomMetric,
  customFigures,
  DEFLATED_SHARPE,
  type PerformanceEntry,
} from '../release/performance-store.ts'
import { utcText } from '../release/utc.ts'

/** Names that evaluations give to the figures that have a field of their own. */
const FIELDS = {
  accuracy: ['accuracy', 'signHit'],
  brier: ['brier'],
  sharpeRatio: ['sharpePerTrade'],
  cvar95: ['cvarR'],
  maxDrawdown: ['maxDrawdownR'],
  profitFactor: ['profitFactor'],
  sortino: ['sortino'],
} as const

const valueOf = ({ holdout }: RoleEvaluation, names: readonly string[]): number | null =>
  names.map(name => holdout[name]?.value ?? null).find(value => value !== null) ?? null

/**
 * What the holdout said, a role an entry; stand-ins have none.
 *
 * @param at ms UTC: when it was evaluated
 */
export function evaluatedPerformance(
  releaseId: string,
  { roles, multiplicity }: Evaluation,
  at: number,
): readonly PerformanceEntry[] {
  return Object.entries(roles)
    .filter(([, { baseline }]) => !baseline)
    .map(([role, evaluation]) => {
      const taken = new Set<string>(Object.values(FIELDS).flat())
      const others = Object.entries(evaluation.holdout).filter(([name]) => !taken.has(name))
      return {
        releaseId,
        role,
        accuracy: valueOf(evaluation, FIELDS.accuracy),
        profitFactor: valueOf(evaluation, FIELDS.profitFactor),
        sharpeRatio: valueOf(evaluation, FIELDS.sharpeRatio),
        sortino: valueOf(evaluation, FIELDS.sortino),
        cvar95: valueOf(evaluation, FIELDS.cvar95),
        maxDrawdown: valueOf(evaluation, FIELDS.maxDrawdown),
        // Rows behind the figures; a holdout is made of events of which each could have been a trade.
        totalTrades: Math.max(0, ...Object.values(evaluation.holdout).map(({ n }) => n)),
        brier: valueOf(evaluation, FIELDS.brier),
        lastEvaluated: utcText(at),
        source: 'backtest' as const,
        custom: {
          ...Object.fromEntries(others.map(([name, { value }]) => [name, value])),
          ...(multiplicity === undefined ? {} : { [DEFLATED_SHARPE]: multiplicity.deflatedSharpe.value }),
        },
      }
    })
}

export type TradedPerformance = Pick<PerformanceEntry, 'releaseId' | 'role' | 'source'> & {
  /** Net R of each closed trade, in order of time. */
  readonly r: readonly number[]
  /** ms UTC. */
  readonly at: number
  readonly metrics?: readonly CustomMetric[]
}

/** Ratios of fewer trades are not given (BT-09). */
const LEAST_TRADES = 30

/** What closed trades said: of a shadow, a canary, or the set in charge. */
export function tradedPerformance({
  releaseId,
  role,
  source,
  r,
  at,
  metrics = [],
}: TradedPerformance): PerformanceEntry {
  const enough = r.length >= LEAST_TRADES
  const finite = (value: number): number | null => (enough && Number.isFinite(value) ? value : null)
  const gain = r.reduce((sum, value) => sum + Math.max(0, value), 0)
  const loss = r.reduce((sum, value) => sum - Math.min(0, value), 0)
  const downside = Math.sqrt(r.reduce((sum, value) => sum + Math.min(0, value) ** 2, 0) / r.length)
  let equity = 0
  return {
    releaseId,
    role,
    accuracy: finite(r.filter(value => value > 0).length / r.length),
    profitFactor: finite(gain / loss),
    sharpeRatio: finite(mean(r) / standardDeviation(r)),
    sortino: finite(mean(r) / downside),
    cvar95: finite(worstMean(r)),
    maxDrawdown: r.length === 0 ? null : drawdown([0, ...r.map(value => (equity += value))]).amount,
    totalTrades: r.length,
    brier: null,
    lastEvaluated: utcText(at),
    source,
    custom: customFigures(metrics, r),
  }
}
