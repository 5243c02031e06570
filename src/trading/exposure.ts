// How much of an account hangs on one thing: positions that move together count as one (RSK-08).

import { mean } from '../math/statistics.ts'

/** What an account may lose in one instrument, and how that moved lately. */
export type Exposure = {
  readonly symbol: string
  /** ES and MES are one family, NQ and MNQ another. */
  readonly family: string
  /** All lots at their stops, costs included. */
  readonly plannedLossMicros: number
  /** Trade date -> return of its session, as a fraction. */
  readonly sessionReturns: ReadonlyMap<string, number>
}

/** Sessions that a correlation is taken over, and from which one positions count as one. */
export const CORRELATION = Object.freeze({ sessions: 20, from: 0.7 })

/** Returns of the newest trade dates that both have, side by side. */
function common(a: Exposure, b: Exposure): readonly (readonly [number, number])[] {
  const dates = [...a.sessionReturns.keys()].filter(date => b.sessionReturns.has(date)).sort()
  return dates
    .slice(-CORRELATION.sessions)
    .map(date => [a.sessionReturns.get(date)!, b.sessionReturns.get(date)!] as const)
}

/**
 * Pearson's correlation of the last 20 common sessions; undefined with fewer, or where one did not move.
 *
 * @example correlationOf(es, mes) // 1
 */
export function correlationOf(a: Exposure, b: Exposure): number | undefined {
  const pairs = common(a, b)
  if (pairs.length < CORRELATION.sessions) return undefined
  const [meanA, meanB] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))]
  const sum = (term: (x: number, y: number) => number) =>
    pairs.reduce((total, [x, y]) => total + term(x - meanA, y - meanB), 0)
  const spread = Math.sqrt(sum(x => x * x) * sum((_, y) => y * y))
  return spread > 0 ? sum((x, y) => x * y) / spread : undefined
}

/** One family, or correlated either way: what is not known to be apart counts as together. */
function together(a: Exposure, b: Exposure): boolean {
  if (a.symbol === b.symbol || a.family === b.family) return true
  const correlation = correlationOf(a, b)
  // Rounding must not part two that move as one.
  return correlation === undefined || Math.abs(correlation) >= CORRELATION.from - 1e-12
}

/**
 * Everything that hangs together with an instrument, also by a third that both hang together with; itself not included.
 *
 * @example correlatedWith(mes, [es, gold]).map(({ symbol }) => symbol) // ['ES']
 */
export function correlatedWith(one: Exposure, others: readonly Exposure[]): readonly Exposure[] {
  const found = new Set<Exposure>()
  const reach = (from: Exposure): void => {
    for (const other of others) {
      if (found.has(other) || !together(from, other)) continue
      found.add(other)
      reach(other)
    }
  }
  reach(one)
  return [...found]
}
