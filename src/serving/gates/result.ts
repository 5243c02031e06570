// Short names for the results of one gate. A figure that is no number is reported as null, since a report is JSON.

import type { GateResult } from './gate.ts'

type Figure = number | string | null
type More = Pick<GateResult, 'reason' | 'paper' | 'live'>

export type Verdicts = {
  readonly pass: (value: Figure, limit: Figure, more?: More) => GateResult
  readonly fail: (value: Figure, limit: Figure, reason: string, more?: More) => GateResult
  readonly notApplicable: (reason: string, more?: More) => GateResult
  /** Pass or fail of a measured figure. */
  readonly judge: (good: boolean, value: Figure, limit: Figure, reason: string, more?: More) => GateResult
}

const figure = (value: Figure): Figure => (typeof value === 'number' && !Number.isFinite(value) ? null : value)

/** @example verdictsOf('G9').fail(0.3, 0.2, 'falls deeper') // { gate: 'G9', value: 0.3, limit: 0.2, result: 'fail', … } */
export function verdictsOf(gate: string): Verdicts {
  const pass: Verdicts['pass'] = (value, limit, more = {}) => ({
    gate,
    value: figure(value),
    limit: figure(limit),
    result: 'pass',
    ...more,
  })
  const fail: Verdicts['fail'] = (value, limit, reason, more = {}) => ({
    gate,
    value: figure(value),
    limit: figure(limit),
    result: 'fail',
    reason,
    ...more,
  })
  return {
    pass,
    fail,
    notApplicable: (reason, more = {}) => ({
      gate,
      value: null,
      limit: null,
      result: 'notApplicable',
      reason,
      ...more,
    }),
    judge: (good, value, limit, reason, more = {}) =>
      good ? pass(value, limit, more) : fail(value, limit, reason, more),
  }
}
