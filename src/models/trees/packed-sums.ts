// How fine whole numbers may be so that sums over all rows, with the number of rows packed in, are exact in doubles (TREE-03).

const EXACT = 2 ** 53
/** Beyond this the steps would be coarse. */
const MOST_ROWS = 2 ** 22

export type PackedSums = {
  /** A packed amount is `whole * step + 1`; a power of two above the number of rows. */
  readonly step: number
  /** Largest `whole`, so that as many rows as there are sum exactly. */
  readonly mostPacked: number
  /** Largest whole number that is summed alone, of either sign. */
  readonly mostPlain: number
}

export function packedSums(rows: number): PackedSums {
  if (rows > MOST_ROWS) throw new RangeError(`${rows} rows; sums are exact for at most ${MOST_ROWS}`)
  const step = 2 ** Math.ceil(Math.log2(rows + 1))
  return { step, mostPacked: Math.floor((EXACT / rows - 1) / step), mostPlain: Math.floor(EXACT / 2 / rows) }
}
