import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { drawShare } from './draw-share.ts'

const ones = (chosen: Uint8Array = new Uint8Array()): number => chosen.reduce((sum, one) => sum + one, 0)

test('exactly the share is drawn, at least one, and undefined stands for all', () => {
  const rng = seededRng(1)
  for (const [end, share, expected] of [
    [10, 0.5, 5],
    [7, 0.5, 4],
    [1000, 0.333, 333],
    [5, 0.001, 1],
    [2, 0.5, 1],
  ] as const) {
    assert.equal(ones(drawShare(end, share, rng)), expected)
  }
  assert.equal(drawShare(5, 1, rng), undefined)
  assert.equal(drawShare(1, 0.5, rng), undefined)
})

test('every choice of two out of four is equally likely', () => {
  const rng = seededRng(2)
  const seen = new Map<string, number>()
  const draws = 12_000
  for (let draw = 0; draw < draws; draw++) {
    const key = drawShare(4, 0.5, rng)!.join('')
    seen.set(key, (seen.get(key) ?? 0) + 1)
  }
  assert.equal(seen.size, 6)
  // Chi-squared with 5 degrees of freedom: 20.5 is passed once in a thousand.
  const chi = [...seen.values()].reduce((sum, count) => sum + (count - draws / 6) ** 2 / (draws / 6), 0)
  assert.ok(chi < 20.5, `${chi}`)
})

test('one seed draws the same, the next draw another', () => {
  const [one, two] = [seededRng(3), seededRng(3)]
  const first = drawShare(100, 0.5, one)
  assert.deepEqual(drawShare(100, 0.5, two), first)
  assert.notDeepEqual(drawShare(100, 0.5, one), first)
})
