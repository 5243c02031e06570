// "Why", from one record: what was seen, how the models voted, what the rules measured, what came of it, and what the model learned from.

import { Fault } from '../../base/fault.ts'
import type { Side } from '../../market/trade.ts'
import type { DecisionRecord } from '../../trading/decision.ts'
import type { RunFacts } from '../../trading/journal.ts'
import type { StoredRun } from '../../trading/read-model.ts'
import { inUnits, type SizingStep, sizingSteps } from './decision-units.ts'
import { type DecisionView, decisionView } from './decision-views.ts'
import type { FeatureValue, FeatureValues } from './feature-values.ts'
import { lineageOf } from './lineage-view.ts'
import { reasonText } from './reason-words.ts'
import type { DocumentShelf } from './release-documents.ts'
import { releaseFiles } from './release-files.ts'
import { judgementOf } from './release-views.ts'
import { configurationOf, factsOf, findRun, type RunConfiguration } from './run-view.ts'
import { labelsOf, priceOf, type TradeView, tradeView } from './trade-views.ts'
import type { ViewPorts } from './view-ports.ts'

type CheckView = {
  rule: string
  code: string
  passed: boolean
  value: number | null
  limit: number | null
  margin: number | null
}

export type DecisionLineage = {
  releaseId: string
  label: string
  digest: string
  keyIds: string[]
  signatureValid: boolean
  fit: [number, number]
  holdout: [number, number]
  rows: number
  dataHash: string
  codeVersion: string
  decidedBy: string | null
}

export type Explanation = {
  decision: DecisionView
  summary: string
  price: number
  candidates: { strategy: string; side: Side; strength: number; fired: boolean }[]
  votes: { name: string; probability: number; masked: number | null }[]
  expectedR: number | null
  score: number | null
  features: { hash: string | null; columns: FeatureValue[] }
  sizing: SizingStep[] | null
  checks: CheckView[]
  reasons: { code: string; text: string; value: number | null; limit: number | null }[]
  stop: number | null
  target: number | null
  trade: TradeView | null
  lineage: DecisionLineage | null
}

const sideName = (side: Side | null): string => (side === -1 ? 'short' : 'long')

/** One sentence: what was done and why. */
export function summaryOf(record: DecisionRecord): string {
  const { outcome, chosen, side, sizing, reasons, candidates } = record
  const why = reasons.map(reasonText)
  const fired = candidates.filter(candidate => candidate.fired).length
  if (outcome === 'enter') {
    const sure = record.confidence === null ? '' : `, confidence ${Math.round(record.confidence * 100)} %`
    return `Entered ${sideName(side)} with ${sizing?.lots ?? 0} lots on ${chosen ?? 'a signal'}${sure}: every rule allowed it.`
  }
  if (outcome === 'exit') return `Closed the position: ${why[0] ?? 'the account is halted'}.`
  if (outcome === 'hold') return `Held: ${why[0] ?? 'a position is open'}.`
  if (outcome === 'refused')
    return `Wanted ${sideName(side)} on ${chosen ?? 'a signal'} and was refused: ${why.join('; ')}.`
  const seen = fired === 0 ? '' : ` ${fired === 1 ? 'One strategy' : `${fired} strategies`} fired.`
  return `No trade: ${why.join('; ')}.${seen}`
}

/** Prices of stop and target: from the fill where there is one, else from the price that was decided on. */
async function bracketOf(record: DecisionRecord, run: StoredRun, { records }: Pick<ViewPorts, 'records'>) {
  if (record.outcome !== 'enter' || record.orderId === null || record.side === null) return undefined
  const order = await records.order(run.runId, record.orderId)
  if (order?.bracket === undefined) return undefined
  const entry = (await records.entryFill(run.runId, record.decisionId))?.price ?? record.price
  return { stop: entry - record.side * order.bracket.stop, target: entry + record.side * order.bracket.target }
}

async function lineage(
  record: DecisionRecord,
  run: StoredRun,
  shelf: DocumentShelf,
  ports: ViewPorts,
): Promise<DecisionLineage | null> {
  const rows = (await ports.registry.releases()).filter(({ releaseId }) => releaseId === record.releaseId)
  const row = rows.find(({ channel }) => channel === run.channel) ?? rows[0]
  if (row === undefined) return null
  const { manifest, evaluation } = await shelf.of(row.digest)
  const { signature, release } = await releaseFiles(row, manifest, ports)
  const source = lineageOf(release)
  const { fit, holdout } = evaluation.windows
  return {
    releaseId: row.releaseId,
    label: row.label,
    digest: row.digest,
    keyIds: signature.keyIds,
    signatureValid: signature.valid,
    fit: [...fit],
    holdout: [...holdout],
    rows: evaluation.rows.total,
    dataHash: source?.data[0]?.snapshotId ?? '',
    codeVersion: source?.codeVersion ?? '',
    decidedBy: (await judgementOf(row.digest, ports))?.report.decidedBy ?? null,
  }
}

function evidenceOf(
  record: DecisionRecord,
  { step }: Pick<RunFacts, 'step'>,
  { instruments }: Pick<RunConfiguration, 'instruments'>,
) {
  const units = inUnits(record.symbol, step, instruments)
  const notional = record.checks.find(({ code }) => code === 'MAX_POSITION')
  return {
    checks: record.checks.map(check => ({ ...check, ...units(check, check === notional) })),
    reasons: record.reasons.map(reason => {
      // Figures of a refusal are those of its checks; all others come in the unit of their sentence.
      const { value, limit } = record.outcome === 'refused' ? units({ ...reason, margin: null }, false) : reason
      return { code: reason.code, text: reasonText({ code: reason.code, value, limit }), value, limit }
    }),
  }
}

/** Fault: `DECISION_UNKNOWN`. */
export async function explanation(
  seq: number,
  runName: string | undefined,
  { shelf, features }: { readonly shelf: DocumentShelf; readonly features: FeatureValues },
  ports: ViewPorts,
): Promise<Explanation> {
  const run = await findRun(runName, ports)
  const record = run === undefined ? undefined : await ports.records.decision(run.runId, seq)
  if (run === undefined || record === undefined) {
    throw new Fault('DECISION_UNKNOWN', `there is no decision ${seq}`, { fix: 'list them: GET /api/decisions' })
  }
  const facts = await factsOf(run, ports)
  const bracket = await bracketOf(record, run, ports)
  const trade = await ports.records.tradeOf(run.runId, record.decisionId)
  const label = trade === undefined ? null : ((await labelsOf(run, ports)).get(trade.releaseId) ?? null)
  const { checks, reasons } = evidenceOf(record, facts, await configurationOf(run, ports))
  return {
    decision: decisionView(record),
    summary: summaryOf({ ...record, reasons }),
    price: priceOf(record.price, facts.step),
    candidates: record.candidates.map(candidate => ({ ...candidate })),
    votes: record.probabilities.map((probability, index) => ({
      name: record.classes[index] ?? '?',
      probability,
      masked: record.masked[index] ?? null,
    })),
    expectedR: record.expectedR,
    score: record.score,
    features: { hash: record.featuresHash, columns: await features.of(run, record) },
    sizing: record.sizing === null ? null : sizingSteps(record.sizing),
    checks,
    reasons,
    stop: bracket === undefined ? null : priceOf(bracket.stop, facts.step),
    target: bracket === undefined ? null : priceOf(bracket.target, facts.step),
    trade: trade === undefined ? null : tradeView(trade, facts.step, label),
    lineage: await lineage(record, run, shelf, ports),
  }
}
