// G6: a model that answers the same to everything has learnt nothing. Real and uniform rows must get different answers.

import { unwrap } from '../../base/fault.ts'
import type { Gate } from './gate.ts'
import { verdictsOf } from './result.ts'
import { argMax, outputsOf, sanityVectors } from './vectors.ts'

const { fail, judge, notApplicable, pass } = verdictsOf('G6')

type Spread = { readonly distinct: number; readonly topClassShare: number }

function spreadOf(outputs: Float32Array, width: number): Spread {
  const answers = new Set<string>()
  const picks = new Map<number, number>()
  for (let start = 0; start < outputs.length; start += width) {
    answers.add(outputs.subarray(start, start + width).join())
    const pick = argMax(outputs, start, width)
    picks.set(pick, (picks.get(pick) ?? 0) + 1)
  }
  return { distinct: answers.size, topClassShare: Math.max(...picks.values()) / (outputs.length / width) }
}

export const sanity: Gate = {
  name: 'G6',
  asks: 'different answers to different rows',
  check(context) {
    const { limits, profile } = context
    const set = unwrap(context.candidate)
    const judged = [...set.roles].filter(([role]) => !set.baselineRoles.has(role))
    const lacking: string[] = []
    let top = 0
    for (const [role, graph] of judged) {
      const vectors = sanityVectors(context, role)
      if (vectors.real < Math.floor(limits.sanityVectors / 2)) lacking.push(role)
      const { distinct, topClassShare } = spreadOf(outputsOf(graph, vectors), graph.outputs)
      if (distinct < 2) return fail(1, 2, `${role} answers ${vectors.count} rows with one value`)
      if (graph.outputs < 2) continue
      top = Math.max(top, topClassShare)
      if (topClassShare > limits.topClassShare) {
        return fail(topClassShare, limits.topClassShare, `${role} picks one class for nearly every row`)
      }
    }
    if (judged.length === 0) return notApplicable('every graph is marked as a baseline')
    if (lacking.length === 0) return pass(top, limits.topClassShare)
    // SRV-24: a bot that holds no bars yet is tried on uniform rows alone.
    const reason = `too few recent rows for ${lacking.join(', ')}: uniform rows only`
    const marked = profile === 'paper' ? { reason, paper: true as const, live: 'fail' as const } : {}
    return judge(profile === 'paper', top, limits.topClassShare, reason, marked)
  },
}
