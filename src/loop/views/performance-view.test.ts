import assert from 'node:assert/strict'
import { test } from 'node:test'
import { performanceView } from './performance-view.ts'
import type { ViewPorts } from './view-ports.ts'

/** Entries with a stated chance and what their trade came to in R; no R: it is still open. */
function recordsOf(entries: readonly (readonly [confidence: number | null, r?: number])[]) {
  const id = (i: number) => `d${i}`
  return {
    records: {
      runs: async () => [{ runId: 'a' }],
      decisions: async () => entries.map(([confidence], i) => ({ decisionId: id(i), confidence })),
      trades: async () =>
        entries.flatMap(([, r], i) => (r === undefined ? [] : [{ decisionId: id(i), r, netMicros: r * 1e6 }])),
    },
  } as unknown as Pick<ViewPorts, 'records'>
}

test('entries are scored by what their closed trades came to', async () => {
  const ports = recordsOf([[0.8, 2], [0.6, -1], [0.4, -1], [0.7, 1], [0.9], [null, 3]])
  assert.deepEqual(await performanceView(4, ports), {
    scored: 4,
    accuracy: 0.75,
    confidence: 0.625,
    rMultiple: 0.25,
    successRate: 0.5,
  })
})

test('too few give no figure', async () => {
  const { scored, accuracy, successRate } = await performanceView(10, recordsOf([[0.8, 2]]))
  assert.deepEqual([scored, accuracy, successRate], [1, null, null])
})
