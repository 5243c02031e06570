// When two evaluations of one graph count as the same number (EXPORT-02).

import type { GateLimits } from './limits.ts'

/** A value that is no number is near nothing. */
export function near(
  got: number,
  expected: number,
  { parityAbsolute, parityRelative }: Pick<GateLimits, 'parityAbsolute' | 'parityRelative'>,
): boolean {
  const error = Math.abs(got - expected)
  return error <= parityAbsolute || error <= parityRelative * Math.abs(expected)
}
