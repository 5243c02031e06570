// `models explain`: one decision from its record down to what its models learned from, who signed them and which gates they passed, and
// whether they still say what they said (SRV-76). A trade is explained by the decision that opened it; so is why there was none.

import { Fault } from '../base/fault.ts'
import { recent } from '../base/recent.ts'
import type { Timer } from '../base/timer.ts'
import type { Order } from '../market/trade.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { GateResult } from '../serving/gates/gate.ts'
import { loadModelSet, type ModelSet } from '../serving/model-set.ts'
import type { ReleaseRow } from '../serving/registry.ts'
import { BASELINE_ID } from '../trading/baseline.ts'
import type { DecisionRecord } from '../trading/decision.ts'
import type { StoredFill, StoredRun } from '../trading/read-model.ts'
import { slotOf } from './model-catalogue.ts'
import { type DecisionProof, modelDigests, roleProofs } from './views/decision-proof.ts'
import { type Explanation, explanation } from './views/explain-view.ts'
import { type FeatureValues, featureValues } from './views/feature-values.ts'
import { lineageOf } from './views/lineage-view.ts'
import { documentShelf } from './views/release-documents.ts'
import { releaseFiles, type SignatureView } from './views/release-files.ts'
import { judgementOf } from './views/release-views.ts'
import { runBars } from './views/run-bars.ts'
import { findRun } from './views/run-view.ts'
import type { ViewPorts } from './views/view-ports.ts'

/** What the deciding release says of itself, and what was found out about it here. */
export type Origin = {
  readonly version: number
  readonly channel: string
  readonly signature: SignatureView
  /** The training that made it; null where its files are gone or do not hold. */
  readonly job: string | null
  readonly gates: { readonly verdict: string; readonly results: readonly GateResult[] } | null
}

export type ExplainedDecision = {
  readonly runId: string
  readonly slot: string
  /** How many swaps came before the set that decided. */
  readonly setSeq: number
  readonly explanation: Explanation
  readonly order: Order | null
  readonly fills: readonly StoredFill[]
  /** Null where the rule-based baseline decided. */
  readonly origin: Origin | null
  readonly proof: DecisionProof
}

export interface Explainer {
  /**
   * @param name a decision's id or number, an entry order's id, or a time in UTC: the last decision until then
   * @param run of a number or a time; the newest where absent. Names are looked for in every run
   *
   * Faults: `DECISION_UNKNOWN`, `RUN_UNKNOWN`, and those of a state directory that has lost what it refers to.
   */
  of(name: string, run?: string): Promise<ExplainedDecision>
}

type Found = { readonly run: StoredRun; readonly record: DecisionRecord }
type Opened = {
  readonly release: VerifiedRelease | undefined
  readonly set: ModelSet | undefined
  readonly why: string
}

const SETS_KEPT = 4

/** @example (await explainer(ports, timer).of('17')).proof.reproduced // true */
export function explainer(ports: ViewPorts, timer: Timer): Explainer {
  const shelf = documentShelf(ports.registry)
  const features = featureValues(runBars(ports), timer, ports)
  const opened = recent<Promise<Opened & { readonly signature: SignatureView }>>(SETS_KEPT)

  const open = async (row: ReleaseRow) => {
    const { manifest } = await shelf.of(row.digest)
    const { signature, release } = await releaseFiles(row, manifest, ports)
    const set = release === undefined ? undefined : loadModelSet(release)
    const why = signature.fault ?? (set?.ok === false ? `${set.fault.code}: ${set.fault.message}` : '')
    return { signature, release, set: set?.ok === true ? set.value : undefined, why }
  }

  return {
    async of(name, runName) {
      const { run, record } = await findDecision(name, runName, ports)
      const { records } = ports
      const told = await explanation(record.seq, run.runId, { shelf, features }, ports)
      const row = await releaseRowOf(record, run, ports)
      const known = row === undefined ? undefined : (opened.get(row.digest) ?? open(row))
      if (row !== undefined && known !== undefined) opened.set(row.digest, known)
      const files = await known
      const judged = row === undefined ? undefined : await judgementOf(row.digest, ports)
      const order = record.orderId === null ? undefined : await records.order(run.runId, record.orderId)
      return {
        runId: run.runId,
        slot: slotOf(run.channel),
        setSeq: record.setSeq,
        explanation: told,
        order: order ?? null,
        fills: await fillsOf(record, told, run, ports),
        origin:
          row === undefined || files === undefined
            ? null
            : {
                version: row.version,
                channel: row.channel,
                signature: files.signature,
                job: lineageOf(files.release)?.jobId ?? null,
                gates: judged === undefined ? null : { verdict: judged.report.verdict, results: judged.report.results },
              },
        proof: await proofOf(record, run, files, features),
      }
    },
  }
}

