// A look at a hypothesis as the ledger sees it: the level it may spend, and what came of it (LEDGER-04).

import { lookOf } from '../serving/gates/g13-multiplicity.ts'
import type { GateReport } from '../serving/gates/run.ts'
import { hypothesisId } from '../training/ledger/hypothesis.ts'
import { levelFor, testBody } from '../training/ledger/multiplicity.ts'
import { hypothesisOf, type LedgerContext } from './ledger-act.ts'

export type LookAct = {
  readonly level: () => Promise<number>
  /** The look at a first champion spends nothing. */
  readonly enter: (report: GateReport) => Promise<void>
}

export type Look = {
  /** Names this look for ever: judged again, it is the same one. */
  readonly name: string
  readonly actor: string
  /** The run, where it counts for itself (a replay); null: whatever this state directory tried counts. */
  readonly scope: string | null
}

export function lookAct({ name, actor, scope }: Look, context: Omit<LedgerContext, 'schema'>): LookAct {
  const { market, ledger, ports } = context
  const { symbol, snapshotId } = market.series
  const hypothesis = hypothesisId(hypothesisOf('set', scope, context))
  const key = `${name}/test`
  return {
    level: async () => levelFor(await ledger.entries(hypothesis), key, ports.settings.ledger.fdr),
    async enter(report) {
      const look = lookOf(report)
      if (look === undefined) return
      const at = ports.clock.now()
      const facts = { subject: `set of ${symbol}`, actor, configSha256: report.digest, snapshotId }
      await ledger.append([{ key, at, kind: 'test', hypothesis, ...facts, until: at, body: testBody(look) }])
    },
  }
}
