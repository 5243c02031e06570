import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CycleRecord, tallyOf } from './cycle-record.ts'

const release = { releaseId: 'r-1', label: '20260101_000000_1', version: 1, manifestSha256: '0'.repeat(64) }
const cycle = (slot: number, parts: Partial<CycleRecord>): CycleRecord => {
  return { slot, bar: slot * 63, skipped: null, training: null, sync: null, ...parts }
}
const trained = (number: number) => ({ number, fault: null, effectiveRows: number, release })

test('every published release is installed, refused, or still waits', () => {
  const gates = [{ gate: 'G1', value: null, limit: null, result: 'pass' as const }]
  const tally = tallyOf([
    cycle(1, { training: { number: 1, fault: 'TRAIN_TOO_FEW', effectiveRows: null, release: null } }),
    cycle(2, { skipped: 'skipped: SKIP_TRAINING=1 is set' }),
    cycle(3, { training: trained(2), sync: { installed: true, gates, refusals: [] } }),
    cycle(4, {
      training: trained(3),
      sync: { installed: false, gates, refusals: [{ code: 'GATE_REFUSED', by: 'G9', detail: 'falls deeper' }] },
    }),
    cycle(5, { training: trained(4) }),
  ])
  assert.deepEqual(tally, {
    trainings: 4,
    failed: { TRAIN_TOO_FEW: 1 },
    effectiveRows: 4,
    published: 3,
    installed: 1,
    refused: 1,
    verdictsByGate: { G1: { pass: 2 } },
    refusedBy: { G9: 1 },
  })
})
