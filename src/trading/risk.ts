// The gate that every entry passes in every mode: a pure function of order, portfolio, limits and moment (RSK).

import type { RiskCheck } from './decision.ts'
import { RISK_RULES } from './rules/index.ts'
import type { RiskQuestion } from './rules/rule.ts'

export type RiskVerdict = {
  readonly approved: boolean
  /** Code of the first rule that refuses; undefined when approved. */
  readonly code: string | undefined
  /** Every check in order, also those after a refusal: one record says all that stood against the trade. */
  readonly checks: readonly RiskCheck[]
}

/**
 * @example
 * checkEntry(question).code // 'DAILY_LOSS'
 */
export function checkEntry(question: RiskQuestion): RiskVerdict {
  const checks: RiskCheck[] = []
  for (const rule of RISK_RULES) checks.push(...rule.check(question))
  const code = checks.find(check => !check.passed)?.code
  return { approved: code === undefined, code, checks }
}
