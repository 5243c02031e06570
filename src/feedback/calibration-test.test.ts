import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../base/rng.ts'
import { mean } from '../math/statistics.ts'
import { calibrationTest } from './calibration-test.ts'

/** @param shift how much better the model thinks it is than it is */
function asked(outcomes: number, shift: number, rng = seededRng(4)) {
  const scores = Array.from({ length: outcomes }, () => 0.3 + 0.5 * rng.next())
  return calibrationTest(
    scores,
    scores.map(score => Number(rng.next() < score - shift)),
  )
}

test('an honest model shows as much error as it is said to, and is blamed about once in twenty times', () => {
  const rng = seededRng(4).fork('honest')
  const found = Array.from({ length: 600 }, () => asked(100, 0, rng))
  const [measured, expected] = [mean(found.map(({ ece }) => ece)), mean(found.map(({ expected }) => expected))]
  assert.ok(measured > 0.08 && Math.abs(measured - expected) < 0.01, `${measured} and ${expected}`)
  const blamed = found.filter(({ p }) => p < 0.05).length / found.length
  assert.ok(blamed > 0.01 && blamed < 0.08, `${blamed}`)
})

test('a model that is too sure of itself is found', () => {
  const rng = seededRng(4).fork('proud')
  const found = Array.from({ length: 200 }, () => asked(100, 0.25, rng)).filter(({ p }) => p < 0.05).length
  assert.ok(found >= 190, `${found} of 200`)
})
