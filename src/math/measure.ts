// A number of a report, or the reason why there is none: thin evidence is said in words, never printed as 0 or infinity (BT-09).

/** `n` is the number of observations behind it. */
export type Measure =
  | { readonly value: number; readonly n: number }
  | { readonly value: null; readonly n: number; readonly reason: string }

/** The least evidence that a ratio is printed for. */
export type EvidenceFloor = {
  readonly minTrades?: number
  readonly minSessions?: number
}

/** What there is; a count that the caller does not have is left out and not judged. */
export type Evidence = {
  readonly trades?: number
  readonly sessions?: number
}

/** Why this evidence is too thin, or undefined (BT-09: 30 trades and 60 sessions). */
export function tooThin(
  { trades, sessions }: Evidence,
  { minTrades = 30, minSessions = 60 }: EvidenceFloor = {},
): string | undefined {
  if (trades !== undefined && trades < minTrades) return `${trades} trades, ${minTrades} are needed`
  if (sessions !== undefined && sessions < minSessions) return `${sessions} sessions, ${minSessions} are needed`
  return undefined
}

export const measured = (value: number, n: number): Measure => ({ value, n })

export const notAvailable = (reason: string, n: number): Measure => ({ value: null, n, reason })

/**
 * The value if it is finite and the evidence is not too thin.
 *
 * @param otherwise why the value is not finite, when it is not
 * @example
 * measureIf(1.2, 10, 'no spread', { trades: 10 }) // { value: null, n: 10, reason: '10 trades, 30 are needed' }
 */
export function measureIf(
  value: number,
  n: number,
  otherwise: string,
  evidence: Evidence,
  floor?: EvidenceFloor,
): Measure {
  const reason = tooThin(evidence, floor) ?? (Number.isFinite(value) ? undefined : otherwise)
  return reason === undefined ? measured(value, n) : notAvailable(reason, n)
}
