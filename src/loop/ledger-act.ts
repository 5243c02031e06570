// A training as the ledger sees it: how it stands among all that was tried for its hypotheses, and the entries it makes (LEDGER-01).

import { canonicalJson } from '../base/canonical-json.ts'
import { sha256 } from '../base/hash.ts'
import type { FeatureSchema } from '../market/feature-schema.ts'
import { STANDARD_ROLES, type StandardRole } from '../release/release.ts'
import type { LedgerDraft } from '../trading/ledger/entry.ts'
import type { Ledger } from '../trading/ledger/ledger.ts'
import { type Hypothesis, hypothesisId } from '../training/ledger/hypothesis.ts'
import { resultsBody } from '../training/ledger/results.ts'
import { keyOf, type Standing, standingOf } from '../training/ledger/standing.ts'
import type { TrainOptions } from '../training/options.ts'
import type { TrainOutcome } from '../training/run.ts'
import type { Market } from './import-series.ts'
import { barrierLabels } from './limits-of.ts'
import type { Ports } from './ports.ts'

export type LedgerAct = {
  /** Names this training for ever: done again, it is the same act. */
  readonly name: string
  readonly actor: string
  /** The run, where it counts for itself (a replay); null: whatever this state directory tried counts. */
  readonly scope: string | null
  /** The role whose configuration a search chose and counted: its refit is no further trial. */
  readonly chosen?: StandardRole | undefined
}

export type LedgerContext = {
  readonly market: Pick<Market, 'series'>
  readonly schema: FeatureSchema
  readonly ledger: Ledger
  readonly ports: Pick<Ports, 'clock' | 'settings'>
}

/** @param role `set` for the release as a whole */
export function hypothesisOf(
  role: StandardRole | 'set',
  scope: string | null,
  { market: { series }, ports: { settings } }: Pick<LedgerContext, 'market' | 'ports'>,
): Hypothesis {
  const { symbol, barMs, provenance, bars } = series
  const { minRiskRewardRatio } = settings.tradingBot
  return {
    role,
    symbol,
    labels: { ...barrierLabels(settings), minRiskRewardRatio },
    era: { barMs, from: bars[0]?.time ?? 0, provenance },
    scope,
  }
}

/** What makes one configuration of a role another: its options, the rows it may see and the columns it reads. Seeds do not. */
export function roleConfigSha256(role: StandardRole, options: TrainOptions, schema: FeatureSchema): string {
  const { meta, execution, sizer, evidence: _, ...dataset } = options
  const own = { meta, execution, rl_sizer: sizer }[role]
  return sha256(canonicalJson({ dataset, own, columns: schema[role] }))
}

export type EnteredAct = {
  readonly standing: Readonly<Record<StandardRole, Standing>>
  /** Enters what came of it. A training that ended before it was judged tried nothing. */
  readonly enter: (outcome: TrainOutcome) => Promise<void>
}

/** Phases from which on the holdout has been read. */
const JUDGED: ReadonlySet<string> = new Set(['evaluate', 'parity', 'release'])

/** @param asOf nothing known later is used, ms UTC */
export async function openAct(
  act: LedgerAct,
  { asOf, options }: { readonly asOf: number; readonly options: TrainOptions },
  context: LedgerContext,
): Promise<EnteredAct> {
  const { market, schema, ledger, ports } = context
  const { snapshotId, symbol, bars } = market.series
  const until = Math.min(asOf, bars.at(-1)?.knownAt ?? asOf)
  const standings: [StandardRole, Standing][] = []
  const drafts = new Map<StandardRole, LedgerDraft>()
  for (const role of STANDARD_ROLES) {
    const hypothesis = hypothesisId(hypothesisOf(role, act.scope, context))
    const configSha256 = roleConfigSha256(role, options, schema)
    const asked = { act: act.name, configSha256, until }
    const standing = standingOf(await ledger.entries(hypothesis), asked, act.chosen === role ? 'look' : undefined)
    standings.push([role, standing])
    drafts.set(role, {
      key: keyOf(act.name, role),
      at: ports.clock.now(),
      kind: standing.kind,
      hypothesis,
      subject: `${role} of ${symbol}`,
      actor: act.actor,
      configSha256,
      snapshotId,
      until,
      body: null,
    })
  }
  return {
    standing: Object.fromEntries(standings) as Record<StandardRole, Standing>,
    async enter(outcome) {
      if (!outcome.ok && !JUDGED.has(outcome.report.phase)) return
      const entries = [...drafts].flatMap(([role, draft]) => [
        { ...draft, body: outcome.ok ? resultsBody(outcome.results[role]) : null },
        { ...draft, key: keyOf(act.name, `${role} holdout`), kind: 'holdout' as const },
      ])
      await ledger.append(entries)
    },
  }
}
