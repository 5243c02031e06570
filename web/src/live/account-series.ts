// The line of the account, kept short: past its cap every other point goes, first and last stay, so memory stays flat for hours.

export type AccountPoint = {
  /** ms UTC. */
  readonly at: number
  readonly equity: number
  readonly hold: number
  readonly previous: number | null
}

/** Appends in place. A point that is not newer than the last is dropped. */
export function addPoint(points: AccountPoint[], point: AccountPoint, cap: number): void {
  const last = points.at(-1)
  if (last !== undefined && point.at <= last.at) return
  points.push(point)
  if (points.length > cap) points.splice(0, points.length, ...halved(points))
}

const halved = (points: readonly AccountPoint[]): AccountPoint[] =>
  points.filter((_, i) => i % 2 === 0 || i === points.length - 1)

/** How far below its highest point so far, 0 to -1, point for point. */
export function drawdowns(points: readonly AccountPoint[], capital: number): number[] {
  let peak = capital
  return points.map(({ equity }) => {
    peak = Math.max(peak, equity)
    return peak > 0 ? equity / peak - 1 : 0
  })
}
