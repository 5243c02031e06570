import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { invertPositive } from '../../math/cholesky.ts'
import { emptyHead, headAnswer, headWeights, headWith, noiseVariance } from './bayesian-head.ts'

const SIZE = 6

/** `count` outcomes of a linear reward with noise of the given standard deviation. */
function outcomes(count: number, noise: number) {
  const rng = seededRng('outcomes')
  return Array.from({ length: count }, () => {
    const phi = Float64Array.from({ length: SIZE }, () => rng.normal())
    return { phi, reward: phi[0]! - 0.5 * phi[3]! + noise * rng.normal() }
  })
}

const taught = (rows: ReturnType<typeof outcomes>) =>
  rows.reduce((head, { phi, reward }) => headWith(head, phi, reward), emptyHead(SIZE))

test('after 1,000 updates the inverse is a fresh one of the summed products, and so is the answer', t => {
  const rows = outcomes(1000, 0.3)
  const head = taught(rows)
  const sums = Float64Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIZE), i % SIZE]
    return rows.reduce((sum, { phi }) => sum + phi[row]! * phi[column]!, row === column ? 1 : 0)
  })
  const fresh = invertPositive(sums, SIZE)!
  const worst = fresh.reduce((most, value, i) => Math.max(most, Math.abs(value - head.inverse[i]!)), 0)
  t.diagnostic(`largest difference ${worst.toExponential(1)}`)
  assert.ok(worst <= 1e-12)
  const weights = headWeights(head)
  assert.ok(Math.abs(weights[0]! - 1) < 0.05 && Math.abs(weights[3]! + 0.5) < 0.05 && Math.abs(weights[1]!) < 0.05)
})

test('what was never seen is as unsure as the prior, what was seen often is sure', () => {
  const along = Float64Array.of(1, 0, 0, 0, 0, 0)
  const across = Float64Array.of(0, 1, 0, 0, 0, 0)
  let head = emptyHead(SIZE)
  for (let i = 0; i < 99; i++) head = headWith(head, along, 1)
  assert.ok(Math.abs(headAnswer(head, along).spread - 0.01) < 1e-12)
  assert.ok(Math.abs(headAnswer(head, along).mean - 0.99) < 1e-12)
  assert.deepEqual(headAnswer(head, across), { mean: 0, spread: 1 })
})

test('noise is taken to be 1 R below ten outcomes and is then found in what the regression leaves', () => {
  assert.equal(noiseVariance(taught(outcomes(9, 0.1))), 1)
  assert.ok(noiseVariance(taught(outcomes(10, 0.1))) < 1)
  assert.ok(Math.abs(noiseVariance(taught(outcomes(5000, 0.3))) - 0.09) < 0.01)
  assert.ok(Math.abs(noiseVariance(taught(outcomes(5000, 2))) - 4) < 0.2)
})
