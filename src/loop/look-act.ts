// A look at a hypothesis as the ledger sees it: the level it may spend, and what came of it (LEDGER-04).

import { lookOf } from '../serving/gates/g13-multiplicity.ts'
import type { GateReport } from '../serving/gates/run.ts'
import { hypothesisId } from '../training/ledger/hypothesis.ts'
import { levelFor, testBody } from '../training/ledger/multiplicity.ts'
import { hypothesisOf, type LedgerContext } from './ledger-act.ts'

export type LookAct = {
  readonly level: () => Promise<number>
  /** A judgement that never came to the gates, and that of a first champion, spend nothing. */
  readonly enter: (report: GateReport | undefined) => Promise<void>
}

/** @param cycle 1, 2, 3 ... of the run, or the name of an act of its own: judged again, it is the same look */
export function lookAct(runId: string, cycle: number | string, context: Omit<LedgerContext, 'schema'>): LookAct {
  const { market, ledger, ports } = context
  const { symbol, snapshotId } = market.series
  const hypothesis = hypothesisId(hypothesisOf('set', runId, context))
  const key = `${runId}-${cycle}/test`
  return {
    level: async () => levelFor(await ledger.entries(hypothesis), key, ports.settings.ledger.fdr),
    async enter(report) {
      const look = report === undefined ? undefined : lookOf(report)
      if (report === undefined || look === undefined) return
      const at = ports.clock.now()
      const facts = { subject: `set of ${symbol}`, actor: runId, configSha256: report.digest, snapshotId }
      await ledger.append([{ key, at, kind: 'test', hypothesis, ...facts, until: at, body: testBody(look) }])
    },
  }
}
