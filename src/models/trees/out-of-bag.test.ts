import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlatTree } from '../../onnx/tree-ensemble.ts'
import { outOfBag } from './out-of-bag.ts'

/** Left of 0 class 0 has this share, right of it class 1 has; the leaves of a tree sum to a half. */
const stump = (share: number): FlatTree => ({
  feature: Int32Array.of(0, -1, -1),
  threshold: Float32Array.of(0, 0, 0),
  left: Int32Array.of(1, 0, 0),
  right: Int32Array.of(2, 0, 0),
  value: Float32Array.of(0, 0, share, 1 - share, 1 - share, share).map(value => value / 2),
})
const set = { rows: Float32Array.of(-1, 1, -1), count: 3, width: 1, targets: Float32Array.of(0, 1, 1) }
const judgeOf = () => outOfBag(set, Float64Array.of(1, 2, 1), { classes: 2, scale: 0.5 })

test('each row is judged by the mean of the trees that did not draw it, weighted', () => {
  const judge = judgeOf()
  judge.add(stump(0.75), Uint8Array.of(0, 1, 0))
  // The first tree gives rows 0 and 2 shares of 3/4 and 1/4 in their own class: 2 * (1/4)^2 and 2 * (3/4)^2. Row 1 has none: 1/2.
  assert.equal(judge.loss(), (2 / 16 + 2 * 0.5 + 18 / 16) / 4)
  judge.add(stump(0.5), Uint8Array.of(0, 0, 1))
  // Row 0 by both: 5/8. Row 1 by the second: 1/2, weight 2. Row 2 stays at 1/4.
  // Rows 0 and 1 have their own class first or equal first (the lower one counts), row 2 has not.
  assert.equal(judge.accuracy(), 1 / 4)
  assert.equal(judge.loss(), (2 * (3 / 8) ** 2 + 2 * 2 * 0.25 + 18 / 16) / 4)
})

test('where every row was drawn the answer is equal shares', () => {
  const judge = judgeOf()
  judge.add(stump(1), Uint8Array.of(1, 1, 1))
  assert.equal(judge.loss(), 0.5)
})

test('of many rows an even choice is judged', () => {
  const count = 10_000
  const many = { rows: new Float32Array(count).fill(-1), count, width: 1, targets: new Float32Array(count) }
  const judge = outOfBag(many, new Float64Array(count).fill(1), { classes: 2, scale: 0.5 })
  const asked = judge.rows
  judge.add(stump(1), new Uint8Array(asked.length))
  assert.ok(asked.length <= 500 && asked.length > 450)
  assert.deepEqual([asked[0], asked[1]! - asked[0]!, asked.at(-1)! > count - 21], [0, 20, true])
  assert.equal(judge.loss(), 0)
})
