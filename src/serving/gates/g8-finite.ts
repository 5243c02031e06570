// G8: no NaN and no infinity anywhere in what the other gates looked at: golden and sanity vectors, replay, paired scores.

import { unwrap } from '../../base/fault.ts'
import { readGolden } from '../evidence.ts'
import type { Gate, GateContext } from './gate.ts'
import { verdictsOf } from './result.ts'
import { outputsOf, sanityVectors } from './vectors.ts'

const { pass, fail } = verdictsOf('G8')

const bad = (values: ArrayLike<number>): number => {
  let found = 0
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) found++
  return found
}

function* counts(context: GateContext): Generator<readonly [string, number]> {
  const set = unwrap(context.candidate)
  for (const [role, graph] of set.roles) {
    const golden = unwrap(readGolden(context.release, role))
    yield [`${role} on golden vectors`, bad(outputsOf(graph, { rows: golden.input, count: golden.rows }))]
    yield [`${role} on sanity vectors`, bad(outputsOf(graph, sanityVectors(context, role)))]
  }
  if (context.replay !== undefined) yield ['replay', bad([context.replay(set).maxDrawdown])]
  if (context.score !== undefined) {
    const { candidateLoss, candidateR } = context.score(set, context.champion)
    yield ['paired scores', bad(candidateLoss) + bad(candidateR)]
  }
}

export const finite: Gate = {
  name: 'G8',
  asks: 'no NaN, no infinity',
  check(context) {
    for (const [what, found] of counts(context)) {
      if (found === 0) continue
      const reason = `${found} values of ${what} are not finite`
      // Switched off it is not passed in live.
      if (context.limits.failOnNanInfinity || context.profile === 'live') return fail(found, 0, reason)
      return pass(found, 0, { reason: `warning: ${reason}`, paper: true, live: 'fail' })
    }
    return pass(0, 0)
  },
}
