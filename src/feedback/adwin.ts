// ADWIN: a window over a stream that forgets its old part as soon as the new part has surely another mean (Bifet and Gavalda 2007).

/** A run of neighbouring values: their sum, and the sum of their squared distances from their mean. */
type Bucket = { readonly sum: number; readonly squares: number }

/** Plain data that survives JSON. */
export type AdwinState = {
  /** Row i holds buckets of 2^i values, oldest first; later rows are older. */
  readonly rows: readonly (readonly Bucket[])[]
}

export type AdwinChange = {
  /** Mean of what was forgotten, and of what is left. */
  readonly before: number
  readonly after: number
  /** Values left. */
  readonly n: number
}

export type AdwinStep = { readonly state: AdwinState; readonly change: AdwinChange | undefined }

/** Buckets of one size (M in the paper): more make cuts finer. */
const PER_ROW = 5
/** No part with fewer values is compared. */
const LEAST = 5

type Part = { readonly n: number; readonly sum: number; readonly squares: number }

const NOTHING: Part = { n: 0, sum: 0, squares: 0 }

export const adwinStart: AdwinState = { rows: [] }

/** Sum and squared distances of two parts as one (Chan, Golub and LeVeque 1979). */
function join(a: Part, b: Part): Part {
  const n = a.n + b.n
  if (a.n === 0 || b.n === 0) return { n, sum: a.sum + b.sum, squares: a.squares + b.squares }
  const gap = a.sum / a.n - b.sum / b.n
  return { n, sum: a.sum + b.sum, squares: a.squares + b.squares + (gap * gap * a.n * b.n) / n }
}

/** Buckets from the oldest to the newest. */
function partsOf({ rows }: AdwinState): Part[] {
  return rows.flatMap((row, i) => row.map(bucket => ({ n: 2 ** i, ...bucket })).reverse()).reverse()
}

function insert({ rows }: AdwinState, value: number): AdwinState {
  const next = rows.map(row => [...row])
  let carried: Bucket | undefined = { sum: value, squares: 0 }
  for (let i = 0; carried !== undefined; i++) {
    const row: Bucket[] = (next[i] ??= [])
    row.push(carried)
    carried = undefined
    if (row.length <= PER_ROW) break
    const [oldest, second] = row.splice(0, 2)
    const size = 2 ** i
    const { sum, squares } = join({ n: size, ...oldest! }, { n: size, ...second! })
    carried = { sum, squares }
  }
  return { rows: next }
}

function dropOldest({ rows }: AdwinState): AdwinState {
  const next = rows.map(row => [...row])
  next.at(-1)?.shift()
  while (next.at(-1)?.length === 0) next.pop()
  return { rows: next }
}

/** Whether two parts that make up the window differ: eq. 3.1 of the paper, with delta' = delta / ln n. */
function differ(old: Part, fresh: Part, whole: Part, delta: number): boolean {
  const evidence = Math.log((2 * Math.log(whole.n)) / delta)
  const harmonic = 1 / old.n + 1 / fresh.n
  const variance = whole.squares / whole.n
  const limit = Math.sqrt(2 * harmonic * variance * evidence) + (2 / 3) * harmonic * evidence
  return Math.abs(old.sum / old.n - fresh.sum / fresh.n) > limit
}

/** The shortest old part that differs from the rest, or undefined. */
function oldPart(parts: readonly Part[], whole: Part, delta: number): Part | undefined {
  let old = NOTHING
  for (const part of parts) {
    old = join(old, part)
    const n = whole.n - old.n
    if (n < LEAST) return undefined
    if (old.n >= LEAST && differ(old, { n, sum: whole.sum - old.sum, squares: 0 }, whole, delta)) return old
  }
  return undefined
}

/**
 * Values in the window, and their mean.
 *
 * @example adwinWindow(adwinStart).n // 0
 */
export function adwinWindow(state: AdwinState): { readonly n: number; readonly mean: number } {
  const { n, sum } = partsOf(state).reduce(join, NOTHING)
  return { n, mean: sum / n }
}

/**
 * Takes one value. Means that rise are found like those that fall: the caller knows which is bad.
 *
 * @param value 0 to 1: the bound of the paper is for values in that range
 * @param delta the chance of a false alarm that is put up with
 * @throws RangeError for a value outside of 0 to 1
 * @example
 * let state = adwinStart
 * for (let i = 0; i < 200; i++) ({ state } = adwin(state, i < 100 ? 0.1 : 0.9))
 * adwinWindow(state).mean // 0.9
 */
export function adwin(state: AdwinState, value: number, delta = 0.002): AdwinStep {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`ADWIN takes values from 0 to 1, not ${value}`)
  let next = insert(state, value)
  let dropped = NOTHING
  for (;;) {
    const parts = partsOf(next)
    const whole = parts.reduce(join, NOTHING)
    if (oldPart(parts, whole, delta) === undefined) {
      const change =
        dropped.n === 0 ? undefined : { before: dropped.sum / dropped.n, after: whole.sum / whole.n, n: whole.n }
      return { state: next, change }
    }
    // Bucket by bucket, as in the paper: what is left may be of one piece before the whole old part is gone.
    dropped = join(dropped, parts[0]!)
    next = dropOldest(next)
  }
}
