// What trials are counted by: a question about a market that many configurations may try to answer (LEDGER-01).

import { canonicalJson } from '../../base/canonical-json.ts'
import { sha256 } from '../../base/hash.ts'

export type Hypothesis = {
  /** A role of the set, or `set` for the release as a whole. */
  readonly role: string
  readonly symbol: string
  /** How candidates are labelled: stop, target and time barrier. Another definition is another question. */
  readonly labels: {
    readonly stopAtr: number
    readonly targetAtr: number
    readonly maxBars: number
    readonly minRiskRewardRatio: number
  }
  /** The history that the question is put to: bar length and first bar. It does not change while bars are added at its end. */
  readonly era: { readonly barMs: number; readonly from: number; readonly provenance: string }
  /** A replay counts for itself: it is made again, bit by bit, and must not learn from what was tried elsewhere. Null for all others. */
  readonly scope: string | null
}

/**
 * The name of a hypothesis in the ledger: equal hypotheses have equal names.
 *
 * @example hypothesisId(hypothesis).length // 64
 */
export const hypothesisId = (hypothesis: Hypothesis): string => sha256(canonicalJson(hypothesis))
