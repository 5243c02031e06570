// Bar-level equity as returns of whole trade dates: the `r` of every measure in MET.

/**
 * @param equity marked equity per bar
 * @param tradeDates of the same bars
 * @param capital equity before the first bar
 * @returns one return a trade date, as a fraction of the equity at its start
 * @example sessionReturns([101, 102, 99], ['d1', 'd1', 'd2'], 100) // [0.02, -0.0294...]
 */
export function sessionReturns(
  equity: ArrayLike<number>,
  tradeDates: readonly string[],
  capital: number,
): Float64Array {
  const returns: number[] = []
  let start = capital
  for (let i = 0; i < tradeDates.length; i++) {
    if (tradeDates[i] === tradeDates[i + 1]) continue
    returns.push(equity[i]! / start - 1)
    start = equity[i]!
  }
  return Float64Array.from(returns)
}
