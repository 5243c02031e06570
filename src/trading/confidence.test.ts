import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blendedScore, scoreRing } from './confidence.ts'

test('the blend is ENS-08 where all parts are there', () => {
  assert.ok(Math.abs(blendedScore({ arm: 0.8, strategy: 0.6, direction: 0.7 }) - 0.72) < 1e-12)
})

test('without arm and direction the strategy stands alone, clamped to 0.1..1', () => {
  assert.equal(blendedScore({ strategy: 0.62 }), 0.62)
  assert.equal(blendedScore({ strategy: 0.01 }), 0.1)
})

test('the percentile is the share of scores that are at most this one', () => {
  const ring = scoreRing()
  assert.equal(ring.percentile(0.5), undefined)
  ring.reset([0.1, 0.2, 0.3, 0.4])
  assert.deepEqual(
    [0.05, 0.1, 0.25, 0.4, 0.9].map(score => ring.percentile(score)),
    [0, 0.25, 0.5, 1, 1],
  )
})

test('another release starts the ring again', () => {
  const ring = scoreRing()
  ring.reset([0.1, 0.2])
  ring.reset([0.9])
  assert.equal(ring.size(), 1)
  assert.equal(ring.percentile(0.5), 0)
})

test('with the ring full the percentile is that among the last scores pushed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }),
      fc.integer({ min: 0, max: 20 }),
      (scores, asked) => {
        const ring = scoreRing(8)
        for (const score of scores) ring.push(score)
        const last = scores.slice(-8)
        const expected = last.length === 0 ? undefined : last.filter(score => score <= asked).length / last.length
        assert.equal(ring.percentile(asked), expected)
      },
    ),
  )
})

test('a reference longer than the ring keeps its shape, not its lowest part', () => {
  const ring = scoreRing(100)
  ring.reset(Array.from({ length: 1000 }, (_, i) => i / 1000))
  assert.equal(ring.size(), 100)
  for (const asked of [0.25, 0.5, 0.75]) assert.ok(Math.abs(ring.percentile(asked)! - asked) <= 0.05)
})
