import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../base/fault.ts'
import { cursorOf, pageOf, placeOf } from './paging.ts'

test('a cursor leads back to its place', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.stringMatching(/^[!-~]{0,64}$/), (at, id) => {
      assert.deepEqual(placeOf(cursorOf({ at, id })), { at, id })
    }),
  )
})

test('text that no page gave is refused by code', () => {
  for (const text of ['', 'abc', 'MQ', Buffer.from('1~\n').toString('base64url'), 'x'.repeat(300)]) {
    assert.throws(
      () => placeOf(text),
      (cause: unknown) => cause instanceof Fault && cause.code === 'CURSOR_INVALID',
    )
  }
})

test('there is a next page only where one more row was found', () => {
  const page = (rows: number[]) =>
    pageOf(
      rows,
      2,
      row => row,
      row => ({ at: row, id: '' }),
    )
  assert.deepEqual(page([1, 2]), { items: [1, 2], next: null })
  assert.deepEqual(page([1, 2, 3]), { items: [1, 2], next: cursorOf({ at: 2, id: '' }) })
  assert.deepEqual(page([]), { items: [], next: null })
})
