// How well the newest entries of a run came true: of the trades that were closed, whatever set decided them (OBS-04).

import { findRun } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

export type PerformanceView = {
  /** Entries whose trade is closed. */
  scored: number
  /** Share of them in which the stated chance was on the right side of a half. */
  accuracy: number | null
  /** Mean of the stated chances. */
  confidence: number | null
  /** Mean net R of their trades. */
  rMultiple: number | null
  /** Share of their trades that earned something. */
  successRate: number | null
}

const NEWEST = 500

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** @param least scored entries; fewer give no figure */
export async function performanceView(
  least: number,
  { records }: Pick<ViewPorts, 'records'>,
): Promise<PerformanceView> {
  const run = await findRun(undefined, { records })
  const none = { accuracy: null, confidence: null, rMultiple: null, successRate: null }
  if (run === undefined) return { scored: 0, ...none }
  const newest = { runId: run.runId, limit: NEWEST, newestFirst: true }
  const entries = await records.decisions({ ...newest, outcome: 'enter' })
  const stated = new Map(entries.map(({ decisionId, confidence }) => [decisionId, confidence]))
  const scored = (await records.trades(newest)).flatMap(({ decisionId, r, netMicros }) => {
    const confidence = stated.get(decisionId) ?? null
    return confidence === null ? [] : [{ confidence, r, gained: netMicros > 0 }]
  })
  if (scored.length < least) return { scored: scored.length, ...none }
  return {
    scored: scored.length,
    accuracy: mean(scored.map(({ confidence, gained }) => (confidence >= 0.5 === gained ? 1 : 0))),
    confidence: mean(scored.map(({ confidence }) => confidence)),
    rMultiple: mean(scored.map(({ r }) => r)),
    successRate: mean(scored.map(({ gained }) => (gained ? 1 : 0))),
  }
}
