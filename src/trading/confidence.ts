// Where a blended score stands among the last 2,000 scores of candidates: the confidence of BRN-13.

/** Scores that the percentile is taken among. */
export const SCORE_RING = 2000

/**
 * ENS-08 with the parts there are: `0.5 arm + 0.3 strategy + 0.2 direction`, weights of absent parts left out, clamped to 0.1..1. Training
 * makes the reference scores of a release with this same function.
 *
 * @example blendedScore({ strategy: 0.62 }) // 0.62
 */
export function blendedScore({
  arm,
  strategy,
  direction,
}: {
  readonly arm?: number
  readonly strategy: number
  readonly direction?: number
}): number {
  let sum = 0.3 * strategy
  let weight = 0.3
  if (arm !== undefined) {
    sum += 0.5 * arm
    weight += 0.5
  }
  if (direction !== undefined) {
    sum += 0.2 * direction
    weight += 0.2
  }
  return Math.min(1, Math.max(0.1, sum / weight))
}

export interface ScoreRing {
  /** Scores held. */
  size(): number
  /** Share of the held scores that are at most this one, 0..1; undefined while none is held: no reference, no confidence. */
  percentile(score: number): number | undefined
  /** Takes a live candidate's score; beyond 2,000 one score of the ring leaves. */
  push(score: number): void
  /** Starts again from the scores of another release. */
  reset(reference: readonly number[]): void
}

/**
 * @example
 * const ring = scoreRing()
 * ring.reset([0.1, 0.2, 0.3, 0.4])
 * ring.percentile(0.3) // 0.75
 */
export function scoreRing(capacity = SCORE_RING): ScoreRing {
  // The same scores twice: in the order they leave, and sorted. Nothing is allocated after this.
  const ring = new Float64Array(capacity)
  const sorted = new Float64Array(capacity)
  let size = 0
  let next = 0

  const firstAbove = (score: number): number => {
    let low = 0
    let high = size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sorted[middle]! <= score) low = middle + 1
      else high = middle
    }
    return low
  }
  const remove = (score: number): void => {
    sorted.copyWithin(firstAbove(score) - 1, firstAbove(score), size)
    size -= 1
  }
  const push = (score: number): void => {
    if (size === capacity) remove(ring[next]!)
    const at = firstAbove(score)
    sorted.copyWithin(at + 1, at, size)
    sorted[at] = score
    size += 1
    ring[next] = score
    next = (next + 1) % capacity
  }

  return {
    size: () => size,
    percentile: score => (size === 0 ? undefined : firstAbove(score) / size),
    push,
    reset(reference) {
      size = 0
      next = 0
      const count = Math.min(capacity, reference.length)
      // The reference comes sorted; a golden-ratio walk lets low and high scores leave evenly as live ones arrive.
      const stride = coprimeStride(reference.length)
      for (let i = 0; i < count; i++) push(reference[(i * stride) % reference.length]!)
    },
  }
}

function coprimeStride(length: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
  let stride = Math.max(1, Math.round(length * 0.618))
  while (divisor(stride, length) !== 1) stride += 1
  return stride
}
