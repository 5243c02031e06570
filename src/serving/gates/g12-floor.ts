// G12: the figures of the release's own evaluation report against fixed floors. In paper they are shown as warnings (SRV-24).

import { unwrap } from '../../base/fault.ts'
import type { RoleEvaluation } from '../../release/evaluation.ts'
import type { Gate, GateContext } from './gate.ts'
import { verdictsOf } from './result.ts'

const { pass, fail } = verdictsOf('G12')

type Floor = { readonly metric: string; readonly limit: number; readonly atLeast: boolean; readonly words: string }

/** Enough to compare with a floor, few enough to read. */
const short = (value: number): string => String(Number(value.toPrecision(4)))

/** What a role's figure misses. A figure that was too thin to print reaches no floor; one the role does not have is not asked. */
function misses(role: string, { holdout }: RoleEvaluation, floors: readonly Floor[]): string[] {
  return floors.flatMap(({ metric, limit, atLeast, words }) => {
    const found = holdout[metric]
    if (found === undefined) return []
    const { value } = found
    if (value !== null && (atLeast ? value >= limit : value <= limit)) return []
    const measured = value === null ? `unknown (${found.note ?? 'too few rows'})` : short(value)
    return [`${role}: ${words} ${measured}, floor ${limit}`]
  })
}

function objections({ candidate, release, limits: { floor } }: GateContext): string[] {
  const floors: Floor[] = [
    { metric: 'auc', limit: floor.minAuc, atLeast: true, words: 'AUC' },
    { metric: 'topDecileLift', limit: floor.minTopDecileLift, atLeast: true, words: 'top-decile lift' },
    { metric: 'ece', limit: floor.maxEce, atLeast: false, words: 'calibration error' },
    { metric: 'edgeBps', limit: floor.minEdgeBps, atLeast: true, words: 'edge in bps' },
  ]
  const { roles } = unwrap(candidate).evaluation
  const { driftScore, ciBacktest } = release.manifest.gates
  const found = Object.entries(roles).flatMap(([role, report]) => misses(role, report, floors))
  if (!Object.values(roles).some(({ holdout }) => holdout.auc !== undefined)) found.push('no role reports an AUC')
  if (driftScore > floor.maxDriftScore) found.push(`drift score ${short(driftScore)}, limit ${floor.maxDriftScore}`)
  if (ciBacktest !== 'pass') found.push(`the publisher's backtest says ${ciBacktest}`)
  return found
}

export const floor: Gate = {
  name: 'G12',
  asks: 'figures above the floor',
  check(context) {
    const found = objections(context)
    if (found.length === 0) return pass('above', 'floors')
    const reason = found.join('; ')
    if (context.profile === 'live') return fail(`${found.length} below`, 'floors', reason)
    return pass(`${found.length} below`, 'floors', { reason: `warning: ${reason}`, paper: true, live: 'fail' })
  },
}
