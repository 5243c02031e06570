import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pointEvery } from './watch.ts'

test('a curve with its start and its last step has at most 100 points, and no fewer than it need', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), steps => {
      const every = pointEvery(steps)
      const points = Math.floor(steps / every) + 1 + (steps % every === 0 ? 0 : 1)
      assert.ok(points <= 100)
      assert.ok(points > Math.min(steps, 48), `${points} of ${steps}`)
    }),
  )
})
