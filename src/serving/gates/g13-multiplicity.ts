// G13: is it more than the luck of many tries? The first champion of a hypothesis must stand out from all that was tried for it; whoever
// follows spends from a budget of false discoveries (LEDGER-02 to LEDGER-04). In paper it is shown as a warning (SRV-24).

import { unwrap } from '../../base/fault.ts'
import { deflatedSharpe, sharpeEvidence } from '../../math/deflated-sharpe.ts'
import type { Multiplicity } from '../../release/evaluation.ts'
import { decisionsOf, improvementP, nonInferiorityP } from './comparison.ts'
import type { Gate, GateContext, GateResult } from './gate.ts'
import { verdictsOf } from './result.ts'

const { pass, fail, notApplicable } = verdictsOf('G13')

/** Enough to compare with a limit, few enough to read. */
const short = (value: number): string => String(Number(value.toPrecision(4)))

/** Live refuses what it does not know; paper shows it as open. */
const open = ({ profile }: GateContext, reason: string): GateResult =>
  profile === 'live' ? fail(null, null, reason) : notApplicable(reason, { paper: true, live: 'fail' })

const verdict = (
  { profile }: GateContext,
  value: number | null,
  limit: number,
  objections: readonly string[],
): GateResult => {
  const reason = objections.join('; ')
  if (objections.length === 0) return pass(value, limit)
  if (profile === 'live') return fail(value, limit, reason)
  return pass(value, limit, { reason: `warning: ${reason}`, paper: true, live: 'fail' })
}

/** On this bot's own bars where it has them, else as the publisher measured it. */
function deflated(
  { score, ...context }: GateContext,
  { trials, sharpeVariance, deflatedSharpe: stated }: Multiplicity,
) {
  if (score === undefined) return { value: stated.value, reason: stated.note ?? 'not measured' }
  const { candidateR, overlap } = score(unwrap(context.candidate), context.champion)
  const tries = { trials, variance: sharpeVariance ?? Number.NaN }
  const measure = deflatedSharpe(sharpeEvidence(candidateR, overlap), tries)
  return { value: measure.value, reason: measure.value === null ? measure.reason : '' }
}

function first(context: GateContext, stated: Multiplicity): GateResult {
  const { minDsr, maxPbo } = context.limits
  const { trials, pbo } = stated
  const { value, reason } = deflated(context, stated)
  const objections: string[] = []
  if (value === null) objections.push(`deflated Sharpe unknown: ${reason}`)
  else if (value < minDsr)
    objections.push(`deflated Sharpe ${short(value)}, ${minDsr} is needed, after ${trials} trials`)
  // Where one configuration was tried nothing was chosen, and nothing can be overfitted by choosing.
  if (trials > 1 && pbo === null) objections.push('probability of overfitting unknown: no two trials can be compared')
  else if (pbo !== null && pbo > maxPbo) objections.push(`probability of overfitting ${short(pbo)}, limit ${maxPbo}`)
  return verdict(context, value, minDsr, objections)
}

function later(context: GateContext, { trials }: Multiplicity): GateResult {
  const { score, level, limits } = context
  if (score === undefined) return open(context, 'no decisions to compare')
  if (level === undefined) return open(context, 'no ledger grants a level')
  const scores = score(unwrap(context.candidate), context.champion)
  if (decisionsOf(scores) === 0) return open(context, 'no decisions to compare')
  // The p of G10: nothing new was tried for a refresh, so no trials are paid for.
  const refresh = context.refresh === true
  const p = refresh ? nonInferiorityP(scores, limits) : improvementP(scores, trials, limits)
  const what = refresh ? 'that it is no worse' : 'of the improvement'
  const objection = `p ${short(p)} ${what}, this look may spend ${short(level)}`
  return verdict(context, p, level, p <= level ? [] : [objection])
}

export const multiplicity: Gate = {
  name: 'G13',
  asks: 'no luck of many trials',
  check(context) {
    if (!context.limits.multiplicity) return open(context, 'gates.multiplicity is off')
    const stated = unwrap(context.candidate).evaluation.multiplicity
    if (stated === undefined) return open(context, 'the release does not state its ledger of trials')
    return context.champion === undefined ? first(context, stated) : later(context, stated)
  },
}

/** What a look asked for and spent, as its result says it; undefined where none was made. */
export function lookOf({
  results,
  champion,
}: {
  readonly results: readonly GateResult[]
  /** Digest of the set in charge. */
  readonly champion: string | null
}): { readonly p: number; readonly level: number } | undefined {
  const found = results.find(({ gate }) => gate === multiplicity.name)
  if (champion === null || typeof found?.value !== 'number' || typeof found.limit !== 'number') return undefined
  return { p: found.value, level: found.limit }
}
