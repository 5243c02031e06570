// Asks every gate and writes the report: the same inputs give the same bytes (SRV-23).

import { canonicalJson } from '../../base/canonical-json.ts'
import { sha256 } from '../../base/hash.ts'
import type { ModelSet } from '../model-set.ts'
import type { Evidence, Gate, GateContext, GateResult, PairedScores, Replay } from './gate.ts'
import { GATES, PRECONDITIONS } from './index.ts'

export type GateReport = {
  readonly schema: 'ratchet.gates/1'
  readonly releaseId: string
  readonly digest: string
  readonly profile: string
  /** Digest of the set in charge; null where there was none. */
  readonly champion: string | null
  readonly results: readonly GateResult[]
  /** Gates that a failed precondition (G1 to G4) kept from being asked. */
  readonly notRun: readonly string[]
  readonly verdict: 'pass' | 'fail'
  /** The first gate that did not pass. */
  readonly decidedBy: string | null
}

export type GateRun = {
  readonly report: GateReport
  /** Canonical JSON. */
  readonly text: string
  readonly sha256: string
}

/** Replays and scores are dear, and two gates read each: the second gets what the first got. */
function remembered(evidence: Evidence): Evidence {
  const replays = new Map<ModelSet | undefined, Replay>()
  let scores: PairedScores | undefined
  const { replay, score } = evidence
  return {
    ...evidence,
    ...(replay && {
      replay(set) {
        const known = replays.get(set) ?? replay(set)
        replays.set(set, known)
        return known
      },
    }),
    // Within one report candidate and champion are always the same two.
    ...(score && { score: (candidate, champion) => (scores ??= score(candidate, champion)) }),
  }
}

function ask(gate: Gate, context: GateContext): GateResult {
  try {
    return gate.check(context)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return { gate: gate.name, value: null, limit: null, result: 'error', reason }
  }
}

/** A gate that could not answer is not a gate that said no: only a `fail` can be set aside. */
function setAside(result: GateResult, { override }: GateContext): GateResult {
  if (result.result !== 'fail' || override?.gates.includes(result.gate) !== true) return result
  const { by, reason } = override
  return { ...result, overridden: { by, reason } }
}

const stands = ({ result, overridden }: GateResult): boolean =>
  result === 'pass' || result === 'notApplicable' || overridden !== undefined

/** Whether the candidate is one that more may be asked of: meant for this bot, well-formed, of its columns and shapes. */
export const preconditionsHold = (context: GateContext): boolean =>
  GATES.every(gate => !PRECONDITIONS.has(gate.name) || stands(ask(gate, context)))

/**
 * @returns a report that passes only if every gate passed or did not apply; an error of a gate counts as its failure
 * @example
 * const { report } = runGates(context)
 * report.verdict === 'pass' || report.decidedBy // true, or the gate that said no
 */
export function runGates(context: GateContext, gates: readonly Gate[] = GATES): GateRun {
  const subject: GateContext = { ...context, ...remembered(context) }
  const results: GateResult[] = []
  for (const gate of gates) {
    const result = setAside(ask(gate, subject), subject)
    results.push(result)
    if (!stands(result) && PRECONDITIONS.has(gate.name)) break
  }
  const decidedBy = results.find(result => !stands(result))?.gate ?? null
  const { manifest, manifestSha256 } = context.release
  const report: GateReport = {
    schema: 'ratchet.gates/1',
    releaseId: manifest.releaseId,
    digest: manifestSha256,
    profile: context.profile,
    champion: context.champion?.digest ?? null,
    results,
    notRun: gates.slice(results.length).map(gate => gate.name),
    verdict: decidedBy === null ? 'pass' : 'fail',
    decidedBy,
  }
  const text = canonicalJson(report)
  return { report, text, sha256: sha256(text) }
}
