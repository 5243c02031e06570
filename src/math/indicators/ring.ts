// The last n numbers, oldest first. Statistics are recomputed over the window, so they depend on its content only and never drift.

/** Plain data: `next` is where the oldest value stands once the ring is full. */
export type Ring = { values: number[]; next: number }

export function ring(): Ring {
  return { values: [], next: 0 }
}

/** Adds a value, dropping the oldest of `size`; gives the dropped one, or undefined while the ring fills. */
export function push(window: Ring, size: number, value: number): number | undefined {
  const { values, next } = window
  if (values.length < size) {
    values.push(value)
    return undefined
  }
  const dropped = values[next]
  values[next] = value
  window.next = next + 1 === size ? 0 : next + 1
  return dropped
}

/** The value `back` steps before the newest (0 is the newest); undefined where there is none. */
export function recent(window: Ring, back: number): number | undefined {
  const { values, next } = window
  if (back >= values.length) return undefined
  const index = next - 1 - back
  return values[index < 0 ? index + values.length : index]
}

/** Calls `visit` with every value, oldest first. */
export function eachOldestFirst(window: Ring, visit: (value: number, index: number) => void): void {
  const { values, next } = window
  for (let i = next; i < values.length; i++) visit(values[i]!, i - next)
  for (let i = 0; i < next; i++) visit(values[i]!, values.length - next + i)
}

/** The mean, summed from the oldest on; of equal values exactly that value. NaN of an empty window. */
export function meanOf({ values, next }: Ring): number {
  const shift = values[next] ?? Number.NaN
  let sum = 0
  for (let i = next; i < values.length; i++) sum += values[i]! - shift
  for (let i = 0; i < next; i++) sum += values[i]! - shift
  return shift + sum / values.length
}

/** Sum of squared deviations from `mean`, from the oldest on. */
export function squaresAround({ values, next }: Ring, mean: number): number {
  let squares = 0
  for (let i = next; i < values.length; i++) squares += (values[i]! - mean) ** 2
  for (let i = 0; i < next; i++) squares += (values[i]! - mean) ** 2
  return squares
}

/** Standard deviation with divisor n-1; NaN below two values. */
export function sampleDeviation(window: Ring): number {
  const { length } = window.values
  return length < 2 ? Number.NaN : Math.sqrt(squaresAround(window, meanOf(window)) / (length - 1))
}
