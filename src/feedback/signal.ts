// What a drift detector says, and how grave it is (SCHED-03, FBK-03).

export type Detector = 'adwinError' | 'adwinR' | 'accuracy' | 'meanR' | 'calibration' | 'cost' | 'psi' | 'kl'

export type DriftSignal = {
  readonly detector: Detector
  /** A warning is shown; a trigger asks for a training. */
  readonly level: 'warn' | 'trigger'
  /** The column, for what is found in columns. */
  readonly column?: string | undefined
  /** What was measured, and what it was held against, in the unit of the detector. */
  readonly value: number
  readonly limit: number
  /** Outcomes or rows behind it. */
  readonly n: number
  /** For people. */
  readonly sentence: string
}

export type Severity = 'critical' | 'high' | 'medium' | 'low'

/**
 * By the deviation itself (FBK-03).
 *
 * @example severityOf({ value: 0.35 }) // 'high'
 */
export function severityOf({ value }: Pick<DriftSignal, 'value'>): Severity {
  const size = Math.abs(value)
  if (size > 0.5) return 'critical'
  if (size > 0.3) return 'high'
  return size > 0.1 ? 'medium' : 'low'
}
