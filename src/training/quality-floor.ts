// Gate G12 on the evaluation itself: floors that a live release must reach and that paper only shows (SRV-20, SRV-24).

import type { Evaluation, Metric } from '../release/evaluation.ts'
import type { Profile } from '../release/release.ts'
import { GATE_LIMITS, type GateLimits } from '../serving/gates/limits.ts'

export type QualityFloor = Pick<GateLimits['floor'], 'minAuc' | 'minTopDecileLift' | 'maxEce' | 'minEdgeBps'>

type Gate = Evaluation['gates'][number]

/** A metric that could not be measured fails: absent evidence is no evidence. */
function gateOf(
  gate: string,
  metric: Metric | undefined,
  limit: number,
  passes: (value: number) => boolean,
  profile: Profile,
): Gate {
  const value = metric?.value ?? null
  const result = value !== null && passes(value) ? 'pass' : 'fail'
  return { gate, value, limit, result, ...(result === 'fail' && profile === 'paper' ? { paper: true } : {}) }
}

/** @param holdout metrics of `meta` on the holdout */
export function qualityGates(
  holdout: Readonly<Record<string, Metric>>,
  profile: Profile,
  { minAuc, minTopDecileLift, maxEce, minEdgeBps }: QualityFloor = GATE_LIMITS.floor,
): readonly Gate[] {
  return [
    gateOf('G12 auc', holdout['auc'], minAuc, value => value >= minAuc, profile),
    gateOf(
      'G12 topDecileLift',
      holdout['topDecileLift'],
      minTopDecileLift,
      value => value >= minTopDecileLift,
      profile,
    ),
    gateOf('G12 ece', holdout['ece'], maxEce, value => value <= maxEce, profile),
    gateOf('G12 edgeBps', holdout['edgeBps'], minEdgeBps, value => value >= minEdgeBps, profile),
  ]
}

/** Passed or relaxed for paper: what REL-04 asks before anything is built. */
export function verdictOf(gates: readonly Gate[]): Evaluation['verdict'] {
  return gates.every(({ result, paper }) => result !== 'fail' || paper === true) ? 'pass' : 'fail'
}
