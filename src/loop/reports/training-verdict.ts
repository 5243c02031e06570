// The verdict on a training in one sentence: which models beat their baselines, which are stand-ins, what a live account would miss.

import type { Evaluation } from '../../release/evaluation.ts'
import { STANDARD_ROLES } from '../../release/release.ts'
import type { Report } from '../../report/report.ts'
import type { GateReport } from '../../serving/gates/run.ts'
import { primaryStanding, primaryText } from './role.ts'
import { MODELS } from './terms.ts'

/** The standard ones first, in the order of everywhere else. */
export function rolesInOrder(roles: Evaluation['roles']): readonly (readonly [string, Evaluation['roles'][string]])[] {
  const standard: readonly string[] = STANDARD_ROLES
  const place = (role: string): number => (standard.includes(role) ? standard.indexOf(role) : standard.length)
  return Object.entries(roles).sort(([a], [b]) => place(a) - place(b))
}

const trainedRoles = ({ roles }: Evaluation) => rolesInOrder(roles).filter(([, { baseline }]) => !baseline)

export function verdictOf(evaluation: Evaluation, gates: GateReport | null | undefined): Report['verdict'] {
  const trained = trainedRoles(evaluation)
  const standIns = Object.keys(evaluation.roles).length - trained.length
  const beats = trained.filter(([role, one]) => ['better', 'unclear'].includes(primaryStanding(role, one)))
  const clear = trained.filter(([role, one]) => primaryStanding(role, one) === 'better')
  const failed = evaluation.gates.filter(({ result }) => result === 'fail').length
  const parts = trained.map(([role, one]) => {
    const name = MODELS[role] ?? role
    const stand = primaryStanding(role, one)
    const text = primaryText(role, one)
    if (text === undefined || stand === 'N/A') return `${name}: too thin to compare`
    if (stand === 'not better') return `${name} does not beat its baselines (${text})`
    return `${name} beats its baselines${stand === 'better' ? '' : ', but intervals overlap'} (${text})`
  })
  if (standIns > 0) {
    parts.push(
      `${standIns} of ${standIns + trained.length} models ${standIns === 1 ? 'is a stand-in' : 'are stand-ins'}`,
    )
  }
  if (failed > 0) parts.push(`${failed} of ${evaluation.gates.length} quality floors of a live account are not reached`)
  if (gates !== null && gates !== undefined) {
    parts.push(gates.verdict === 'pass' ? 'its gates passed here' : `gate ${gates.decidedBy ?? ''} refused it here`)
  }
  const text = `${parts.join('; ')}.`
  const refused = gates !== null && gates !== undefined && gates.verdict === 'fail'
  const good = trained.length > 0 && clear.length === trained.length && standIns === 0 && failed === 0 && !refused
  return {
    text: `${text[0]!.toUpperCase()}${text.slice(1)}`,
    tone: good ? 'good' : beats.length === 0 || refused ? 'bad' : 'mixed',
  }
}
