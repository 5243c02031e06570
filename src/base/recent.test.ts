import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recent } from './recent.ts'

test('what nobody asked for longest goes first', () => {
  const things = recent<number>(2)
  things.set('a', 1)
  things.set('b', 2)
  assert.equal(things.get('a'), 1)
  things.set('c', 3)
  assert.deepEqual(
    ['a', 'b', 'c'].map(name => things.get(name)),
    [1, undefined, 3],
  )
})

test('a name that is kept again has the new thing and takes no more room', () => {
  const things = recent<number>(2)
  for (const [name, thing] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const) {
    things.set(name, thing)
  }
  assert.deepEqual(
    ['a', 'b'].map(name => things.get(name)),
    [3, 2],
  )
})
