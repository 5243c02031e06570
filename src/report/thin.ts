// Few enough points to draw, with every peak, trough and gap still there.

/**
 * Indices, rising: the first, the last, and per stretch the lowest and highest value and a gap of each line.
 *
 * @param lines of equal length; null is a gap
 * @param most how many indices at most, all when there are no more points than that
 * @example thinned([[1, 9, 2, 3, -4, 1]], 5) // [0, 1, 4, 5]
 */
export function thinned(lines: readonly ArrayLike<number | null>[], most: number): number[] {
  const length = lines[0]?.length ?? 0
  if (length <= most) return Array.from({ length }, (_, i) => i)
  const stretches = Math.max(1, Math.floor((most - 2) / (3 * lines.length)))
  const kept = new Set([0, length - 1])
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * length) / stretches)
    const to = Math.floor(((stretch + 1) * length) / stretches)
    for (const line of lines) {
      let [low, high, gap] = [-1, -1, -1]
      for (let i = from; i < to; i++) {
        const value = line[i]
        if (value === null || value === undefined) {
          gap = i
          continue
        }
        if (low < 0 || value < line[low]!) low = i
        if (high < 0 || value > line[high]!) high = i
      }
      for (const index of [low, high, gap]) if (index >= 0) kept.add(index)
    }
  }
  return Array.from(kept).sort((a, b) => a - b)
}
