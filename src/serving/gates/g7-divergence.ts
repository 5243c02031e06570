// G7: the candidate may disagree with the champion, but not about everything: total variation and Kullback-Leibler divergence on
// the same rows, probabilities row by row, scalar outputs as histograms over the champion's deciles.

import { unwrap } from '../../base/fault.ts'
import { classDivergence, type Divergence, scalarDivergence } from '../../math/divergence.ts'
import type { ModelSet } from '../model-set.ts'
import type { Gate, GateContext } from './gate.ts'
import type { GateLimits } from './limits.ts'
import { verdictsOf } from './result.ts'
import { comparisonVectors, outputsOf } from './vectors.ts'

const { pass, fail, notApplicable } = verdictsOf('G7')

/** Probabilities in the order of `names`; a class that the set does not know has none. */
function aligned(outputs: Float32Array, classes: readonly string[], names: readonly string[]): Float64Array {
  const rows = outputs.length / classes.length
  const places = names.map(name => classes.indexOf(name))
  return Float64Array.from({ length: rows * names.length }, (_, index) => {
    const place = places[index % names.length]!
    return place < 0 ? 0 : outputs[Math.floor(index / names.length) * classes.length + place]!
  })
}

function divergenceOf(context: GateContext, role: string, candidate: ModelSet, champion: ModelSet): Divergence {
  const vectors = comparisonVectors(context, role)
  const ours = outputsOf(champion.roles.get(role)!, vectors)
  const theirs = outputsOf(candidate.roles.get(role)!, vectors)
  if (role !== 'meta') return scalarDivergence(ours, theirs)
  const names = [...new Set([...champion.classes, ...candidate.classes])]
  return classDivergence(
    aligned(ours, champion.classes, names),
    aligned(theirs, candidate.classes, names),
    names.length,
  )
}

/** The worst of the four figures, as a multiple of its limit: mean within the limit, 95th percentile within twice. */
function excess(found: Divergence, { maxTotalVariation, maxKlDivergence }: GateLimits): number {
  return Math.max(
    found.totalVariation / maxTotalVariation,
    found.kl / maxKlDivergence,
    found.totalVariation95 / (2 * maxTotalVariation),
    found.kl95 / (2 * maxKlDivergence),
  )
}

export const divergence: Gate = {
  name: 'G7',
  asks: 'not a stranger to the champion',
  check(context) {
    const { champion, limits } = context
    const candidate = unwrap(context.candidate)
    if (champion === undefined) return notApplicable('no champion')
    // A stand-in is no champion: what replaces it, or is replaced by it, has nothing to resemble.
    const standIn = (role: string) => champion.baselineRoles.has(role) || candidate.baselineRoles.has(role)
    const roles = [...candidate.roles.keys()].filter(role => champion.roles.has(role) && !standIn(role))
    if (roles.length === 0) return notApplicable('no champion: one of the two is a baseline in every role')
    const found = roles.map(role => ({ role, figures: divergenceOf(context, role, candidate, champion) }))
    const limit = `TV ${limits.maxTotalVariation}, KL ${limits.maxKlDivergence}`
    const worst = found.reduce((a, b) => (excess(b.figures, limits) > excess(a.figures, limits) ? b : a))
    const { totalVariation, kl, totalVariation95, kl95 } = worst.figures
    const value = `TV ${totalVariation.toFixed(4)}, KL ${kl.toFixed(4)}`
    // Written so that a figure that is no number fails.
    if (excess(worst.figures, limits) <= 1) return pass(value, limit, { reason: `${worst.role} differs most` })
    const tail = `95th percentiles ${totalVariation95.toFixed(4)} and ${kl95.toFixed(4)}`
    // Held to its limits for ever, the first champion of a series would outlive every successor that learnt from newer data.
    if (context.refresh === true && context.profile === 'paper') {
      const reason = `${worst.role} answers unlike the champion, which is past its age (${tail})`
      return pass(value, limit, { paper: true, live: 'fail', reason })
    }
    return fail(value, limit, `${worst.role} answers unlike the champion (${tail})`)
  },
}
