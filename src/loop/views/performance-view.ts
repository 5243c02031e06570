// How well the newest entries of a run came true: of the trades that were closed, whatever set decided them (OBS-04).

import { findRun } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

export type PerformanceView = {
  /** Entries with an expected R whose trade is closed. */
  scored: number
  /** Share of them whose trade had the sign that was expected of it. */
  accuracy: number | null
  /** Mean of where their scores stood among recent ones, 0 to 1. */
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
  const told = new Map(entries.map(entry => [entry.decisionId, entry]))
  const scored = (await records.trades(newest)).flatMap(({ decisionId, r, netMicros }) => {
    const { expectedR = null, confidence = null } = told.get(decisionId) ?? {}
    return expectedR === null ? [] : [{ expectedR, confidence, r, gained: netMicros > 0 }]
  })
  if (scored.length < least) return { scored: scored.length, ...none }
  const ranks = scored.flatMap(({ confidence }) => confidence ?? [])
  return {
    scored: scored.length,
    accuracy: mean(scored.map(({ expectedR, gained }) => (expectedR > 0 === gained ? 1 : 0))),
    confidence: ranks.length === 0 ? null : mean(ranks),
    rMultiple: mean(scored.map(({ r }) => r)),
    successRate: mean(scored.map(({ gained }) => (gained ? 1 : 0))),
  }
}
