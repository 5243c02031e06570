import assert from 'node:assert/strict'
import { test } from 'node:test'
import { performanceView } from './performance-view.ts'
import type { ViewPorts } from './view-ports.ts'

/** Entries with the R that was expected of them and what their trade came to; none: it is still open. */
function recordsOf(entries: readonly (readonly [expectedR: number | null, r?: number])[]) {
  const id = (i: number) => `d${i}`
  return {
    records: {
      runs: async () => [{ runId: 'a' }],
      decisions: async () =>
        entries.map(([expectedR], i) => ({ decisionId: id(i), expectedR, confidence: 0.5 + i / 10 })),
      trades: async () =>
        entries.flatMap(([, r], i) => (r === undefined ? [] : [{ decisionId: id(i), r, netMicros: r * 1e6 }])),
    },
  } as unknown as Pick<ViewPorts, 'records'>
}

test('entries are scored by what their closed trades came to', async () => {
  const ports = recordsOf([[0.3, 2], [0.2, -1], [-0.1, -1], [0.1, 1], [0.4], [null, 3]])
  assert.deepEqual(await performanceView(4, ports), {
    scored: 4,
    accuracy: 0.75,
    confidence: 0.65,
    rMultiple: 0.25,
    successRate: 0.5,
  })
})

test('too few give no figure', async () => {
  const { scored, accuracy, successRate } = await performanceView(10, recordsOf([[0.8, 2]]))
  assert.deepEqual([scored, accuracy, successRate], [1, null, null])
})
