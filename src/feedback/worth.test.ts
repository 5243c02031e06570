import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cause, type Retraining, SCHEDULED, worthOf, worthShares } from './worth.ts'

const scores = (candidateLoss: number, championLoss: number, candidateR: number, championR: number) => ({
  candidateLoss: Float64Array.of(candidateLoss, candidateLoss),
  championLoss: Float64Array.of(championLoss, championLoss),
  candidateR: Float64Array.of(candidateR, candidateR),
  championR: Float64Array.of(championR, championR),
})

test('to help is to do one thing better and none worse', () => {
  const helped = (...figures: [number, number, number, number]) => worthOf(scores(...figures))?.helped
  assert.equal(helped(0.5, 0.75, 0.25, 0.25), true)
  assert.equal(helped(0.5, 0.5, 0.5, 0.25), true)
  assert.equal(helped(0.5, 0.5, 0.25, 0.25), false)
  assert.equal(helped(0.5, 0.75, 0, 0.25), false)
  assert.equal(helped(0.75, 0.5, 1, 0), false)
})

test('the gains are those of a decision, and nothing to compare on is no worth', () => {
  assert.deepEqual(worthOf(scores(0.5, 0.75, 0, 0.25)), { n: 2, lossGain: 0.25, rGain: -0.25, helped: false })
  const none = new Float64Array(0)
  assert.equal(worthOf({ candidateLoss: none, championLoss: none, candidateR: none, championR: none }), undefined)
})

test('shares are kept per model and trigger, and trainings that could not be compared count in none', () => {
  const drift: Cause = { kind: 'drift', model: 'meta', detector: 'psi', severity: 'high', sentence: '' }
  const made = (cause: Cause, helped?: boolean): Retraining => {
    return { cause, worth: helped === undefined ? null : { n: 9, lossGain: 0, rGain: 0, helped } }
  }
  const shares = worthShares([made(SCHEDULED), made(drift, true), made(SCHEDULED, true), made(SCHEDULED, false)])
  assert.deepEqual(shares, [
    { model: 'meta', trigger: 'psi', trainings: 1, compared: 1, helped: 1, share: 1 },
    { model: 'set', trigger: 'schedule', trainings: 3, compared: 2, helped: 1, share: 0.5 },
  ])
  assert.equal(worthShares([made(SCHEDULED)])[0]?.share, null)
})
