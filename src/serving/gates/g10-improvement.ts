// G10: in live a newcomer must be surely better than the set in charge, a refresh surely no worse (SRV-21); in paper it must not be surely
// worse (SRV-24).

import { unwrap } from '../../base/fault.ts'
import { decisionsOf, harmOf, liveObjection } from './comparison.ts'
import type { Gate, GateContext, GateResult } from './gate.ts'
import { verdictsOf } from './result.ts'

const { pass, fail, notApplicable } = verdictsOf('G10')

type Scores = ReturnType<NonNullable<GateContext['score']>>

function paperRule(scores: Scores, objection: string | undefined, { limits }: GateContext): GateResult {
  const n = decisionsOf(scores)
  const live = objection === undefined ? 'pass' : 'fail'
  const aside = objection === undefined ? 'live would accept' : `live would refuse: ${objection}`
  if (n < limits.minPaperSamples) return notApplicable(`${n} decisions; ${aside}`, { paper: true, live })
  const { lossP, rP } = harmOf(scores, limits)
  const worst = Math.min(lossP, rP)
  // Written so that a p-value that is no number fails.
  if (lossP >= limits.significance && rP >= limits.significance) {
    return pass(worst, limits.significance, { paper: true, live, reason: aside })
  }
  const what = rP <= lossP ? 'earns less' : 'predicts worse'
  return fail(worst, limits.significance, `${what} than the set in charge on ${n} decisions; ${aside}`, {
    paper: true,
    live,
  })
}

export const improvement: Gate = {
  name: 'G10',
  asks: 'better than the set in charge, in paper not worse',
  check(context) {
    const { champion, profile, limits, score } = context
    const candidate = unwrap(context.candidate)
    if (score === undefined) {
      if (profile === 'live') return fail(0, limits.minValidationSamples, 'no decisions to compare')
      return notApplicable('this bot holds no bars yet', { paper: true, live: 'fail' })
    }
    const scores = score(candidate, champion)
    const { trials } = candidate.evaluation
    const objection = liveObjection(scores, { trials, refresh: context.refresh === true }, limits)
    if (profile === 'paper') return paperRule(scores, objection, context)
    const n = decisionsOf(scores)
    return objection === undefined
      ? pass(n, limits.minValidationSamples)
      : fail(n, limits.minValidationSamples, objection)
  },
}