async function findDecision(name: string, runName: string | undefined, ports: ViewPorts): Promise<Found> {
  const { records } = ports
  const run = await findRun(runName, ports)
  const byId = async (each: StoredRun): Promise<DecisionRecord | undefined> => {
    if (!name.startsWith('rt-')) return records.decisionNamed(each.runId, name)
    const order = await records.order(each.runId, name)
    return order && records.decisionNamed(each.runId, order.decisionId)
  }
  if (run !== undefined && /^\d{1,15}$/.test(name)) {
    const record = await records.decision(run.runId, Number(name))
    if (record !== undefined) return { run, record }
  } else if (/^([0-9A-HJKMNP-TV-Z]{26}|rt-[A-Z2-7]{25})$/.test(name)) {
    for (const each of runName === undefined ? await records.runs() : [run!]) {
      const record = await byId(each)
      if (record !== undefined) return { run: each, record }
    }
  } else if (run !== undefined && /^\d{4}-\d\d-\d\d/.test(name)) {
    const to = Date.parse(/T/.test(name) ? name : `${name}T23:59:59.999Z`)
    const [record] = Number.isNaN(to)
      ? []
      : await records.decisions({ runId: run.runId, to, limit: 1, newestFirst: true })
    if (record !== undefined) return { run, record }
  }
  throw new Fault('DECISION_UNKNOWN', `there is no decision or trade ${name}`, {
    fix: 'name it by its id, its number in the run, its order, or a time in UTC; the dashboard lists them',
  })
}

async function releaseRowOf(
  { releaseId }: DecisionRecord,
  run: StoredRun,
  { registry }: ViewPorts,
): Promise<ReleaseRow | undefined> {
  const rows = (await registry.releases()).filter(row => row.releaseId === releaseId)
  return rows.find(({ channel }) => channel === run.channel) ?? rows[0]
}

const FILLS_READ = 500

async function fillsOf(
  { time, decisionId }: DecisionRecord,
  { trade }: Explanation,
  { runId }: StoredRun,
  { records }: ViewPorts,
): Promise<StoredFill[]> {
  const to = trade?.exitTime
  const fills = await records.fills({ runId, from: time, to, limit: FILLS_READ, newestFirst: false })
  return fills.filter(fill => fill.decisionId === decisionId)
}

async function proofOf(
  record: DecisionRecord,
  run: StoredRun,
  files: Opened | undefined,
  features: FeatureValues,
): Promise<DecisionProof> {
  const unproven = (reason: string): DecisionProof => ({ models: [], roles: [], reproduced: null, reason })
  if (record.releaseId === BASELINE_ID) return unproven('the rules decided, not a model')
  if (files === undefined) return unproven('the release that decided is not known here any more')
  const { release, set } = files
  if (release === undefined || set === undefined) return unproven(`its files do not hold: ${files.why}`)
  const models = modelDigests(release, set)
  if (record.probabilities.length === 0) return { ...unproven('no model was asked: there was no candidate'), models }
  const seen = await features.rows(run, record)
  if (seen === undefined) return { ...unproven('the bars no longer give the features that were recorded'), models }
  const roles = roleProofs(record, seen, set)
  return { models, roles, reproduced: roles.every(({ same }) => same), reason: null }
}
