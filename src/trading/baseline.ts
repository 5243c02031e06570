// The rule-based baseline as a lease: what decides where no release is in charge, and the stand-in champion of SRV-24.

import type { ModelLease, ModelsInCharge } from './models-in-charge.ts'

export const BASELINE_ID = 'baseline'

/** Rules predict nothing: the brain asks a baseline neither for an expected R nor for a confidence percentile. */
export function isBaseline(lease: ModelLease): boolean {
  return lease.releaseId === BASELINE_ID
}

/**
 * Equal weight for every strategy, nothing for `None`, size 1: whatever fires is traded, the stronger one where two fire.
 * The quality filters of BRN-10 and BRN-13 compare a model's own numbers; a baseline has none, so the brain skips both and its
 * confidence is 1. Risk, sizing and the drawdown ladder hold for it as for any release. The candidates' average R
 * (column 14) is not used as a substitute: a filter learned from outcomes would be a model, not the rules.
 *
 * @example
 * baselineModels(['EmaCross', 'Momentum']).lease().probabilities(row) // Float32Array [0.5, 0.5, 0]
 */
export function baselineModels(strategies: readonly string[]): ModelsInCharge {
  const classes = [...strategies, 'None']
  const weights = new Float32Array(classes.length).fill(1 / strategies.length)
  weights[strategies.length] = 0
  const lease: ModelLease = {
    releaseId: BASELINE_ID,
    setSeq: 0,
    classes,
    featureMask: 0,
    probabilities: () => weights,
    expectedR: () => null,
    size: () => 1,
    scores: [],
    release() {},
  }
  return { lease: () => lease }
}
