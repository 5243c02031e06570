// Gate G12 on the evaluation itself: floors that a live release must reach and that paper only shows (SRV-20, SRV-24).

import type { Evaluation, Metric } from '../release/evaluation.ts'
import type { Profile } from '../release/release.ts'
import { GATE_LIMITS, type GateLimits } from '../serving/gates/limits.ts'

export type QualityFloor = GateLimits['floor']

type Gate = Evaluation['gates'][number]

/** A metric that could not be measured fails: absent evidence is no evidence. */
function gateOf(
  gate: string,
  value: number | null,
  limit: number,
  passes: (value: number) => boolean,
  profile: Profile,
): Gate {
  const result = value !== null && passes(value) ? 'pass' : 'fail'
  return { gate, value, limit, result, ...(result === 'fail' && profile === 'paper' ? { paper: true } : {}) }
}

export type QualityFigures = {
  /** Metrics of `meta` on the holdout. */
  readonly holdout: Readonly<Record<string, Metric>>
  readonly driftScore: number
}

export function qualityGates(
  { holdout, driftScore }: QualityFigures,
  profile: Profile,
  { minAuc, minTopDecileLift, maxEce, minEdgeBps, maxDriftScore }: QualityFloor = GATE_LIMITS.floor,
): readonly Gate[] {
  const atLeast = (metric: string, limit: number) =>
    gateOf(`G12 ${metric}`, holdout[metric]?.value ?? null, limit, value => value >= limit, profile)
  const atMost = (name: string, value: number | null, limit: number) =>
    gateOf(`G12 ${name}`, value, limit, found => found <= limit, profile)
  return [
    atLeast('auc', minAuc),
    atLeast('topDecileLift', minTopDecileLift),
    atMost('ece', holdout['ece']?.value ?? null, maxEce),
    atLeast('edgeBps', minEdgeBps),
    atMost('driftScore', driftScore, maxDriftScore),
  ]
}

/** Passed or relaxed for paper: what REL-04 asks before anything is built. */
export function verdictOf(gates: readonly Gate[]): Evaluation['verdict'] {
  return gates.every(({ result, paper }) => result !== 'fail' || paper === true) ? 'pass' : 'fail'
}
