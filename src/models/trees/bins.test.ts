import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seededRng } from '../../base/rng.ts'
import { binRows, MAX_VALUE_BINS, MISSING_BIN } from './bins.ts'
import { radixOrder } from './radix-order.ts'

const floats = fc.float({ noNaN: false })

test('rows are sorted by value, equal ones in row order, NaN last', () => {
  fc.assert(
    fc.property(fc.array(floats, { minLength: 1, maxLength: 60 }), values => {
      const column = Float32Array.from(values)
      const expected = values.map((_, row) => row)
      const rank = (row: number) => (Number.isNaN(column[row]!) ? [1, 0] : [0, column[row]!])
      expected.sort((a, b) => {
        const [left, right] = [rank(a), rank(b)]
        if (left[0] !== right[0]) return left[0]! - right[0]!
        return left[1]! < right[1]! ? -1 : left[1]! > right[1]! ? 1 : a - b
      })
      assert.deepEqual(Array.from(radixOrder(values.length)(column)), expected)
    }),
  )
})

test('a value is in a bin up to b exactly when it is at or below edge b', () => {
  fc.assert(
    fc.property(fc.array(floats, { minLength: 1, maxLength: 80 }), fc.integer({ min: 2, max: 12 }), (values, most) => {
      const rows = Float32Array.from(values)
      const { bins, edges, missing } = binRows(rows, rows.length, 1, { maxBins: most })
      assert.equal(missing[0], rows.some(Number.isNaN) ? 1 : 0)
      assert.ok(edges[0]!.length < most)
      for (const [row, value] of rows.entries()) {
        if (Number.isNaN(value)) assert.equal(bins[row], MISSING_BIN)
        else for (const [b, edge] of edges[0]!.entries()) assert.equal(bins[row]! <= b, value <= edge)
      }
    }),
  )
})

test('few distinct values have a bin each', () => {
  const rows = Float32Array.from({ length: 3000 }, (_, row) => (row * 37) % 255)
  assert.equal(binRows(rows, 3000, 1).edges[0]!.length, 254)
})

test('many distinct values share bins of nearly equal size, whatever their distribution', () => {
  const rng = seededRng('skewed')
  const rows = Float32Array.from({ length: 20_000 }, () => Math.exp(3 * rng.normal()))
  const sizes = new Float64Array(256)
  for (const bin of binRows(rows, 20_000, 1).bins) sizes[bin]!++
  const used = sizes.filter(size => size > 0)
  assert.equal(used.length, MAX_VALUE_BINS)
  assert.ok(Math.max(...used) <= 1.5 * (20_000 / 255) && Math.min(...used) >= 0.5 * (20_000 / 255))
})

test('one value on most rows takes one bin and leaves the others to the rest', () => {
  const rng = seededRng('mostly zero')
  const rows = Float32Array.from({ length: 10_000 }, () => (rng.next() < 0.9 ? 0 : rng.normal()))
  assert.ok(binRows(rows, 10_000, 1).edges[0]!.length > 240)
})
