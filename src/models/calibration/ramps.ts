// A continuous piecewise-linear function as a base and a sum of clipped ramps, the form that a graph computes without branches.

export type Ramps = {
  readonly base: number
  /** Ramp `i` rises from `starts[i]` over `spans[i]` with slope `slopes[i]`, and is level on both sides. */
  readonly starts: readonly number[]
  readonly spans: readonly number[]
  readonly slopes: readonly number[]
}

/** The function that leaves a probability as it is. */
export const IDENTITY: Ramps = { base: 0, starts: [0], spans: [1], slopes: [1] }

/**
 * Linear between the points, level outside. Numbers are rounded to float32, so a saved, an exported and a fitted function
 * are the same; points that fall together in float32 become one.
 *
 * @param points in rising order of `at`, at least one
 */
export function rampsThrough(points: readonly { readonly at: number; readonly value: number }[]): Ramps {
  const rounded = points.map(point => ({ at: Math.fround(point.at), value: point.value }))
  const apart = rounded.filter((point, i) => i === 0 || point.at > rounded[i - 1]!.at)
  const between = apart.slice(1).map((end, i) => ({ start: apart[i]!, end }))
  return {
    base: Math.fround(apart[0]!.value),
    starts: between.map(({ start }) => start.at),
    spans: between.map(({ start, end }) => Math.fround(end.at - start.at)),
    slopes: between.map(({ start, end }) => Math.fround((end.value - start.value) / (end.at - start.at))),
  }
}

/** @example valueAt(IDENTITY, 0.3) // 0.3 */
export function valueAt({ base, starts, spans, slopes }: Ramps, x: number): number {
  let value = base
  for (let i = 0; i < starts.length; i++) value += slopes[i]! * Math.min(Math.max(x - starts[i]!, 0), spans[i]!)
  return value
}
