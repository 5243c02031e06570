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

/** Rows that stand side by side: combinatorial splits judge several blocks at once. */
function runsOf(rows: Int32Array): Int32Array[] {
  const cuts = [...rows.keys()].filter(at => at === 0 || rows[at] !== rows[at - 1]! + 1)
  return cuts.map((from, place) => rows.subarray(from, cuts[place + 1] ?? rows.length))
}

/**
 * @returns empty: clean
 * @example lintSplit({ start, end }, walkForward({ start, end }).folds[0], DAY_MS) // []
 */
export function lintSplit(
  { start, end, identity }: SplitRows,
  { train, validate }: Halves,
  embargoMs: number,
): SplitLeak[] {
  const spans = runsOf(validate).map(run => ({
    first: run.reduce((least, row) => Math.min(least, start[row]!), Infinity),
    last: run.reduce((most, row) => Math.max(most, end[row]!), -Infinity),
  }))
  const judged = new Set(identity === undefined ? [] : Array.from(validate, identity))
  const found: Record<SplitLeak['kind'], number[]> = { overlap: [], embargo: [], duplicate: [] }
  for (const row of train) {
    const [from, to] = [start[row]!, end[row]!]
    if (spans.some(({ first, last }) => to >= first && from <= last)) found.overlap.push(row)
    else if (spans.some(({ last }) => from > last && from <= last + embargoMs)) found.embargo.push(row)
    if (identity !== undefined && judged.has(identity(row))) found.duplicate.push(row)
  }
  return (['overlap', 'embargo', 'duplicate'] as const).flatMap(kind =>
    found[kind].length === 0 ? [] : [{ kind, rows: found[kind] }],
  )
}
