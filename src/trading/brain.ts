// The model part of a decision: which of the strategies that fired, if any, how sure, what it should earn and how large (BRN-09, 10, 12, 13).

import { EXECUTION_COLUMNS, META_COLUMNS, SIZER_COLUMNS, SIZER_EXTRA } from '../market/roles.ts'
import type { BarEvent } from './bar-event.ts'
import { isBaseline } from './baseline.ts'
import { type CandidateTable, FEATURE_COUNT } from './candidate-table.ts'
import { blendedScore, scoreRing } from './confidence.ts'
import type { Reason, SizerQuestion } from './decision.ts'
import type { Limits } from './limits.ts'
import { firedRows, likeliest, maskedProbabilities } from './mask.ts'
import { missingColumns } from './missing-columns.ts'
import type { ModelLease } from './models-in-charge.ts'

/** Written anew by every `judge`; read it before the next. */
export type Verdict = {
  /** Of the lease's classes; empty where the model was not asked. */
  readonly probabilities: readonly number[]
  readonly masked: readonly number[]
  /** Row of the likeliest strategy among those that fired; -1 without one. */
  readonly row: number
  /** Name of the strategy, `None`, or null without a fired candidate. */
  readonly chosen: string | null
  readonly score: number | null
  readonly confidence: number | null
  readonly expectedR: number | null
  /** 0: skip, or 0.1..2.0; 1 where no candidate passes the filters. */
  readonly multiplier: number
  /** Null where the sizer was not asked. */
  readonly sizer: SizerQuestion | null
  /** Why not to trade, first blocking first; empty: trade `row`. */
  readonly reasons: readonly Reason[]
}

export type AccountState = {
  /** Net R of the trades closed in this trade date. */
  readonly sessionR: number
  /** Share of the drawdown limit that is used, 0..1. */
  readonly drawdown: number
}

export interface Brain {
  /**
   * Asks every model of the lease once; no await, no I/O.
   *
   * @param managing the lease is of the set that an open position is pinned to, which need not be the one in charge
   */
  judge(lease: ModelLease, event: BarEvent, table: CandidateTable, account: AccountState, managing?: boolean): Verdict
}

const NOT_ASKED: Verdict = {
  probabilities: [],
  masked: [],
  row: -1,
  chosen: null,
  score: null,
  confidence: null,
  expectedR: null,
  multiplier: 1,
  sizer: null,
  reasons: [{ code: 'NO_CANDIDATE', value: 0, limit: 1 }],
}

const noNumber = (lease: ModelLease): Reason => ({
  code: lease.silence?.() ?? 'MODEL_NONFINITE',
  value: null,
  limit: null,
})

/**
 * Probabilities are masked to the strategies that fired at this bar, and to None, and renormalised: a strategy that has not fired cannot
 * be traded, however likely. None wins ties; of equally likely strategies the stronger signal, then strategy order.
 *
 * @example
 * brain(limits).judge(lease, event, book.table, { sessionR: 0, drawdown: 0 }).chosen // 'EmaCross'
 */
export function brain(limits: Limits): Brain {
  const entries = { ring: scoreRing(), of: undefined as string | undefined }
  // A set that only manages what it entered must not make the one in charge forget how sure it was.
  const managed = { ring: scoreRing(), of: undefined as string | undefined }
  const metaRow = new Float32Array(META_COLUMNS.length)
  const executionRow = new Float32Array(EXECUTION_COLUMNS.length)
  const sizerRow = new Float32Array(SIZER_COLUMNS.length + SIZER_EXTRA.length)

  const copy = (table: CandidateTable, row: number, columns: readonly number[], into: Float32Array): void => {
    for (let i = 0; i < columns.length; i++) into[i] = table.features[row * FEATURE_COUNT + columns[i]!]!
  }
  const confidenceOf = (lease: ModelLease, score: number, managing: boolean): number | null => {
    if (isBaseline(lease)) return 1
    const own = managing && entries.of !== lease.releaseId ? managed : entries
    if (own.of !== lease.releaseId) own.ring.reset(lease.scores)
    own.of = lease.releaseId
    const confidence = own.ring.percentile(score) ?? null
    own.ring.push(score)
    return confidence
  }

  return {
    judge(lease, event, table, account, managing = false) {
      if (event.rowCount === 0) return NOT_ASKED
      const missing = missingColumns(lease, table, event.strongest)
      if (missing !== undefined) return { ...NOT_ASKED, reasons: [missing] }
      copy(table, event.strongest, META_COLUMNS, metaRow)
      const probabilities = Array.from(lease.probabilities(metaRow))
      const base = { ...NOT_ASKED, probabilities }
      if (!probabilities.every(Number.isFinite)) return { ...base, reasons: [noNumber(lease)] }

      const { rows, fired } = firedRows(lease.classes, event, table)
      if (fired === 0) return base
      const masked = maskedProbabilities(probabilities, lease.classes, rows)
      const best = likeliest(rows, masked, table)
      if (best < 0) return { ...base, masked, reasons: [{ code: 'CLASS_UNKNOWN', value: 0, limit: 1 }] }

      const row = rows[best]!
      const own = masked[best]!
      const none = masked[lease.classes.indexOf('None')] ?? 0
      const score = blendedScore({ strategy: own })
      const confidence = confidenceOf(lease, score, managing)
      copy(table, row, EXECUTION_COLUMNS, executionRow)
      const expectedR = lease.expectedR(executionRow)
      copy(table, row, SIZER_COLUMNS, sizerRow)
      sizerRow[SIZER_COLUMNS.length] = account.sessionR
      sizerRow[SIZER_COLUMNS.length + 1] = account.drawdown
      const multiplier = lease.size(sizerRow)

      const reasons: Reason[] = []
      if (none >= own) reasons.push({ code: 'CLASSIFIER_NONE', value: own, limit: none })
      if (confidence === null) reasons.push({ code: 'NO_CALIBRATION', value: null, limit: null })
      else if (confidence < limits.modelConfidenceThreshold) {
        reasons.push({ code: 'CONFIDENCE', value: confidence, limit: limits.modelConfidenceThreshold })
      }
      const finite = Number.isFinite(multiplier) && (expectedR === null || Number.isFinite(expectedR))
      if (!finite) reasons.push(noNumber(lease))
      else if (expectedR !== null && expectedR < limits.minExpectedR) {
        reasons.push({ code: 'EXPECTED_R', value: expectedR, limit: limits.minExpectedR })
      }
      return {
        probabilities,
        masked,
        row,
        chosen: none >= own ? 'None' : lease.classes[best]!,
        score,
        confidence,
        expectedR: finite ? expectedR : null,
        multiplier: finite ? multiplier : 1,
        sizer: { ...account, multiplier: Number.isFinite(multiplier) ? multiplier : null },
        reasons,
      }
    },
  }
}
