// How a fit goes, told to whoever watches it. Nothing that is fitted depends on being watched.

/** A point of a learning curve; losses are those that the fit minimises, as means. */
export type FitPoint = {
  readonly curve: 'train' | 'validation' | 'rate'
  /** Trees, rounds or steps so far. */
  readonly x: number
  readonly y: number
}

export type Watch = (point: FitPoint) => void

/** A curve has at most this many points: what a plot can show. */
const MOST_POINTS = 100

/** Steps between two points of a curve that begins at 0 and has its last step too. */
export const pointEvery = (steps: number): number => Math.ceil(steps / (MOST_POINTS - 2))
