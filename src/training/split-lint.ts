// Proof that a split keeps its halves apart: no shared time, the embargo kept, no row on both sides (SPLIT-02).

export type SplitLeak = {
  /** `overlap`: a label reaches into the judged span; `embargo`: a row follows it too soon; `duplicate`: one row stands on both sides. */
  readonly kind: 'overlap' | 'embargo' | 'duplicate'
  /** Rows of the training part. */
  readonly rows: readonly number[]
}

export type SplitRows = {
  /** Time of each row, and when its label was known, ms. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** What a row is, as text: equal rows have equal texts. */
  readonly identity?: ((row: number) => string) | undefined
}

export type Halves = { readonly train: Int32Array; readonly validate: Int32Array }

/**
 * @returns empty: clean
 * @example lintSplit({ start, end }, walkForward({ start, end }).folds[0], DAY_MS) // []
 */
export function lintSplit(
  { start, end, identity }: SplitRows,
  { train, validate }: Halves,
  embargoMs: number,
): SplitLeak[] {
  if (validate.length === 0) return []
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const row of validate) {
    first = Math.min(first, start[row]!)
    last = Math.max(last, end[row]!)
  }
  const judged = new Set(identity === undefined ? [] : Array.from(validate, identity))
  const found: Record<SplitLeak['kind'], number[]> = { overlap: [], embargo: [], duplicate: [] }
  for (const row of train) {
    if (end[row]! >= first && start[row]! <= last) found.overlap.push(row)
    else if (start[row]! > last && start[row]! <= last + embargoMs) found.embargo.push(row)
    if (identity !== undefined && judged.has(identity(row))) found.duplicate.push(row)
  }
  return (['overlap', 'embargo', 'duplicate'] as const).flatMap(kind =>
    found[kind].length === 0 ? [] : [{ kind, rows: found[kind] }],
  )
}
