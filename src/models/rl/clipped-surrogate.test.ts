import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clippedSurrogate, divergenceOf } from './clipped-surrogate.ts'

test('the objective of an unchanged policy is the advantage, with the advantage as its slope', () => {
  assert.deepEqual(clippedSurrogate(-1.3, -1.3, 2, 0.2), { value: 2, slope: 2 })
  assert.deepEqual(clippedSurrogate(-1.3, -1.3, -2, 0.2), { value: -2, slope: -2 })
})

test('a gain beyond the clip is held and pulls no further; a loss beyond it is charged in full', () => {
  const [up, down] = [Math.log(1.5), Math.log(0.5)]
  assert.deepEqual(clippedSurrogate(up, 0, 1, 0.2), { value: 1.2, slope: 0 })
  assert.deepEqual(clippedSurrogate(down, 0, -1, 0.2), { value: -0.8, slope: 0 })
  assert.deepEqual(clippedSurrogate(up, 0, -1, 0.2), { value: -Math.exp(up), slope: -Math.exp(up) })
  assert.deepEqual(clippedSurrogate(down, 0, 1, 0.2), { value: Math.exp(down), slope: Math.exp(down) })
})

test('the slope is the derivative by the log-probability', () => {
  const step = 1e-6
  for (const advantage of [-1.7, 0.4, 2]) {
    for (const log of [-0.7, -0.1, 0.05, 0.6]) {
      const value = (at: number): number => clippedSurrogate(at, 0, advantage, 0.2).value
      const central = (value(log + step) - value(log - step)) / (2 * step)
      assert.ok(Math.abs(clippedSurrogate(log, 0, advantage, 0.2).slope - central) < 1e-8)
    }
  }
})

test("the divergence is never negative and its mean over actions of the old policy is Kullback and Leibler's", () => {
  const [old, now] = [
    [0.2, 0.3, 0.5],
    [0.3, 0.3, 0.4],
  ] as const
  const each = old.map((p, i) => divergenceOf(Math.log(now[i]!), Math.log(p)))
  assert.ok(each.every(value => value >= 0))
  const mean = old.reduce((sum, p, i) => sum + p * each[i]!, 0)
  const exact = old.reduce((sum, p, i) => sum + p * Math.log(p / now[i]!), 0)
  assert.ok(Math.abs(mean - exact) < 1e-12)
})
