// The limits of drift with their defaults (SCHED-03, FBK-04); the configuration overrides by key.

export type DriftLimits = {
  /** Chance of a false alarm of ADWIN. */
  readonly adwinDelta: number
  readonly psiWarn: number
  readonly psiTrigger: number
  /** Nats. */
  readonly klWarn: number
  readonly klTrigger: number
  /** Outcomes before anything is asked for, and before anything is said. */
  readonly minOutcomes: number
  readonly minReported: number
  /** Outcomes that are compared with as many before them. */
  readonly block: number
  /** How much lower accuracy or mean R, or higher the cost in R, has to be. */
  readonly drop: number
  /** Expected calibration error. */
  readonly maxEce: number
  /** Of one comparison of two blocks. */
  readonly significance: number
  /** Share of column alarms that may be false: well below the 5 % of FBK-04, for slow columns have fewer rows than they seem to. */
  readonly falseDiscovery: number
  /** Of the calibration error: it is looked at as often, but no fall is asked for beside it. */
  readonly calibrationSignificance: number
  /** Least time between two requests for one model. */
  readonly cooldownMs: number
}

export const DRIFT_LIMITS: DriftLimits = Object.freeze({
  adwinDelta: 0.002,
  psiWarn: 0.2,
  psiTrigger: 0.3,
  klWarn: 0.1,
  klTrigger: 0.2,
  minOutcomes: 100,
  minReported: 10,
  block: 50,
  drop: 0.1,
  maxEce: 0.05,
  significance: 0.05,
  falseDiscovery: 0.01,
  calibrationSignificance: 0.001,
  cooldownMs: 120 * 60_000,
})
