// Gathering until the next frame.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batch } from './batch.ts'

test('a flood is delivered once a frame, in order', () => {
  const frames: (() => void)[] = []
  const delivered: (readonly number[])[] = []
  const take = batch<number>(
    work => frames.push(work),
    items => delivered.push(items),
  )
  for (let i = 0; i < 1000; i++) take(i)
  assert.equal(frames.length, 1)
  frames.shift()!()
  take(1000)
  frames.shift()!()
  assert.deepEqual(delivered, [Array.from({ length: 1000 }, (_, i) => i), [1000]])
})
