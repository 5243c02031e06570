import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { thinned } from './thin.ts'

test('few points stay as they are', () => {
  assert.deepEqual(thinned([[3, 1, 2]], 3), [0, 1, 2])
  assert.deepEqual(thinned([], 3), [])
})

test('first, last, highest and lowest of every line are kept, and not more points than asked for', () => {
  const line = fc.array(fc.double({ noNaN: true }), { minLength: 200, maxLength: 600 })
  fc.assert(
    fc.property(line, line, (a, b) => {
      const length = Math.min(a.length, b.length)
      const lines = [a.slice(0, length), b.slice(0, length)]
      const kept = thinned(lines, 50)
      assert.ok(kept.length <= 50)
      assert.deepEqual([kept[0], kept.at(-1)], [0, length - 1])
      for (const values of lines) {
        const few = kept.map(i => values[i]!)
        assert.equal(Math.max(...few), Math.max(...values))
        assert.equal(Math.min(...few), Math.min(...values))
      }
    }),
  )
})

test('a gap stays a gap', () => {
  const values = Array.from({ length: 300 }, (_, i) => (i >= 100 && i < 110 ? null : i))
  assert.ok(thinned([values], 60).some(i => values[i] === null))
})
