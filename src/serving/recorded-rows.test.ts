import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordedRows } from './recorded-rows.ts'

test('the newest rows of a role come oldest first, copied, and no others', () => {
  const recorded = recordedRows(3)
  assert.equal(recorded.rows('meta'), undefined)
  const row = [1, -1]
  recorded.note('meta', row)
  row[0] = 9
  assert.deepEqual(recorded.rows('meta'), Float32Array.of(1, -1))
  for (const n of [2, 3, 4, 5]) recorded.note('meta', [n, -n])
  assert.deepEqual(recorded.rows('meta'), Float32Array.of(3, -3, 4, -4, 5, -5))
  assert.equal(recorded.rows('execution'), undefined)
})

test('rows of another width begin anew', () => {
  const recorded = recordedRows(3)
  recorded.note('meta', [1, 2])
  recorded.note('meta', [3])
  assert.deepEqual(recorded.rows('meta'), Float32Array.of(3))
})
