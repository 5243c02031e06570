import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evaluation } from '../../release/evaluation.ts'
import { driftView } from './release-detail.ts'

test('columns are shown by how far they moved, equal ones by name; a release without figures has none', () => {
  const drift = { score: 0.6, labels: 0.01, columns: { rsi: 0.1, atr: 0.3, volume: 0.1 } }
  assert.deepEqual(driftView({ drift } as unknown as Evaluation), {
    labels: 0.01,
    columns: [
      { name: 'atr', psi: 0.3 },
      { name: 'rsi', psi: 0.1 },
      { name: 'volume', psi: 0.1 },
    ],
  })
  assert.equal(driftView({} as Evaluation), null)
})
