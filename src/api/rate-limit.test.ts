import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rateLimit } from './rate-limit.ts'

test('never more than the burst and the rate over any time, whatever the clock does', () => {
  const steps = fc.array(fc.record({ wait: fc.integer({ min: -5000, max: 5000 }), asks: fc.nat(50) }), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(steps, all => {
      let now = 1e6
      let forward = 0
      let granted = 0
      const limit = rateLimit({ clock: { now: () => now }, requests: 600, perMs: 60_000, burst: 20 })
      for (const { wait, asks } of all) {
        now += wait
        forward += Math.max(0, wait)
        for (let i = 0; i < asks; i++) if (limit.take('a').allowed) granted++
      }
      assert.ok(granted <= 20 + (600 / 60_000) * forward + 1e-6)
    }),
  )
})

test('addresses do not use up each other, and the oldest are forgotten', () => {
  const limit = rateLimit({ clock: { now: () => 0 }, requests: 60, perMs: 60_000, burst: 1, addresses: 2 })
  assert.ok(limit.take('a').allowed && limit.take('b').allowed)
  assert.ok(!limit.take('a').allowed)
  assert.ok(limit.take('c').allowed)
  assert.ok(limit.take('b').allowed, 'b was forgotten: it asked longest ago')
})

test('who is refused is told when to come again', () => {
  let now = 0
  const limit = rateLimit({ clock: { now: () => now }, requests: 60, perMs: 60_000, burst: 2 })
  assert.deepEqual([limit.take('a').remaining, limit.take('a').remaining], [1, 0])
  const { allowed, resetSeconds } = limit.take('a')
  assert.deepEqual([allowed, resetSeconds], [false, 1])
  now = 1000
  assert.ok(limit.take('a').allowed)
})
