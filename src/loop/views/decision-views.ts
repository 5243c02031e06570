// Decisions of a run, page by page.

import type { Side } from '../../market/trade.ts'
import type { DecisionOutcome, DecisionRecord, RiskStateName } from '../../trading/decision.ts'
import { type Page, type PageRequest, pageOf, placeOf } from './paging.ts'
import { findRun } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

export type DecisionView = {
  seq: number
  decisionId: string
  at: number
  bar: number
  outcome: DecisionOutcome
  releaseId: string
  chosen: string | null
  side: Side | null
  confidence: number | null
  regime: string
  riskState: RiskStateName
  reason: string | null
}

export function decisionView(record: DecisionRecord): DecisionView {
  const { seq, decisionId, time, bar, outcome, releaseId, chosen, side, confidence, regime, riskState } = record
  const reason = record.reasons[0]?.code ?? null
  return { seq, decisionId, at: time, bar, outcome, releaseId, chosen, side, confidence, regime, riskState, reason }
}

export async function decisionsView(
  request: PageRequest & { readonly outcome?: DecisionOutcome | undefined },
  ports: Pick<ViewPorts, 'records'>,
): Promise<Page<DecisionView>> {
  const run = await findRun(request.run, ports)
  if (run === undefined) return { items: [], next: null }
  const { from, to, cursor, limit, order, outcome } = request
  const rows = await ports.records.decisions({
    runId: run.runId,
    from,
    to,
    outcome,
    afterSeq: placeOf(cursor)?.at,
    limit: limit + 1,
    newestFirst: order === 'newest',
  })
  return pageOf(rows, limit, decisionView, ({ seq }) => ({ at: seq, id: '' }))
}
