// How often what happened in a run.

import type { StoredRun } from '../../trading/read-model.ts'
import type { ViewPorts } from './view-ports.ts'

export type Counts = {
  trainings: number
  trainingsFailed: number
  trainingsSkipped: number
  published: number
  installed: number
  refused: number
  decisions: number
  trades: number
}

/** Trainings are those that began; a skipped one did not. */
export async function countsOf(run: StoredRun, { records, registry }: ViewPorts): Promise<Counts> {
  const { released, failed, skipped } = await records.trainingCounts(run.runId)
  const happened = await registry.eventCounts(run.channel)
  return {
    trainings: released + failed,
    trainingsFailed: failed,
    trainingsSkipped: skipped,
    published: released,
    installed: happened.get('activated') ?? 0,
    refused: happened.get('refused') ?? 0,
    decisions: await records.decisionCount(run.runId),
    trades: await records.tradeCount(run.runId),
  }
}
