import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { permutationImportance } from './importance.ts'

test('a column that is read matters, one that is not does not', () => {
  const rng = seededRng(2)
  const rows = Float32Array.from({ length: 600 }, () => rng.normal())
  const truth = Array.from({ length: 300 }, (_, row) => rows[2 * row]!)
  const loss = (asked: Float32Array): number =>
    truth.reduce((sum, value, row) => sum + (value - asked[2 * row]!) ** 2, 0) / truth.length
  const importance = permutationImportance({ rows, names: ['used', 'unused'], loss, rng })
  assert.equal(importance['unused'], 0)
  // Shuffling an exact predictor of variance 1 leaves an error of about 2.
  assert.ok(Math.abs(importance['used']! - 2) < 0.5)
})
