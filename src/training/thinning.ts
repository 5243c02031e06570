// Fewer events where there are too many rows, evenly in time and without chance (LABEL-02).

/**
 * Keeps whole groups so that at most `maxRows` rows remain, spread evenly; every group earns credit for its size.
 *
 * @example
 * thinEvenly([{ size: 1 }, { size: 1 }, { size: 1 }, { size: 1 }], 2) // keeps the second and the fourth, 2 rows dropped
 */
export function thinEvenly<T extends { readonly size: number }>(
  groups: readonly T[],
  maxRows: number,
): { kept: readonly T[]; dropped: number } {
  const total = groups.reduce((sum, { size }) => sum + size, 0)
  if (total <= maxRows) return { kept: groups, dropped: 0 }
  let earned = 0
  let spent = 0
  const kept = groups.filter(({ size }) => {
    earned += size * maxRows
    if (earned < (spent + size) * total) return false
    spent += size
    return true
  })
  return { kept, dropped: total - spent }
}
