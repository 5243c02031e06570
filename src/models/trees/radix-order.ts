// Sorting a float32 column by radix: three passes over 11 bits each, several times faster than a comparing sort.

const BUCKETS = 2048

/**
 * Makes a sorter for columns of one length; its buffers are reused by every call.
 *
 * @returns the row numbers in rising order of value, equal values in row order, NaN last; -0 equals 0
 * @example radixOrder(3)(Float32Array.of(2, NaN, 1)) // Uint32Array [2, 0, 1]
 */
export function radixOrder(count: number): (values: Float32Array) => Uint32Array {
  let keys = new Uint32Array(count)
  let rows = new Uint32Array(count)
  let otherKeys = new Uint32Array(count)
  let otherRows = new Uint32Array(count)
  const starts = new Uint32Array(3 * BUCKETS)
  return values => {
    const raw = new Uint32Array(values.buffer, values.byteOffset, count)
    starts.fill(0)
    for (let row = 0; row < count; row++) {
      const key = orderedKey(values[row]!, raw[row]!)
      keys[row] = key
      rows[row] = row
      starts[key & 2047]!++
      starts[BUCKETS + ((key >>> 11) & 2047)]!++
      starts[2 * BUCKETS + (key >>> 22)]!++
    }
    for (let pass = 0; pass < 3; pass++) {
      let total = 0
      for (let bucket = pass * BUCKETS; bucket < (pass + 1) * BUCKETS; bucket++) {
        const size = starts[bucket]!
        starts[bucket] = total
        total += size
      }
      const shift = 11 * pass
      const base = pass * BUCKETS
      for (let at = 0; at < count; at++) {
        const key = keys[at]!
        const slot = starts[base + ((key >>> shift) & 2047)]!++
        otherKeys[slot] = key
        otherRows[slot] = rows[at]!
      }
      ;[keys, otherKeys] = [otherKeys, keys]
      ;[rows, otherRows] = [otherRows, rows]
    }
    return rows
  }
}

/** An unsigned integer that orders as the float does: sign flipped for positives, all bits for negatives. */
function orderedKey(value: number, raw: number): number {
  if (value === 0) return 0x80000000
  if (Number.isNaN(value)) return 0xffffffff
  return (raw >>> 31 === 1 ? ~raw : raw | 0x80000000) >>> 0
}
