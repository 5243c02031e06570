// Weight of each class in each bin of one column, over the rows of one node.

const BINS = 256
/** From this many rows on, nearly every bin is in use and remembering which ones costs more than it saves. */
const DENSE_ROWS = 512

export type ClassHistogram = {
  readonly classes: number
  /** `bin * classes + class`. */
  readonly weights: Float64Array
  /** Rows in each bin. */
  readonly counts: Int32Array
  /** A bit for each bin that has rows. */
  readonly used: Int32Array
}

export function classHistogram(classes: number): ClassHistogram {
  return {
    classes,
    weights: new Float64Array(BINS * classes),
    counts: new Int32Array(BINS),
    used: new Int32Array(BINS / 32),
  }
}

/** The rows of one node: their numbers in `order[from, from + count)`, their classes and weights in scratch from 0. */
export type NodeRows = {
  readonly order: Int32Array
  readonly from: number
  readonly count: number
  readonly classOf: Uint8Array
  readonly weightOf: Float64Array
}

/** Fills an empty histogram. */
export function fillClassHistogram(histogram: ClassHistogram, column: Uint8Array, rows: NodeRows): void {
  const { classes, weights, counts, used } = histogram
  const { order, from, count, classOf, weightOf } = rows
  if (count >= DENSE_ROWS) {
    for (let at = 0; at < count; at++) {
      const bin = column[order[from + at]!]!
      counts[bin]!++
      weights[bin * classes + classOf[at]!]! += weightOf[at]!
    }
    used.fill(-1)
    return
  }
  for (let at = 0; at < count; at++) {
    const bin = column[order[from + at]!]!
    counts[bin]!++
    weights[bin * classes + classOf[at]!]! += weightOf[at]!
    used[bin >> 5]! |= 1 << (bin & 31)
  }
}

/** Empties it again, touching no more than what was filled. */
export function clearClassHistogram({ classes, weights, counts, used }: ClassHistogram): void {
  for (let word = 0; word < used.length; word++) {
    let bits = used[word]!
    if (bits === -1) {
      counts.fill(0, word * 32, word * 32 + 32)
      weights.fill(0, word * 32 * classes, (word * 32 + 32) * classes)
    } else {
      while (bits !== 0) {
        const bin = word * 32 + 31 - Math.clz32(bits & -bits)
        bits &= bits - 1
        counts[bin] = 0
        for (let cell = bin * classes; cell < (bin + 1) * classes; cell++) weights[cell] = 0
      }
    }
    used[word] = 0
  }
}
